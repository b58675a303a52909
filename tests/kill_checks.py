"""What holds after any number of kills: asked of the database, against what the processes said."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from overread_queue.store.driver import sqlite3

Said = Sequence[tuple[str, ...]]
"""Process, word, and what follows."""


def _ids(said: Said, what: str) -> set[str]:
    return {given[0] for _, word, *given in said if word == what}


def _column(db: sqlite3.Connection, statement: str) -> list[str]:
    return [row[0] for row in db.execute(statement)]


def check_promises(db: sqlite3.Connection, said: Said) -> None:
    """Whatever somebody was told is done, is done, and once."""
    keys = _column(db, "SELECT key FROM escalation")
    sent = _column(db, "SELECT key FROM inbox")
    done = _column(db, "SELECT escalation FROM delivery WHERE state = 'done'")
    finished = _column(db, "SELECT escalation FROM event WHERE kind = 'done'")
    assert _ids(said, "submitted") <= set(_column(db, "SELECT id FROM escalation"))
    assert _ids(said, "sent") <= set(sent)
    assert len(sent) == len(set(sent))
    assert set(_column(db, "SELECT key FROM inbox WHERE state = 'accepted'")) <= set(keys)
    assert not _column(db, "SELECT key FROM inbox WHERE state = 'rejected'")
    assert _ids(said, "completed") <= set(done)
    assert _ids(said, "completed") <= _ids(said, "acted")
    assert len(finished) == len(set(finished))


def check_decisions(db: sqlite3.Connection, said: Said, killed: Mapping[str, int]) -> None:
    """Nobody's was lost, none was made twice, and none was signed but by who had held it."""
    decided = _column(db, "SELECT escalation FROM decision")
    assert len(decided) == len(set(decided))
    assert _ids(said, "recorded") <= set(decided)
    assert set(_column(db, "SELECT id FROM escalation WHERE state = 'DECIDED'")) == set(decided)
    twice = "SELECT escalation FROM event WHERE kind = 'decided' GROUP BY 1 HAVING count(*) > 1"
    assert not _column(db, twice)
    _check_holders(db, said, killed)


def _check_holders(db: sqlite3.Connection, said: Said, killed: Mapping[str, int]) -> None:
    chose = {tuple(given): who for who, word, *given in said if word == "chose"}
    changed = db.execute(
        "SELECT d.escalation, p.edited_action, d.released_at FROM decision AS d"
        " JOIN payload AS p ON p.escalation = d.escalation WHERE d.verdict = 'modify'"
    ).fetchall()
    assert changed, "nothing was approved, so nothing is known of approvals"
    for id, action, released_at in changed:
        cents = round(json.loads(action)["parameters"]["amount"] * 100)
        assert released_at <= killed[chose[id, str(cents)]], "signed after its holder had died"


def check_friction(db: sqlite3.Connection, *, floor: int) -> None:
    """Every approval was earned in its own look, and all times add up."""
    for row in db.execute(
        "SELECT r.*, j.at AS judged_at, c.at AS challenged_at, d.verdict FROM decision AS d"
        " JOIN review AS r ON r.escalation = d.escalation AND r.outcome = 'decided'"
        " LEFT JOIN judgement AS j ON j.escalation = r.escalation AND j.reviewer = r.reviewer"
        " LEFT JOIN challenge AS c ON c.escalation = r.escalation AND c.reviewer = r.reviewer"
        " WHERE d.verdict IN ('approve', 'modify')"
    ):
        assert row["active_ms"] >= floor * 1000
        assert "carrier-scan" in json.loads(row["evidence"])
        assert None not in (row["judged_at"], row["challenged_at"])
        assert max(row["judged_at"], row["challenged_at"]) <= row["closed_at"]
    # A sweep looks at the clock before its turn to write comes: a look may end before it began.
    longer = "SELECT id FROM review WHERE active_ms > max(0, closed_at - opened_at)"
    assert not _column(db, longer)
    assert not _column(
        db,
        "SELECT s.id FROM session AS s LEFT JOIN review AS r ON r.session = s.id"
        " GROUP BY s.id HAVING s.active_ms <> coalesce(sum(r.active_ms), 0)",
    )


def check_runs(db: sqlite3.Connection, *, lease: int) -> None:
    """A run that was taken is taken again only once the first one's lease is over."""
    taken: dict[str, list[int]] = defaultdict(list)
    for run, at, detail in db.execute("SELECT run, at, detail FROM event WHERE kind = 'run'"):
        if json.loads(detail)["to"] == "RESUMING":
            taken[run].append(at)
    assert taken, "nothing was carried out"
    for times in taken.values():
        assert all(gap >= lease * 1000 for gap in _gaps(times))


def _gaps(times: Sequence[int]) -> Iterable[int]:
    return (after - before for before, after in pairwise(times))
