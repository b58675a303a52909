"""The power goes at any moment of a working day, and the disk keeps what it likes of what was not
flushed: whatever a call had returned for is there, and the file and its history are whole."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from factories import NOON, House, brief, house
from overread_queue.audit.verify import anchors, examined
from overread_queue.store import Store
from overread_queue.store.evidence import evidence
from overread_queue.trust.roster import Roster
from power_cut import Entry, cuts

STORY = Path(__file__).parent.parent / "power_story.py"
SEED = 20261122
ROUNDS = 8


def recorded(here: House, synchronous: str) -> Sequence[Entry]:
    """Two days on the desk, each of a few questions."""
    record = here.path.with_name("record")
    text = brief().to_bytes().decode()
    subprocess.run(
        [
            sys.executable,
            STORY,
            *map(str, (here.path, record, synchronous, ROUNDS, text, NOON)),
        ],
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    entries: Sequence[Entry] = pickle.loads(record.read_bytes())
    return entries


def cut_power(folder: Path, *, many: int, synchronous: str = "FULL") -> Counter[str]:
    """What became of the desk each time: `whole`, `lost` something promised, or `damaged`."""
    here = house(folder)
    before = here.path.read_bytes()
    record = recorded(here, synchronous)
    found = Found(here, folder / "after.db")
    return Counter(
        found.state(files, promised)
        for promised, files in cuts(record, before, many=many, seed=SEED)
    )


class Found:
    """The desk as its next user finds it."""

    def __init__(self, here: House, path: Path) -> None:
        self._path = path
        self._roster = Roster.load(here.places)
        self._outside = anchors(here.places)

    def state(self, files: dict[str, bytes], promised: tuple[int, str] | None) -> str:
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
        for ending, data in files.items():
            self._path.with_name(self._path.name + ending).write_bytes(data)
        store = Store(self._path)
        sound = store.integrity() == ()
        kept = promised is None or self._has(store, *promised)
        store.close()
        if sound and not kept:
            return "lost"
        return "whole" if sound and self._hangs_together(promised) else "damaged"

    def _has(self, store: Store, seq: int, hash: str) -> bool:
        with store.read() as tx:
            return any((one.seq, one.hash) == (seq, hash) for one in tx.events.all())

    def _hangs_together(self, promised: tuple[int, str] | None) -> bool:
        with evidence(self._path) as found:
            up_to = promised[0] if promised else 0
            return examined(found, self._roster, self._outside, up_to=up_to).whole


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where there is such a place: flushing is recorded here, not relied on."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


def test_nothing_acknowledged_is_lost_and_nothing_is_damaged(folder: Path) -> None:
    assert cut_power(folder, many=100) == {"whole": 100}


def test_a_desk_that_flushes_less_loses_what_it_promised(folder: Path) -> None:
    """So the cuts would find a loss, were there one."""
    assert cut_power(folder, many=20, synchronous="NORMAL")["lost"] > 0


@pytest.mark.soak
def test_ten_thousand_cuts(folder: Path) -> None:
    assert cut_power(folder, many=10_000) == {"whole": 10_000}


@pytest.mark.soak
def test_a_thousand_cuts_that_would_show_a_loss(folder: Path) -> None:
    """It is only lost, never damaged: that much SQLite promises with fewer flushes, too."""
    found = cut_power(folder, many=1_000, synchronous="NORMAL")
    assert set(found) == {"whole", "lost"}
