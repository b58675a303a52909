"""One pass of a delivery worker in a process of its own, which may die at a named point.

    python deliver_once.py DESK AGENT RUNTIME SPEC [POINT] [LEASE_SECONDS]

Prints the number of answers delivered. At POINT the process ends at once, as kill -9 would end it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from overread_queue.adapters.delivering import Worker
from overread_queue.adapters.loading import target_of
from overread_queue.adapters.target import Answer, Found, Target
from overread_queue.agent import AgentQueue
from overread_queue.store.wakes import Wake

POINTS = ("before_locate", "after_locate", "before_resume", "after_resume", "before_end")
"""Where a worker may die; `after_resume` is before the run's lease is given back."""


class Dying:
    """A target that takes its process with it at one point."""

    def __init__(self, inner: Target, point: str) -> None:
        self._inner, self._point = inner, point

    @property
    def runtime(self) -> str:
        return self._inner.runtime

    def locate(self, wake: Wake) -> Found:
        self._die("before_locate")
        found = self._inner.locate(wake)
        self._die("after_locate")
        return found

    def resume(self, answers: Sequence[Answer]) -> None:
        self._die("before_resume")
        self._inner.resume(answers)
        self._die("after_resume")

    def drive_on(self, wake: Wake) -> None:
        self._inner.drive_on(wake)

    def _die(self, point: str) -> None:
        if point == self._point:
            os._exit(9)


def dying_at_the_end(end: Callable[..., None]) -> Callable[..., None]:
    return lambda *_: os._exit(9)


def main(desk: str, agent: str, runtime: str, spec: str, point: str = "", lease: str = "2") -> None:
    os.chdir(Path(desk).parent)  # Where these agents keep what is theirs.
    with AgentQueue.open(desk, agent=agent) as queue:
        target = Dying(target_of(queue, runtime, spec), point)
        worker = Worker(queue, target, lease_seconds=float(lease))
        if point == "before_end":
            worker._end = dying_at_the_end(worker._end)  # type: ignore[method-assign]
        print(worker.step())


if __name__ == "__main__":
    main(*sys.argv[1:])
