"""An export that fails half-way leaves no half file, and one of any length fits into memory."""

from __future__ import annotations

import re
import resource
import signal
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

import export_workers
from exports import FORMATS, cells, office, plant, wish, with_lead
from factories import NOON, House, brief
from journey import kinds, raw
from overread_queue.errors import InvalidRequest, StoreFull, StoreReadOnly, Tampered
from overread_queue.exporting.wish import Format, Wish
from overread_queue.store.statements import load
from small_disks import disk_of

MANY = 1200


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A desk with a long list of questions."""
    here = with_lead(tmp_path_factory.mktemp("long"))
    with here.agent() as queue:
        queue.submit(brief())
    plant(here, MANY)
    return here


def test_killed_half_way_nothing_is_there_and_what_was_there_stays(
    long: House, tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    target.write_bytes(b"the one before")
    command = [sys.executable, export_workers.__file__, long.path, target, long.clock.now()]
    with subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"half\n"
        worker.send_signal(signal.SIGKILL)
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert target.read_bytes() == b"the one before"
    assert "exported" not in kinds(long.path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with disk_of(tmp_path / "disk", megabytes=1) as disk:
        yield disk


@pytest.mark.parametrize("shape", FORMATS)
def test_on_a_full_disk_nothing_is_left_and_the_history_says_nothing_left(
    long: House, small_disk: Path, shape: Format
) -> None:
    (small_disk / "some.log").write_bytes(bytes((1 << 20) - 3 * 4096))
    target = small_disk / f"out.{shape}"
    with office(long) as lea, pytest.raises(StoreFull, match=f"{target} is full; nothing was"):
        lea.export(wish("escalations", shape), target)
    assert [path.name for path in small_disk.iterdir()] == ["some.log"]
    assert "exported" not in kinds(long.path)


def test_a_file_that_may_not_grow_so_far_is_named_and_leaves_nothing(
    long: House, tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    with office(long) as lea:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, most[1]))
        try:
            with pytest.raises(OSError, match=r"out\.csv"):
                lea.export(wish("escalations", "csv"), target)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["missing/out.csv", "a-file/out.csv"])
def test_a_folder_that_cannot_be_written_is_named(long: House, tmp_path: Path, place: str) -> None:
    (tmp_path / "a-file").touch()
    with office(long) as lea, pytest.raises(StoreReadOnly, match=f"{place} cannot be written"):
        lea.export(wish("escalations", "csv"), tmp_path / place)
    assert [path.name for path in tmp_path.iterdir()] == ["a-file"]


def test_a_file_that_is_there_is_written_over_only_on_request(long: House, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_bytes(b"mine")
    with office(long) as lea:
        with pytest.raises(InvalidRequest, match="--replace"):
            lea.export(wish("escalations", "csv"), target)
        assert target.read_bytes() == b"mine"
        lea.export(wish("escalations", "csv"), target, replace=True)
    assert len(cells(target)) == MANY + 1


def test_a_row_that_is_damaged_half_way_ends_it_without_a_file(tmp_path: Path) -> None:
    here = with_lead(tmp_path)
    with here.agent() as queue:
        queue.submit(brief())
    plant(here, 10)
    with raw(here.path) as db:
        db.execute("DROP TRIGGER payload_brief_is_fixed")
        db.execute(
            "UPDATE payload SET brief = x'7b7d' WHERE escalation ="
            " (SELECT id FROM escalation ORDER BY id DESC LIMIT 1)"
        )
    for shape in FORMATS:
        target = tmp_path / f"out.{shape}"
        with office(here) as lea, pytest.raises(Tampered, match="audit verify"):
            lea.export(wish("escalations", shape), target)
        assert not target.exists()


@pytest.mark.parametrize("statement", ["sessions", "decisions", "escalations", "events"])
def test_rows_come_in_the_order_of_a_key_and_are_never_sorted(long: House, statement: str) -> None:
    text = load("export")[statement]
    values = dict.fromkeys(re.findall(r":(\w+)", text), 1)
    with raw(long.path) as db:
        plan = [row["detail"] for row in db.execute(f"EXPLAIN QUERY PLAN {text}", values)]
    assert [line for line in plan if "TEMP B-TREE FOR ORDER" in line or "FOR GROUP" in line] == []


def test_memory_does_not_grow_with_the_records(long: House) -> None:
    def peak(until: int) -> int:
        """Bytes at once, for what was asked before a moment."""
        with office(long) as lea, tempfile.TemporaryFile() as file:
            tracemalloc.start()
            done = lea.export_into(Wish("escalations", "csv", NOON, until), file)
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert done.rows == until - NOON + 1
        return most

    assert peak(NOON + 600) < 2 * peak(NOON + 60)


def test_progress_is_told_and_ends_where_everything_is_done(long: House) -> None:
    told: list[tuple[int, int]] = []
    with office(long) as lea, tempfile.TemporaryFile() as file:
        lea.export_into(
            wish("escalations", "csv"), file, progress=lambda done, of: told.append((done, of))
        )
    total = MANY + 1
    assert told == [(1000, total), (total, total)]
