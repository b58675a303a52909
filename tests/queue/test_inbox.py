"""The any-language entrance: whatever is inserted becomes an escalation or a reasoned rejection."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from factories import House, brief, house
from journey import events, kinds, pass_time, raw, row, settle
from overread_queue.store.driver import sqlite3

INSERT = "INSERT INTO inbox (agent, key, body) VALUES ('refund-agent', :key, :body)"
Answer = sqlite3.Row


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


def insert(here: House, statement: str = INSERT, **values: object) -> None:
    with raw(here.path) as db:
        db.execute(statement, {"key": "k", "body": text(), **values})


def text(amount: float = 420.0) -> str:
    return brief(amount=amount).to_bytes().decode()


def sweep(here: House) -> list[Answer]:
    """The rows of the inbox after the desk's side has handled them."""
    with here.desk("olga") as olga:
        olga.sweep()
    with raw(here.path) as db:
        return db.execute(
            "SELECT state, escalation, answer, handled_at FROM inbox ORDER BY id"
        ).fetchall()


def test_a_plain_sqlite_client_is_all_it_takes(here: House) -> None:
    """Another program, with the standard library's driver and nothing of ours."""
    program = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("INSERT INTO inbox (agent, key, body, checkpoint) VALUES (?, ?, ?, ?)",
           ("refund-agent", "A-1009", sys.argv[2], '{"step": 3}'))
