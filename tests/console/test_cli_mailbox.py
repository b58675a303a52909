"""A desk with an inbox and an outbox, from the shell: `--db` is the folder, on either side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import command
from overread_queue.mailbox.layout import Layout


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Made by `overread init`, with one agent and nobody who takes anything in yet."""
    monkeypatch.setenv("OVERREAD_LEDGER", str(tmp_path / "agents-own"))
    folder = tmp_path / "desk"
    made = command.run("init", "--separate-users", "--db", folder)
    assert (made.returncode, made.stdout) == (0, f"{folder}\n"), made.stderr
    types = ("--action", "payments.refund")
    added = command.run("agents", "add", "refund-agent", *types, "--db", folder)
    assert added.returncode == 0, added.stderr
    return folder


def test_a_brief_goes_in_by_post_and_is_taken_in_by_the_desk(root: Path) -> None:
    sent = command.run("submit", command.REFUND, "--json", "--db", root)
    assert sent.returncode == 0, sent.stderr
    ticket = json.loads(sent.stdout)
    waiting = ("wait", ticket["id"], "--agent", "refund-agent", "--timeout", "0")
    pending = command.run(*waiting, "--db", root)
    assert pending.returncode == 124, pending.stderr
    taken = command.run("intake", "--db", root)
    assert (taken.returncode, taken.stdout) == (0, "1 taken in\n")
    listed = command.run("list", "--json", "--db", root)
    assert [one["id"] for one in json.loads(listed.stdout)] == [ticket["id"]]


def test_an_altered_inbox_is_a_finding_and_renewed(root: Path) -> None:
    inbox = Layout(root).inbox_db
    for path in (inbox, inbox.with_name("inbox.db-wal")):
        path.write_bytes(b"garbage " * 4096)
    found = command.run("doctor", "--db", root)
    assert found.returncode == 1
    assert "inbox.db was altered" in found.stdout
    renewed = command.run("intake", "--renew", "--db", root)
    assert renewed.returncode == 0, renewed.stderr
    assert "the old inbox is in" in renewed.stderr
    assert command.run("submit", command.REFUND, "--db", root).returncode == 0
    assert command.run("intake", "--db", root).stdout == "1 taken in\n"


def test_a_group_belongs_to_separate_users(tmp_path: Path) -> None:
    done = command.run("init", "--agents-group", "agents", "--db", tmp_path / "desk.db")
    assert done.returncode == 2
    assert "--separate-users" in done.stderr


def test_a_desk_in_one_file_has_no_inbox_to_renew(tmp_path: Path) -> None:
    done = command.run("intake", "--renew", "--db", command.make_desk(tmp_path))
    assert done.returncode == 7
    assert "mailbox" in done.stderr
