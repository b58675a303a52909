"""From the database alone nobody joins a result to a person, beyond what the guide admits."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from blind import arrived, closed, get, live, made, results, sweep
from copies import back_to, copied
from factories import NOON, House, brief, house
from journey import assert_chain_whole, pass_time, raw
from overread_queue.clock import ManualClock
from overread_queue.probing.marks import HOUR_MS

RANDOM = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{16}"
)
SIGNED = {"envelope", "signature", "line", "nonce"}


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path, clock=ManualClock(NOON))


def a_morning(folder: Path, **answers: str) -> House:
    """Ana and ben each review one real item and one test, in one hour and in this order."""
    folder.mkdir()
    here = house(folder, clock=ManualClock(NOON))
    source = closed(here)
    for number, name in enumerate(("ana", "ben")):
        made(here, source, brief(f"Refund $2{number}.00?", at=here.clock.now()))
        test, real = arrived(here, f"real-{number}")
        session_of(here, name, {test: answers[name], real.id: "reject"})
    pass_time(here, 3600)
    sweep(here)
    return here


def session_of(here: House, name: str, answers: dict[str, str]) -> None:
    with here.desk(name) as desk:
        session = desk.start_session()
        for id, option in answers.items():
            review = desk.open(id)
            pass_time(here, 40)
            desk.active(review)
            desk.decide(review, option=option, reason="because")
        pass_time(here, 10)
        desk.release_due()
        desk.end_session(session)


def contents(here: House) -> dict[str, list[str]]:
    """Every row of every table, without what is random in any world."""
    found = {}
    with raw(here.path) as db:
        tables = db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%sqlite_%'"
        ).fetchall()
        for (table,) in tables:
            rows = [dict(row) for row in db.execute(f'SELECT * FROM "{table}"')]
            found[table] = sorted(_plainly(row) for row in rows)
    return found


def _plainly(row: dict[str, object]) -> str:
    kept = {name: value for name, value in row.items() if name not in SIGNED}
    return RANDOM.sub("*", json.dumps(kept, default=repr))


def test_the_database_is_the_same_whoever_of_the_two_it_was(tmp_path: Path) -> None:
    """In one world ana lets a mistake through, in the other ben does; nothing tells which."""
    one = a_morning(tmp_path / "one", ana="approve", ben="reject")
    other = a_morning(tmp_path / "other", ana="reject", ben="approve")
    assert sorted(result.answer for result in results(one)) == ["approve", "reject"]
    assert contents(one) == contents(other)
    assert_chain_whole(one.path)


def test_nothing_that_is_left_of_it_has_a_gap_a_name_or_a_moment(here: House) -> None:
    made(here, closed(here))
    test, real = arrived(here)
    session_of(here, "ana", {test: "reject", real.id: "reject"})
    with raw(here.path) as db:
        for table in ("review", "judgement", "challenge", "comment", "probe_result"):
            (text,) = db.execute(
                "SELECT sql FROM sqlite_schema WHERE name = ?", (table,)
            ).fetchone()
            assert "WITHOUT ROWID" in text, f"{table} numbers its rows, so that a gap would tell"
        (result,) = (dict(row) for row in db.execute("SELECT * FROM probe_result"))
        spent, summed = db.execute(
            "SELECT s.active_ms, sum(r.active_ms) FROM session AS s JOIN review AS r"
            " ON r.session = s.id GROUP BY s.id"
        ).fetchone()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # The log holds what was deleted till then.
    assert spent == summed
    assert result.keys() == {
        *("id", "sort", "mutation", "action_type", "tier", "pool", "answer", "caught"),
        *("confidence", "load", "minutes", "hour", "told"),
    }
    assert not {"ana", test} & {str(value) for value in result.values()}
    assert result["hour"] % HOUR_MS == 0
    assert test.encode() not in here.path.read_bytes()


# -- whatever dies or comes back

APPROVE_AND_DIE = """
import os, signal, sys
from overread_queue import ReviewDesk
from overread_queue.clock import ManualClock

path, now, test = sys.argv[1:]
ana = ReviewDesk.open(path, reviewer="ana", clock=ManualClock(int(now)))
ana.start_session()
assert ana.decide(ana.open(test), option="approve").state == "held"
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_console_killed_inside_the_undo_window_leaves_it_to_be_reviewed_again(
    here: House,
) -> None:
    made(here, closed(here))
    test, _ = arrived(here)
    words = [sys.executable, "-c", APPROVE_AND_DIE, str(here.path), str(here.clock.now()), test]
    assert subprocess.run(words, check=False).returncode == -signal.SIGKILL
    assert (live(here), results(here)) == ([test], [])
    pass_time(here, 400)
    sweep(here)
    with here.desk() as ana:
        session = ana.start_session()
        review = ana.open(test)
        assert review.draft is not None
        assert review.draft.option == "approve"
        ana.decide(review, option="reject", reason="on second thoughts")
        ana.end_session(session)
    assert [result.answer for result in results(here)] == ["reject"]
    assert live(here) == []


def test_a_copy_taken_while_it_waits_brings_it_back(here: House) -> None:
    probe = made(here, closed(here))
    test, _ = arrived(here)
    copy = copied(here)
    assert copy.report.whole
    with here.desk() as ana:
        session = ana.start_session()
        ana.decide(ana.open(test), option="reject", reason="no")
        ana.end_session(session)
    assert (get(here, probe).escalation, len(results(here))) == (None, 1)
    back_to(here, copy, accept_loss=True)
    assert (live(here), results(here)) == ([test], [])
    assert_chain_whole(here.path)
