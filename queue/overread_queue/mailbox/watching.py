"""Waking an agent of another user: nobody else may ring its bell, so it watches the outbox."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from overread_queue.mailbox.layout import Layout

LONGEST_BLIND = 0.25
"""Seconds between looks where there is no folder to watch yet."""
STEP_MS = 5


class FolderWatch:
    """Sleeps until something changes in the folders, or the time is over."""

    def __init__(self, folders: list[Path]) -> None:
        self._folders = folders
        self._changes: Iterator[object] | None = None

    def wait(self, seconds: float) -> bool:
        """The first call only hangs up the bell, so that no change falls before the next look."""
        if self._changes is None:
            self._changes = self._watching()
            next(self._changes)
            return True
        until = time.monotonic() + max(seconds, 0.001)
        while time.monotonic() < until:
            if next(self._changes):
                return True
        return False

    def _watching(self) -> Iterator[object]:
        folders = [folder for folder in self._folders if folder.is_dir()]
        if len(folders) < len(self._folders):
            yield from _blind()
        from watchfiles import watch  # 40 ms to import, for those who wait only

        yield from watch(
            *folders,
            watch_filter=None,
            debounce=STEP_MS,
            step=STEP_MS,
            rust_timeout=100,
            yield_on_timeout=True,
            recursive=False,
            raise_interrupt=True,
        )


def _blind() -> Iterator[object]:
    while True:
        time.sleep(LONGEST_BLIND)
        yield None


@contextmanager
def watching(layout: Layout, agent: str) -> Iterator[FolderWatch]:
    """What is for the agent, and what is for everybody."""
    yield FolderWatch([layout.agent(agent), layout.outbox])
