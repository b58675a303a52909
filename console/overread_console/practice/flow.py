"""The review flow over labelled items: it pauses at what each decision teaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from overread_briefs.fields import Parameters
from overread_console.flow.panes import Pane
from overread_console.flow.review_flow import ReviewFlow
from overread_console.practice.items import PracticeItem
from overread_console.practice.lesson import Outcome, lesson_pane
from overread_queue.clock import Clock
from overread_queue.desk import ReviewDesk
from overread_queue.models import Receipt


class PracticeFlow(ReviewFlow):
    """Everything as it is for real, and after each decision a `lesson` until `go_on`."""

    def __init__(self, desk: ReviewDesk, clock: Clock, labels: Mapping[str, PracticeItem]) -> None:
        super().__init__(desk, clock)
        self.lesson: Pane | None = None
        self.outcomes: list[Outcome] = []
        self._labels = labels
        self._pausing = False

    def choose(
        self,
        option_key: str,
        *,
        parameters: Parameters | None = None,
        reason: str = "",
        token: str = "",
    ) -> Receipt:
        """Decide the item at hand, and put on show what it was."""
        with self._changing():
            item = self._at_hand().item.id
            kind = self._option(option_key).kind
            with self._next_waits():
                receipt = super().choose(
                    option_key, parameters=parameters, reason=reason, token=token
                )
            self._release_due()
            outcome = Outcome(self._labels[item], kind)
            self.outcomes.append(outcome)
            self.lesson = lesson_pane(outcome)
            return receipt

    def go_on(self) -> None:
        """Put the lesson away and open the next item."""
        with self._changing():
            self.lesson = None
            self._open_next()

    @contextmanager
    def _next_waits(self) -> Iterator[None]:
        self._pausing = True
        try:
            yield
        finally:
            self._pausing = False

    def _open_next(self) -> None:
        """The next item's time starts when the lesson has been read."""
        if self.lesson is None and not self._pausing:
            super()._open_next()
