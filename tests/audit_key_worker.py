"""A lead's process that dies at one step of replacing the audit key."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from overread_queue import drawing_key
from overread_queue.clock import ManualClock
from overread_queue.leading import audit_key
from overread_queue.office import LeadOffice

KILLED = 9
STEPS = {
    "before the next one is made": (drawing_key, "generate_secret", False),
    "with the next one made": (drawing_key, "generate_secret", True),
    "with the next one waiting": (drawing_key, "replace_private", True),
    "before the event": (audit_key, "Event", False),
    "before the commit": (audit_key, "Event", True),
    "after the commit": (audit_key, "take_over", False),
    "at the end": (audit_key, "take_over", True),
}
"""Where it dies: before or after the call of that name."""
COMMITTED = ("after the commit", "at the end")


def rotate(db: Path, now: int, step: str) -> None:
    module, name, after = STEPS[step]
    setattr(module, name, _deadly(getattr(module, name), after=after))
    with LeadOffice.open(db, reviewer="lea", clock=ManualClock(now)) as lea:
        lea.rotate_audit_key()


def _deadly(call: Callable[..., object], *, after: bool) -> Callable[..., object]:
    def dies(*arguments: object, **more: object) -> object:
        if after:
            call(*arguments, **more)
        os._exit(KILLED)

    return dies


if __name__ == "__main__":
    rotate(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
