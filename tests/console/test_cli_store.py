"""What is wrong with a database is told apart in plain words, by every command that needs one."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import command

NEEDS_A_DESK = (
    ("submit", command.REFUND),
    ("wait", "some-id", "--agent", "refund-agent"),
    ("show", "some-id"),
    ("list",),
    ("sweep",),
    ("agents", "list"),
    ("agents", "add", "mail-agent"),
    ("reviewers", "list"),
    ("reviewers", "add", "cleo", "--role", "refunds"),
    ("review", "--plain", "--as", "ana"),
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return command.make_desk(tmp_path)


def refused(*arguments: str | Path, db: Path) -> str:
    """The sentence of a command that the store refused."""
    done = command.run(*arguments, "--db", db)
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("arguments", NEEDS_A_DESK, ids=lambda given: "-".join(map(str, given[:2])))
def test_no_desk_and_not_a_desk(arguments: tuple[str | Path, ...], tmp_path: Path) -> None:
    nothing, letter = tmp_path / "nothing.db", tmp_path / "letter.db"
    letter.write_text("Dear reviewers, this is not a database. " * 100)

    assert "there is no desk" in refused(*arguments, db=nothing)
    assert "is not an Overread desk" in refused(*arguments, db=letter)
    assert not nothing.exists()


@pytest.mark.parametrize("arguments", [("list",), ("agents", "list"), ("reviewers", "list")])
def test_another_programs_database_is_left_alone(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE guests (name)")
    connection.close()
    before = other.read_bytes()

    assert "is not an Overread desk" in refused(*arguments, db=other)
    assert other.read_bytes() == before


@pytest.mark.parametrize(
    "arguments", [("submit", command.REFUND), ("agents", "list"), ("reviewers", "list")]
)
def test_a_newer_schema(arguments: tuple[str | Path, ...], desk: Path) -> None:
    connection = sqlite3.connect(desk)
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    assert "upgrade Overread" in refused(*arguments, db=desk)


def test_a_locked_desk_says_so_after_a_while_and_keeps_what_it_has(desk: Path) -> None:
    id = command.submit(desk, "a")
    holder = sqlite3.connect(desk, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    done = command.process("submit", command.REFUND, "--db", desk)
    shown = command.process("show", id, "--db", desk)
    holder.close()

    assert (done.returncode, done.stdout) == (1, "")
    assert "locked by another program" in done.stderr
    assert shown.returncode == 0, "reading goes on while somebody else writes"


@pytest.fixture
def sealed(desk: Path) -> Iterator[Path]:
    """A desk that cannot be written, even by root."""
    sealing = subprocess.run(["chattr", "+i", str(desk)], capture_output=True, check=False)
    if sealing.returncode:
        pytest.skip("this file system has no immutable files, and root may write anything else")
    yield desk
    subprocess.run(["chattr", "-i", str(desk)], check=True)


def test_a_read_only_desk(sealed: Path) -> None:
    assert "cannot be written" in refused("submit", command.REFUND, db=sealed)


def test_a_damaged_desk(desk: Path) -> None:
    for key in "abc":
        command.submit(desk, key)
    data = bytearray(desk.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    desk.write_bytes(data)

    assert "is damaged" in refused("list", db=desk)


def test_init_never_writes_over_what_is_there(desk: Path) -> None:
    before = desk.read_bytes()

    done = command.run("init", "--db", desk)

    assert done.returncode == 2
    assert str(desk) in done.stderr
    assert desk.read_bytes() == before
