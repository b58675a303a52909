"""Waiting for processes of one's own, but not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from overread_queue.errors import OverreadError

PATIENCE_SECONDS = 20
GLANCE_SECONDS = 0.1


class AgentsFell(OverreadError):
    """The agents did not do their part in time."""

    def __init__(self, missing: str, log: Path) -> None:
        said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else "(nothing)"
        super().__init__(f"after {PATIENCE_SECONDS} s {missing}; the agents' log:\n{said}")


def until(true: Callable[[], bool], *, missing: str, log: Path) -> None:
    """Look again and again; raises `AgentsFell` when patience ends."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > deadline:
            raise AgentsFell(missing, log)
        time.sleep(GLANCE_SECONDS)
