"""After a session."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from overread_console.flow.summary import is_long, summary_lines
from overread_console.tui.dialogs.base import Dialog
from overread_console.tui.theme import content
from overread_queue.models import SessionSummary

Word = Literal["tell", "seemed", "plain"]
"""What a reviewer has to say of a session: to the owner of its longest item, or whether anything
looked like a test."""


class SummaryDialog(Dialog[Word]):
    """Read, perhaps say one word, and go back to the desk."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,q", "nothing", "back to the desk", id="summary.close", tooltip="Close."),
        Binding("y", "seemed(True)", "it did", id="summary.seemed", tooltip="Like a test."),
        Binding("n", "seemed(False)", "it did not", id="summary.plain", tooltip="All like work."),
        Binding("t", "tell", "tell its owner", id="summary.tell", tooltip="It was hard to read."),
    ]

    def __init__(self, summary: SessionSummary, ended: str) -> None:
        super().__init__("this session", "enter back to the desk")
        self._summary = summary
        self._ended = ended

    def middle(self) -> Iterable[Widget]:
        if self._ended:
            yield Static(Content(self._ended), classes="lines")
        yield Static(content(summary_lines(self._summary)), classes="lines")

    def action_seemed(self, seemed: bool) -> None:
        if self._summary.tests:
            self.dismiss("seemed" if seemed else "plain")

    def action_tell(self) -> None:
        if is_long(self._summary):
            self.dismiss("tell")