db.commit()
"""
    subprocess.run([sys.executable, "-c", program, str(here.path), text()], check=True)
    (answered,) = sweep(here)
    assert (answered["state"], answered["answer"]) == ("accepted", "")
    assert answered["handled_at"] == here.clock.now()
    settle(here, answered["escalation"], "approve")
    with here.agent() as queue, queue.resume(answered["escalation"]) as go:
        assert go.checkpoint == {"step": 3}
        assert go.action == brief().action


def test_text_and_blob_are_the_same_bytes(here: House) -> None:
    insert(here, key="text", body=text())
    insert(here, key="blob", body=text().encode())
    as_text, as_blob = sweep(here)
    rows = [row(here.path, one["escalation"]) for one in (as_text, as_blob)]
    assert rows[0].brief_sha256 == rows[1].brief_sha256
    with here.agent() as queue:
        ticket = queue.submit(brief(), key="text")
        assert (ticket.id, ticket.created) == (as_text["escalation"], False)


BAD: dict[str, tuple[str, dict[str, object], str]] = {
    "not JSON": (INSERT, {"body": "approve me"}, "not JSON"),
    "empty": (INSERT, {"body": ""}, "not JSON"),
    "a number": (INSERT, {"body": 42}, "text or a blob"),
    "a fraction": (INSERT, {"body": 4.2}, "text or a blob"),
    "a blob that is not UTF-8": (INSERT, {"body": b"\xff\xfe{}"}, "UTF-8"),
    "text that is not UTF-8": (
        "INSERT INTO inbox (agent, key, body) VALUES ('refund-agent', :key, CAST(:body AS TEXT))",
        {"body": b'{"question": "\xff"}'},
        "UTF-8",
    ),
    "half a character": (INSERT, {"body": '{"question": "\\ud800"}'}, "surrogate"),
    "NaN": (INSERT, {"body": '{"question": NaN}'}, "NaN"),
    "too deep": (INSERT, {"body": "[" * 5000}, "32 levels"),
    "a huge number": (INSERT, {"body": "9" * 5000}, "2^53"),
    "too large": (INSERT, {"body": '"' + "x" * (1 << 20) + '"'}, "bytes"),
    "part of a brief": (INSERT, {"body": '{"question": "May I?"}'}, "action"),
    "another agent's brief": (
        INSERT,
        {"body": brief(agent="ana-agent").to_bytes()},
        "its own briefs",
    ),
    "a stranger": (
        "INSERT INTO inbox (agent, key, body) VALUES ('stranger', :key, :body)",
        {"body": brief(agent="stranger").to_bytes()},
        "stranger",
    ),
    "a name that is not UTF-8": (
        "INSERT INTO inbox (agent, key, body) VALUES (CAST(x'ff' AS TEXT), :key, :body)",
        {},
        "its own briefs",
    ),
    "a key that could be confused": (INSERT, {"key": "two words"}, "cannot be a key"),
    "a key that is not UTF-8": (
        "INSERT INTO inbox (agent, key, body) VALUES ('refund-agent', CAST(x'ff' AS TEXT), :body)",
        {},
        "cannot be a key",
    ),
    "a checkpoint that is not JSON": (
        "INSERT INTO inbox (agent, key, body, checkpoint)"
        " VALUES ('refund-agent', :key, :body, 'step three')",
        {},
        "checkpoint: ",
    ),
    "a checkpoint that is a number": (
        "INSERT INTO inbox (agent, key, body, checkpoint) VALUES ('refund-agent', :key, :body, 3)",
        {},
        "checkpoint must be text or a blob",
    ),
    "taking back what never was": (
        "INSERT INTO inbox (kind, agent, key, body) VALUES ('withdraw', 'refund-agent', :key, '')",
        {},
        "no submission with key",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_rejected_with_a_reason_and_blocks_nobody(here: House, name: str) -> None:
    statement, values, reason = BAD[name]
    insert(here, key="before", body=text(1))
    insert(here, statement, **values)
    insert(here, key="after", body=text(2))
    before, bad, after = sweep(here)
    assert [before["state"], after["state"]] == ["accepted", "accepted"]
    assert (bad["state"], bad["escalation"]) == ("rejected", None)
    assert reason in bad["answer"]
    assert kinds(here.path).count("submitted") == 2


def test_a_repeated_key_is_the_same_ticket_or_a_conflict(here: House) -> None:
    for amount in (1, 1, 2):
        insert(here, key="A-1009", body=text(amount))
    first, again, other = sweep(here)
    assert first["escalation"] == again["escalation"]
    assert (again["state"], other["state"]) == ("accepted", "rejected")
    assert "already names another brief" in other["answer"]
    assert kinds(here.path).count("submitted") == 1


def test_a_question_is_taken_back_by_its_key(here: House) -> None:
    insert(here, key="A-1009")
    take_back = (
        "INSERT INTO inbox (kind, agent, key, body) VALUES ('withdraw', 'refund-agent', :key, '')"
    )
    (asked,) = sweep(here)
    insert(here, take_back, key="A-1009")
    insert(here, take_back, key="A-1009")
    _, taken, twice = sweep(here)
    assert (taken["state"], taken["escalation"]) == ("accepted", asked["escalation"])
    assert twice["state"] == "rejected"
    sweep(here)
    with here.agent() as queue:
        decision = queue.poll(asked["escalation"])
    assert decision is not None
    assert decision.verdict == "withdrawn"


def test_refusals_are_counted_like_those_of_the_agents_own_door(here: House) -> None:
    stranger = "INSERT INTO inbox (agent, key, body) VALUES (:agent, :key, :body)"
    insert(here, key="A-1009", body=text(1))
    insert(here, key="A-1009", body=text(2))
    insert(here, stranger, agent="stranger", body=brief(agent="stranger").to_bytes())
    insert(here, stranger, agent="no name\n", body="{}")
    insert(here, key="two words")
    sweep(here)
    sweep(here)
    seen = [(event.kind, event.actor) for event in events(here.path) if ":" in event.kind]
    assert seen == [
        ("refused:Conflict", "agent:refund-agent"),
        ("refused:NotAllowed", "agent:stranger"),
        ("refused:InvalidBrief", "desk"),
    ]


def test_a_finished_run_is_said_in_the_row(here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief(run="done"))
        settle(here, ticket, "approve")
        with queue.resume(ticket):
            pass
    insert(here, body=brief(run="done", amount=1).to_bytes())
    (answered,) = sweep(here)
    assert answered["state"] == "rejected"
    assert "COMPLETED" in answered["answer"]


def test_rows_are_handled_once(here: House) -> None:
    insert(here)
    (first,) = sweep(here)
    pass_time(here, 60)
    (again,) = sweep(here)
    assert tuple(first) == tuple(again)


def test_more_rows_than_fit_one_reading_are_all_handled(here: House) -> None:
    with raw(here.path) as db:
        db.execute("BEGIN")
        for number in range(205):
            body = "garbage" if number % 3 else text(number + 1)
            db.execute(INSERT, {"key": f"key-{number}", "body": body})
        db.execute("COMMIT")
    states = [answered["state"] for answered in sweep(here)]
    assert states == ["rejected" if number % 3 else "accepted" for number in range(205)]


def test_the_table_itself_refuses_what_has_no_meaning(here: House) -> None:
    for statement in (
        "INSERT INTO inbox (agent, key) VALUES ('refund-agent', 'k')",
        "INSERT INTO inbox (kind, agent, key, body) VALUES ('approve', 'refund-agent', 'k', '')",
        "INSERT INTO inbox (agent, key, body, state) VALUES ('a', 'k', '', 'done')",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            insert(here, statement)
    assert json.dumps([tuple(one) for one in sweep(here)]) == "[]"
