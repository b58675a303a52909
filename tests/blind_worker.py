"""Does one thing to many copies of a desk, and dies in each of them a few statements later than in
the one before, from SIGKILL; the last copy is the one in which it lived.

Arguments: the desk's folder, the folder for the copies, the clock's time, what to do, and the
escalation that is a test.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from overread_queue import ReviewDesk
from overread_queue.clock import ManualClock
from overread_queue.ground import Ground
from overread_queue.places import Places
from overread_queue.probing.folding import fold
from overread_queue.probing.injecting import inject
from overread_queue.store.table import Table

STRIDE = 5
"""Statements that each process lives longer than the one before."""


def main(desk: str, copies: str, now: str, act: str, test: str) -> None:
    for number in itertools.count():
        copy = Path(copies, f"{number:03}")
        shutil.copytree(desk, copy)
        if not _dies(lambda copy=copy: ACTS[act](copy, int(now), test), 1 + number * STRIDE):
            return


def _dies(act: Callable[[], None], at: int) -> bool:
    """Whether a process of its own came to that statement."""
    child = os.fork()
    if child == 0:
        _count_down(at)
        act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _count_down(at: int) -> None:
    run, left = Table._all, itertools.count(at, -1)

    def counted(*arguments: Any) -> Any:
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return run(*arguments)

    Table._all = counted  # type: ignore[method-assign]


def _plant(desk: Path, now: int, test: str) -> None:
    with closing(Ground(Places.of(desk / "desk.db"), ManualClock(now))) as ground:
        inject(ground)


def _answer(desk: Path, now: int, test: str) -> None:
    clock = ManualClock(now)
    with ReviewDesk.open(desk / "desk.db", reviewer="ana", clock=clock) as ana:
        ana.start_session(max_items=0)
        ana.decide(ana.open(ana.claim(test)), option="approve")
        clock.advance(seconds=10)
        ana.release_due()


def _fold(desk: Path, now: int, test: str) -> None:
    with closing(Ground(Places.of(desk / "desk.db"), ManualClock(now))) as ground:
        fold(ground)


ACTS: Mapping[str, Callable[[Path, int, str], None]] = {
    "plant": _plant,
    "answer": _answer,
    "fold": _fold,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
