"""`overread purge` and `overread hold` as a lead types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import command
from journey import raw

RETENTION = '\n[retention]\npayloads = "1s"\n'


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A desk that keeps nothing for long, with one refusal on it."""
    db = command.make_desk(tmp_path)
    policy = db.with_suffix(".trust") / "policy.toml"
    policy.write_text(policy.read_text() + RETENTION)
    return db


def settled(db: Path, key: str) -> str:
    id = command.submit(db, key)
    command.decide(db, id, "reject", reason="not this one")
    with raw(db) as there:  # Five seconds ago.
        there.execute("UPDATE escalation SET closed_at = closed_at - 5000")
    return id


def verb(db: Path, *arguments: str) -> command.Done:
    return command.run(*arguments, "--as", "ana", "--db", db)


def test_a_purge_says_first_and_erases_only_when_told_to(desk: Path) -> None:
    settled(desk, "a")

    first = verb(desk, "purge")
    told = json.loads(verb(desk, "purge", "--yes", "--json").stdout)
    again = json.loads(verb(desk, "purge", "--yes", "--json").stdout)

    assert first.returncode == 0, first.stderr
    assert "to erase: 1 escalations" in first.stdout
    assert "nothing was erased yet" in first.stderr
    assert (told["escalations"], told["erased"], again["escalations"]) == (1, True, 0)
    assert command.run("audit", "verify", "--db", desk).returncode == 0


def test_a_payload_goes_by_request_unless_it_is_held(desk: Path) -> None:
    id = settled(desk, "a")
    held = verb(desk, "hold", "add", "escalation", id, "--reason", "case 7")
    refused = verb(desk, "purge", "--payload", id, "--reason", "asked")
    listed = json.loads(verb(desk, "hold", "list", "--json").stdout)
    freed = verb(desk, "hold", "remove", "escalation", id)
    done = verb(desk, "purge", "--payload", id, "--reason", "asked")

    assert (held.returncode, refused.returncode, freed.returncode) == (0, 7, 0)
    assert "holds escalation" in refused.stderr
    assert "case 7" in refused.stderr
    assert [(one["kind"], one["by"]) for one in listed] == [("escalation", "ana")]
    assert (done.returncode, done.stdout) == (0, f"the payload of {id} is erased\n")
    waiting = command.run("wait", id, "--timeout", "0", "--db", desk)
    assert (waiting.returncode, "has been erased" in waiting.stderr) == (6, True)


def test_a_request_needs_its_reason(desk: Path) -> None:
    done = verb(desk, "purge", "--payload", "x")
    assert (done.returncode, done.stdout) == (2, "")
