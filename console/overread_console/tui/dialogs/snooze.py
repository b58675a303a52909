"""Until when? Four moments; those after the deadline are shown and refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from overread_console.flow.snooze import Moment, moments
from overread_console.flow.spans import Line, Span
from overread_console.flow.words import due
from overread_console.tui.dialogs.base import Dialog
from overread_console.tui.theme import content


class SnoozeDialog(Dialog[int]):
    """Gives a time in UTC milliseconds, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(n), f"until({n})", show=False, id=f"snooze.{n}") for n in range(1, 5)
    ]

    complaint = getters.query_one("#complaint", Static)

    def __init__(self, now: int, deadline_at: int) -> None:
        super().__init__("snooze until", "1-4 chooses · esc back")
        self._moments = moments(now, deadline_at)
        self._due = due(deadline_at, now)

    def middle(self) -> Iterable[Widget]:
        yield Static(content(map(_line, self._moments)), classes="lines")
        yield Static(id="complaint")

    def action_until(self, number: int) -> None:
        moment = self._moments[number - 1]
        if moment.late:
            self.complaint.update(Content(f"It is due {self._due}: choose an earlier time."))
        else:
            self.dismiss(moment.until)


def _line(moment: Moment) -> Line:
    if moment.late:
        return (Span(f"{moment.key} {moment.label} – after its deadline", "locked"),)
    return (Span(f"{moment.key} ", "key"), Span(moment.label))
