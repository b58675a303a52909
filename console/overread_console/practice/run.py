"""A burst of practice from beginning to end."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from overread_console.plain.face import Sleep
from overread_console.plain.talk import Talk
from overread_console.practice.burst import draw, load_items, shipped_folder
from overread_console.practice.desk import REVIEWER, PracticeDesk, policy_for, practice_desk
from overread_console.practice.flow import PracticeFlow
from overread_console.practice.lesson import closing_lines
from overread_console.practice.plain import PracticeFace
from overread_queue.clock import Clock, SystemClock
from overread_queue.desk import ReviewDesk

Shown = Callable[[PracticeDesk, PracticeFlow, Clock], None]
"""A face: shows the flow until the reviewer leaves."""


def practise(
    show: Shown,
    *,
    items: Path | None,
    desk: Path,
    chance: random.Random | None = None,
    clock: Clock | None = None,
) -> tuple[str, ...]:
    """One burst on a throw-away desk; what to look for next time.

    `items` is a folder of one's own. Of the real `desk` only the friction settings are read, and it
    need not be there. Raises `InvalidPractice` for items that cannot be used.
    """
    folder, clock = items or shipped_folder(), clock or SystemClock()
    burst = draw(load_items(folder), chance or random.SystemRandom())
    with practice_desk(burst, policy=policy_for(folder, desk), clock=clock) as place:
        flow = PracticeFlow(
            ReviewDesk.open(place.path, reviewer=REVIEWER, clock=clock), clock, place.labels
        )
        try:
            show(place, flow, clock)
        finally:
            flow.close()
    return tuple(closing_lines(flow.outcomes))


def plainly(stdin: TextIO, stdout: TextIO, *, sleep: Sleep = time.sleep) -> Shown:
    """As plain lines."""

    def show(_: PracticeDesk, flow: PracticeFlow, clock: Clock) -> None:
        PracticeFace(flow, Talk(stdin, stdout), clock=clock, sleep=sleep).session(None)

    return show


def on_screen(place: PracticeDesk, flow: PracticeFlow, clock: Clock) -> None:
    """On the full screen."""
    from overread_console.tui.practice import PracticeApp

    PracticeApp(flow, db=place.path, clock=clock).run()
