"""A desk is copied while everybody works, whole, sealed if asked for, and never by accident."""

from __future__ import annotations

import io
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from copies import asked, back_to, copied, drafts
from factories import House, brief, house
from journey import raw, settle
from overread_queue.audit.verify import verify
from overread_queue.errors import (
    InvalidRequest,
    StoreCorrupt,
    Tampered,
)
from overread_queue.keeping.seal import CHUNK, seal, unseal

SECRET = b"correct horse battery"


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


# -- copying


def test_a_copy_holds_everything_and_is_examined(here: House) -> None:
    settle(here, asked(here), "reject")
    made = copied(here)
    assert made.report.whole
    assert made.report.last is not None
    assert made.report.last.seq == made.report.events
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    with raw(made.path) as db, raw(here.path) as live:
        for table in ("event", "decision", "payload", "checkpoint"):
            rows = db.execute(f"SELECT * FROM {table}").fetchall()
            assert [*map(tuple, rows)] == [
                *map(tuple, live.execute(f"SELECT * FROM {table}").fetchall())
            ]
    assert drafts(here) == []


def test_its_checksum_is_one_that_other_tools_read(here: House) -> None:
    made = copied(here)
    done = subprocess.run(
        ["sha256sum", "-c", f"{made.path.name}.sha256"],
        cwd=made.path.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "copy.db: OK\n"


def test_a_copy_never_goes_over_something_unless_asked_to(here: House) -> None:
    first = copied(here)
    there = first.path.read_bytes()
    asked(here)
    with pytest.raises(InvalidRequest, match="is there already"):
        copied(here)
    assert first.path.read_bytes() == there
    assert copied(here, replace=True).report.events > first.report.events
    assert drafts(here) == []


def test_copies_taken_while_others_write_are_each_of_one_moment(here: House) -> None:
    over = threading.Event()

    def work() -> None:
        with here.agent() as queue:
            for number in range(1000):
                if over.is_set():
                    return
                queue.submit(brief(amount=number + 1), key=f"k{number}")

    worker = threading.Thread(target=work)
    worker.start()
    try:
        made = [copied(here, f"copy{number}.db") for number in range(4)]
    finally:
        over.set()
        worker.join()
    assert [one.report.damage for one in made] == [()] * 4


def test_a_damaged_history_is_copied_and_said_to_be_one(here: House) -> None:
    asked(here)
    with raw(here.path) as db:
        db.execute("DROP TRIGGER event_is_fixed")
        db.execute("UPDATE event SET actor = 'x' WHERE seq = 2")
    made = copied(here)
    assert made.report.damage[0].seq == 2
    assert made.path.exists()


def test_a_file_that_sqlite_finds_damaged_is_no_backup(here: House) -> None:
    for number in range(20):
        asked(here, f"k{number}", amount=number + 1)
    with raw(here.path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page: int = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'escalation_run'"
        ).fetchone()[0]
    with here.path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)
    with pytest.raises(StoreCorrupt):
        copied(here)
    assert not (here.path.parent / "copy.db").exists()
    assert drafts(here) == []


# -- sealing


def sealed(data: bytes) -> bytes:
    target = io.BytesIO()
    seal(io.BytesIO(data), target, SECRET)
    return target.getvalue()


def opened(data: bytes, passphrase: bytes = SECRET) -> bytes:
    target = io.BytesIO()
    unseal(io.BytesIO(data), target, passphrase)
    return target.getvalue()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_sealed_opens_again(size: int) -> None:
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert opened(sealed(data)) == data


def test_what_was_sealed_opens_for_nobody_else_and_not_when_altered() -> None:
    whole = sealed(b"a" * (2 * CHUNK + 5))
    size = CHUNK + 16
    start = len(whole) - (2 * size + 5 + 16)
    head, first, second, last = (
        whole[:start],
        whole[start : start + size],
        whole[start + size : start + 2 * size],
        whole[start + 2 * size :],
    )
    altered = {
        "a changed byte": head + first[:-1] + bytes([first[-1] ^ 1]) + second + last,
        "chunks exchanged": head + second + first + last,
        "a chunk left out": head + first + last,
        "the end cut off": head + first + second,
        "only its head": head,
        "another head": head[:-1] + bytes([head[-1] ^ 1]) + first + second + last,
        "something behind it": whole + b"x",
    }
    for name, data in altered.items():
        with pytest.raises(Tampered):
            opened(data)
        assert name
    with pytest.raises(Tampered):
        opened(whole, b"another passphrase")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="12 characters"):
        seal(io.BytesIO(b""), io.BytesIO(), b"short")


def test_a_sealed_copy_tells_nothing_and_comes_back(here: House) -> None:
    asked(here, question="Refund xyzzy?")
    made = copied(here, passphrase=SECRET)
    data = made.path.read_bytes()
    assert b"xyzzy" not in data
    assert b"SQLite" not in data
    with pytest.raises(InvalidRequest, match="sealed"):
        back_to(here, made)
    with pytest.raises(Tampered):
        back_to(here, made, passphrase=b"not that passphrase")
    here.path.unlink()
    back_to(here, made, passphrase=SECRET)
    assert verify(here.places).whole
    assert drafts(here) == []
