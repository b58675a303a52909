"""What a lead takes out of the desk: readable elsewhere, complete, and no more than asked for."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pandas
import pytest

from exports import FORMATS, WHATS, cells, office, plant, rows, taken, wish, with_lead, worked_desk
from factories import NOON, House, brief
from journey import events, pass_time, pick_up, raw, settle
from overread_briefs import Action
from overread_briefs.canonical import event_sha256
from overread_briefs.visible import invisible
from overread_queue.clock import new_id
from overread_queue.errors import InvalidRequest, NotAllowed
from overread_queue.exporting.columns import columns
from overread_queue.exporting.wish import Format, What, Wish
from overread_queue.trust import sshsig
from overread_queue.trust.envelope import NAMESPACE
from overread_queue.trust.roster import Roster

HOSTILE = '=HYPERLINK("http://x","pay, now") \x1b]52;c;eA==\x07 \u202egnp'


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> House:
    return worked_desk(tmp_path_factory.mktemp("worked"))


# -- read back


@pytest.mark.parametrize("what", WHATS)
def test_pandas_and_duckdb_read_the_same_from_every_format(worked: House, what: What) -> None:
    files = {shape: taken(worked, wish(what, shape), what)[0] for shape in FORMATS}
    counted = {
        duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall()[0][0] for path in files.values()
    }
    frames = (
        pandas.read_csv(files["csv"]),
        pandas.read_json(files["jsonl"], lines=True),
        pandas.read_parquet(files["parquet"]),
    )
    names = [column.name for column in columns(what)]
    assert [list(frame.columns) for frame in frames] == [names] * 3
    # Each export is an event itself, so that each holds the one before.
    grows = 2 if what == "events" else 0
    assert [len(frame) - len(frames[0]) for frame in frames] == [0, grows // 2, grows]
    assert len(counted) == grows + 1
    first = names[0]
    assert frames[0][first].tolist() == frames[2][first].tolist()[: len(frames[0])]


def test_times_come_out_as_times(worked: House) -> None:
    path, _ = taken(worked, wish("decisions", "parquet"))
    kinds = dict(duckdb.sql(f"SELECT column_name, column_type FROM (DESCRIBE '{path}')").fetchall())
    released = duckdb.sql(f"SELECT min(epoch_ms(released_at)) FROM '{path}'").fetchall()[0][0]
    assert kinds["released_at"] == "TIMESTAMP WITH TIME ZONE"
    assert kinds["waited_seconds"] == "DOUBLE"
    assert released == NOON + 11_000
    decided = [str(row["decided_at"]) for row in rows(worked, "decisions")]
    assert min(decided) == "2026-11-18T11:06:40.000Z"


def test_the_same_wish_gives_the_same_bytes_and_the_sum_beside_them_is_theirs(
    worked: House,
) -> None:
    for what in ("sessions", "decisions", "escalations"):
        first, done = taken(worked, wish(what, "csv"), "first")
        again, same = taken(worked, wish(what, "csv"), "again")
        assert first.read_bytes() == again.read_bytes()
        assert done == same
    summed = subprocess.run(
        ["sha256sum", "-c", "again.csv.sha256"], cwd=again.parent, capture_output=True, check=True
    )
    assert summed.stdout == b"again.csv: OK\n"
    assert hashlib.sha256(again.read_bytes()).hexdigest() == same.sha256


# -- what stands in it


def test_a_session_adds_up_to_what_happened_in_it(worked: House) -> None:
    (session,) = rows(worked, "sessions")
    told = {name: session[name] for name in ("approved", "modified", "rejected", "handed_on")}
    assert told == {"approved": 1, "modified": 1, "rejected": 1, "handed_on": 1}
    assert (session["looks"], session["escalations"], session["undone"]) == (4, 4, 0)
    assert session["wall_seconds"] == 44.0
    assert session["reviewer"] == "person-1"


def test_people_are_numbered_and_named_only_on_request(tmp_path: Path) -> None:
    here = with_lead(tmp_path)
    for name in ("ben", "ana", "ben"):
        with here.desk(name) as desk:
            desk.end_session(desk.start_session())
        pass_time(here, 60)
    numbered = [row["reviewer"] for row in rows(here, "sessions")]
    assert numbered == ["person-1", "person-2", "person-1"]
    named = rows(here, "sessions", names=True)
    assert [row["reviewer"] for row in named] == ["ben", "ana", "ben"]


def test_every_signed_answer_can_be_checked_without_the_desk(worked: House) -> None:
    roster = Roster.load(worked.places)
    found = rows(worked, "decisions")
    for row in found:
        envelope = str(row["envelope"]).encode()
        signature = base64.b64decode(str(row["signature"]))
        signer = sshsig.verify(envelope, signature, namespace=NAMESPACE)
        assert roster.signers[signer].owner.name == row["signer"] == "ana"
        assert json.loads(envelope)["verdict"] == row["verdict"]
    assert {row["verdict"] for row in found} == {"approve", "modify", "reject"}
    assert [row["followed"] for row in found if row["verdict"] == "reject"] == [False]


def test_the_history_can_be_verified_from_its_export(worked: House) -> None:
    previous = "0" * 64
    for row in rows(worked, "events"):
        body = {
            name: row[name] for name in ("seq", "actor", "kind", "agent", "run", "escalation")
        } | {"detail": json.loads(str(row["detail"])), "at": _millis(str(row["at"]))}
        assert row["previous"] == previous
        previous = str(row["hash"])
        assert previous == event_sha256(str(row["previous"]), body)
    assert previous == events(worked.path)[-2].hash


def test_what_is_open_does_not_tell_what_its_reviewers_may_not_know_yet(worked: House) -> None:
    (waiting,) = [row for row in rows(worked, "escalations") if row["state"] == "WAITING"][1:]
    closed = [row for row in rows(worked, "escalations") if row["state"] == "DECIDED"]
    assert {waiting[name] for name in ("recommended", "looks", "active_seconds", "opinions")} == {
        None
    }
    assert {row["recommended"] for row in closed} == {"approve"}


def test_every_row_of_a_desk_with_one_operator_says_so(tmp_path: Path) -> None:
    here = with_lead(tmp_path, single_operator=True)
    with here.agent() as queue:
        queue.submit(brief())
    for what in ("escalations", "events"):
        assert {row["single_operator"] for row in rows(here, what)} == {True}
    with office(here) as lea:
        assert lea.export(wish("sessions"), tmp_path / "none.jsonl").single_operator


def test_a_blind_test_among_the_work_is_in_no_export(tmp_path: Path) -> None:
    here = worked_desk(tmp_path)
    before = rows(here, "escalations"), rows(here, "sessions")
    plant(here, 1)
    with raw(here.path) as db:
        planted = db.execute("SELECT id FROM escalation ORDER BY rowid DESC LIMIT 1").fetchone()[0]
        real = db.execute("SELECT id FROM escalation WHERE state = 'WAITING'").fetchone()[0]
        db.execute(
            "INSERT INTO review (id, escalation, attempt, session, reviewer, fence, opened_at,"
            " active_ms) SELECT ?, ?, 1, id, reviewer, 1, started_at, 9000 FROM session",
            (new_id(NOON), planted),
        )
        for live in (planted, real):
            db.execute(
                "INSERT INTO probe (id, sort, mutation, explanation, source, action_type, made_at,"
                " made_by, escalation) VALUES (?, 'wrong', 'unit_error', '', ?, 'x', 1, 'lea', ?)",
                (new_id(NOON), real, live),
            )
    after = rows(here, "escalations"), rows(here, "sessions")
    assert planted not in json.dumps(after)
    assert after == before


# -- what stays


def secretive(here: House) -> None:
    """Two decided questions: one with an IBAN that is masked, one that is secret as a whole."""
    asked = brief(question="Pay the invoice?")
    action = Action(
        type="payments.refund",
        parameters={"iban": "DE02-SECRET", "amount": 3},
        sensitive={"iban": "restricted"},
    )
    plain = asked.model_copy(update={"action": action})
    closed = plain.model_copy(
        update={"question": "Secret question?", "sensitivity": "confidential"}
    )
    for key, one in (("plain", plain), ("closed", closed)):
        with here.agent() as queue:
            ticket = queue.submit(one, key=key)
        settle(here, ticket, "reject", reason=f"{key}: the IBAN DE02-SECRET is not theirs")


def test_what_is_confidential_stays_unless_a_lead_asks_for_it(tmp_path: Path) -> None:
    here = with_lead(tmp_path)
    secretive(here)
    told = json.dumps([*rows(here, "escalations"), *rows(here, "decisions")])
    assert "DE02" not in told
    assert "Secret question" not in told
    asked = {row["question"]: row["parameters"] for row in rows(here, "escalations")}
    assert asked.keys() == {"Pay the invoice?", None}
    assert json.loads(str(asked["Pay the invoice?"])) == {
        "amount": 3,
        "iban": "masked (restricted): reveal to read",
    }
    assert {row["left_out"] for row in rows(here, "escalations")} == {True}
    everything = json.dumps(
        [*rows(here, "escalations", sensitive=True), *rows(here, "decisions", sensitive=True)]
    )
    assert everything.count("DE02-SECRET") == 4
    assert "Secret question" in everything
    assert '"left_out": true' not in everything


def test_the_history_says_who_took_out_what(tmp_path: Path) -> None:
    here = with_lead(tmp_path)
    secretive(here)
    path, done = taken(here, wish("decisions", "csv", sensitive=True))
    last = events(here.path)[-1]
    detail = json.loads(last.detail)
    assert (last.kind, last.actor) == ("exported", "lead:lea")
    assert detail["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest() == done.sha256
    assert (detail["what"], detail["rows"], detail["sensitive"]) == ("decisions", 2, True)


def test_only_leads_take_records_out(worked: House, tmp_path: Path) -> None:
    with office(worked, "ana") as ana, pytest.raises(NotAllowed, match="ask a lead"):
        ana.export(wish("events"), tmp_path / "mine.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_what_was_erased_is_in_no_export(tmp_path: Path) -> None:
    here = with_lead(tmp_path)
    with here.agent() as queue:
        ticket = queue.submit(brief(question="A secret of somebody's?"))
    settle(here, ticket, "reject", reason="they asked to be forgotten")
    with office(here) as lea:
        lea.erase(ticket.id, reason="they asked")
    (row,) = rows(here, "escalations", sensitive=True)
    (decided,) = rows(here, "decisions", sensitive=True)
    assert (row["question"], row["parameters"], decided["reason"]) == (None, None, None)
    assert str(row["erased_at"]).startswith("2026-11-18T")
    assert decided["verdict"] == "reject"


# -- words that act


@pytest.mark.parametrize("reason", [HOSTILE, '"; DROP\r\nTABLE', "'quoted'", "-1+1", "\t=1", "+49"])
def test_no_words_act_in_a_spreadsheet_or_on_a_terminal(tmp_path: Path, reason: str) -> None:
    here = with_lead(tmp_path)
    with here.agent() as queue:
        ticket = queue.submit(brief().model_copy(update={"question": HOSTILE}))
    with here.desk() as ana:
        ana.decide(pick_up(ana, ticket), option="reject", reason=reason)
    (exact,) = rows(here, "decisions", sensitive=True)
    path, _ = taken(here, wish("decisions", "csv", sensitive=True))
    (cell,) = [row["reason"] for row in cells(path)]
    assert exact["reason"] == reason
    assert cell[0] not in "=+-@\t\r"
    assert invisible(cell.removeprefix("'")) == reason
    asked, _ = taken(here, wish("escalations", "csv"))
    for file in (path, asked):
        text = file.read_bytes().replace(b"\r\n", b"")
        assert min(text) >= 32
        assert "\u202e" not in text.decode()
    parquet, _ = taken(here, wish("decisions", "parquet", sensitive=True))
    assert pandas.read_parquet(parquet)["reason"].tolist() == [reason]


@pytest.mark.skipif(shutil.which("ssconvert") is None, reason="Gnumeric is not installed")
def test_a_spreadsheet_shows_what_was_written_and_computes_nothing(tmp_path: Path) -> None:
    here = with_lead(tmp_path)
    reasons = ["=1+1", "-2+3", "@SUM(1)", "'=3", "+49 30 123"]
    for turn, reason in enumerate(reasons):
        with here.agent() as queue:
            ticket = queue.submit(brief(amount=turn + 1), key=f"k{turn}")
        settle(here, ticket, "reject", reason=reason)
    path, _ = taken(here, wish("decisions", "csv", sensitive=True))
    opened = tmp_path / "opened.gnumeric"
    subprocess.run(["ssconvert", path, opened], check=True, capture_output=True)
    sheet = ElementTree.fromstring(gzip.decompress(opened.read_bytes()))
    found = sheet.findall(".//{*}Cell[@ValueType]")
    at = [one.get("Col") for one in found if one.text == "reason"]
    shown = [str(one.text) for one in found if one.get("Col") in at and one.text != "reason"]
    assert sorted(shown) == sorted(reasons)
    computed = [one.text for one in sheet.findall(".//{*}Cell") if one.get("ValueType") is None]
    assert computed == []


# -- nothing there, and wishes that make no sense


@pytest.mark.parametrize("shape", FORMATS)
def test_an_empty_desk_gives_empty_files_that_can_be_read(tmp_path: Path, shape: Format) -> None:
    here = with_lead(tmp_path)
    for what in ("sessions", "decisions", "escalations"):
        path, done = taken(here, wish(what, shape))
        assert done.rows == 0
        names = [column.name for column in columns(what)]
        if shape == "csv":
            assert path.read_bytes() == ",".join(names).encode() + b"\r\n"
        elif shape == "parquet":
            assert list(pandas.read_parquet(path).columns) == names
        else:
            assert path.read_bytes() == b""


def test_a_period_holds_its_first_moment_and_not_its_last(worked: House, tmp_path: Path) -> None:
    at = [row.at for row in events(worked.path) if row.kind == "decided"]
    with office(worked) as lea:
        for since, until, found in ((at[0], at[0] + 1, 1), (at[0] - 1, at[0], 0)):
            wished = Wish("decisions", "csv", since, until)
            done = lea.export(wished, tmp_path / f"{found}.csv")
            assert done.rows == found
        with pytest.raises(InvalidRequest, match="ends before it begins"):
            lea.export(Wish("decisions", "csv", NOON, NOON), tmp_path / "no.csv")
    assert not (tmp_path / "no.csv").exists()


def test_parquet_without_its_extra_names_it(
    worked: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with (
        office(worked) as lea,
        pytest.raises(InvalidRequest, match=r"pip install 'overread\[parquet\]'"),
    ):
        lea.export(wish("events", "parquet"), tmp_path / "x.parquet")
    assert list(tmp_path.iterdir()) == []


def _millis(text: str) -> int:
    return int(pandas.Timestamp(text).timestamp() * 1000 + 0.5)
