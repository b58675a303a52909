"""A process that counts a chain in small steps and dies at one of them, from SIGKILL.

Arguments: the desk, the clock's time, the step, and whether it dies in the middle of its
transaction or once that is committed.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import closing

from overread_queue.clock import ManualClock
from overread_queue.ground import Ground
from overread_queue.health import following
from overread_queue.places import Places


def main(desk: str, now: str, step: str, when: str) -> None:
    following.MOST = 25  # type: ignore[misc]
    steps, watch = iter(range(1_000)), following.watch

    def dying(*arguments: object) -> None:
        watch(*arguments)  # type: ignore[arg-type]
        if when == "inside" and next(steps) == int(step):
            os.kill(os.getpid(), signal.SIGKILL)

    following.watch = dying  # type: ignore[assignment]
    with closing(Ground(Places.of(desk), ManualClock(int(now)))) as ground:
        if when == "between":
            following.follow(ground, most=25 * int(step))
            os.kill(os.getpid(), signal.SIGKILL)
        following.follow(ground)


if __name__ == "__main__":
    main(*sys.argv[1:])
