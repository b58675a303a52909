"""What has to happen while nobody types: releasing, keeping leases, sweeping."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from overread_briefs.visible import visible
from overread_console.flow.review_flow import ReviewFlow
from overread_queue.errors import OverreadError

TICK_SECONDS = 1.0


class Clockwork:
    """Ticks the flow in a thread of its own. It never speaks: the next turn tells `trouble`."""

    def __init__(self, flow: ReviewFlow) -> None:
        self._flow = flow
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clockwork", daemon=True)
        self._trouble = ""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def tick(self) -> None:
        """One step now, whoever calls it."""
        try:
            self._flow.tick()
        except OverreadError as error:
            self._trouble = visible(str(error))
        else:
            self._trouble = ""

    @property
    def trouble(self) -> str:
        """What the last step failed at; empty while all is well."""
        return self._trouble

    def _run(self) -> None:
        while not self._stop.wait(TICK_SECONDS):
            self.tick()
