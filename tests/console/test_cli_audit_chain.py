"""`overread audit verify` and `checkpoint`: an auditor asks whether the history is the true one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import command
from journey import raw


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    db = command.make_desk(tmp_path)
    command.decide(db, command.submit(db, "a"), "reject", reason="not this one")
    return db


def rewrite(db: Path) -> None:
    with raw(db) as there:
        there.execute("DROP TRIGGER event_is_fixed")
        there.execute("UPDATE event SET actor = 'reviewer:\x1b[2Jboris' WHERE seq = 4")


def test_a_whole_history_is_said_to_be_one(desk: Path) -> None:
    done = command.run("audit", "verify", "--db", desk)
    told = json.loads(command.run("audit", "verify", "--json", "--db", desk).stdout)

    assert done.returncode == 0, done.stdout
    assert "all events hang together" in done.stdout
    assert "the desk signed event" in done.stderr
    assert (told["whole"], told["damage"]) == (True, [])
    assert told["last_checkpoint"]["seq"] <= told["events"]


def test_a_changed_history_ends_with_5_and_names_the_first_bad_event(desk: Path) -> None:
    rewrite(desk)

    done = command.run("audit", "verify", "--db", desk)
    told = json.loads(command.run("audit", "verify", "--json", "--db", desk).stdout)

    assert done.returncode == 5
    assert "event 4 was edited" in done.stdout.splitlines()[0]
    assert (told["damage"][0]["kind"], told["damage"][0]["event"]) == ("edited", 4)


def test_a_head_that_was_kept_elsewhere_proves_a_rewritten_history(
    desk: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    printed = command.run("audit", "checkpoint", "--db", desk)
    kept.write_text(printed.stdout)
    with raw(desk) as there:
        last = there.execute("SELECT max(seq) FROM event").fetchone()[0]
        for trigger in ("event_stays", "checkpoint_stays"):
            there.execute(f"DROP TRIGGER {trigger}")
        there.execute("DELETE FROM event WHERE seq = ?", (last,))
        there.execute("DELETE FROM checkpoint")
    desk.with_suffix(".trust").joinpath("checkpoints").unlink()

    done = command.run("audit", "verify", "--from", kept, "--db", desk)

    assert printed.returncode == 0
    assert json.loads(printed.stdout)["seq"] == last
    assert done.returncode == 5
    assert f"the desk signed event {last}, the last one is {last - 1}" in done.stdout


def test_a_checkpoint_is_printed_once_for_the_same_history(desk: Path) -> None:
    first, second = (command.run("audit", "checkpoint", "--db", desk).stdout for _ in range(2))

    assert first == second


def test_what_an_attacker_wrote_reaches_no_terminal(desk: Path) -> None:
    with raw(desk) as there:
        there.execute("DROP TRIGGER decision_stays")
        there.execute("PRAGMA foreign_keys = OFF")
        there.execute("UPDATE payload SET escalation = 'x\x1b]0;owned\x07'")
        there.execute("UPDATE run SET id = 'x' || id")
        there.execute("CREATE VIEW 'v\x1b[2J' AS SELECT 1")

    done = command.process("audit", "verify", "--db", desk)

    assert done.returncode == 5
    assert "\x1b" not in done.stdout + done.stderr
    assert "⟪ESC⟫" in done.stdout
