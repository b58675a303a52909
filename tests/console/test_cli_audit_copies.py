"""`overread backup` and `overread restore` as whoever keeps a desk types them."""

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


def test_a_copy_is_made_and_says_what_is_not_in_it(desk: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    done = command.run("backup", copy, "--db", desk)
    again = command.run("backup", copy, "--db", desk)
    told = json.loads(command.run("backup", copy, "--replace", "--json", "--db", desk).stdout)

    assert (done.returncode, again.returncode) == (0, 2)
    assert "not in it: the trust folder and the private keys" in done.stderr
    assert (told["whole"], told["sealed"], told["path"]) == (True, False, str(copy))


def test_going_back_is_refused_until_the_loss_is_accepted(desk: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    command.run("backup", copy, "--db", desk)
    id = command.submit(desk, "b")

    refused = command.run("restore", copy, "--db", desk)
    still = command.run("show", id, "--db", desk)
    done = command.run("restore", copy, "--accept-loss", "--db", desk)
    gone = command.run("show", id, "--db", desk)

    assert (refused.returncode, refused.stdout) == (7, "")
    assert "1 questions among them" in refused.stderr
    assert "--accept-loss" in refused.stderr
    assert (still.returncode, done.returncode, gone.returncode) == (0, 0, 6)
    assert f"{desk} is restored" in done.stdout
    assert "the database from before is" in done.stderr
    assert command.run("audit", "verify", "--db", desk).returncode == 0


def test_a_sealed_copy_needs_its_passphrase(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy.sealed"
    monkeypatch.setenv("OVERREAD_PASSPHRASE", "correct horse battery")
    made = command.run("backup", copy, "--encrypt", "--db", desk)
    monkeypatch.setenv("OVERREAD_PASSPHRASE", "another horse entirely")
    wrong = command.run("restore", copy, "--accept-loss", "--db", desk)
    monkeypatch.setenv("OVERREAD_PASSPHRASE", "correct horse battery")
    right = command.run("restore", copy, "--accept-loss", "--json", "--db", desk)

    assert (made.returncode, wrong.returncode, right.returncode) == (0, 5, 0)
    assert "passphrase is not the right one" in wrong.stderr
    assert json.loads(right.stdout)["lost_events"] == 0


def test_a_damaged_history_is_copied_and_ends_with_5(desk: Path, tmp_path: Path) -> None:
    with raw(desk) as there:
        there.execute("DROP TRIGGER event_is_fixed")
        there.execute("UPDATE event SET actor = 'x' WHERE seq = 2")

    done = command.run("backup", tmp_path / "copy.db", "--db", desk)

    assert done.returncode == 5
    assert "event 2 was edited" in done.stderr
    assert (tmp_path / "copy.db").exists()
