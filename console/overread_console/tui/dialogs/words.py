"""One line of words from the reviewer: a reason, a question, a note."""

from __future__ import annotations

from collections.abc import Iterable

from textual import getters, on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from overread_console.flow.spans import Line
from overread_console.tui.dialogs.base import Dialog
from overread_console.tui.theme import content


class WordsDialog(Dialog[str]):
    """Gives the words, or None. Empty words are refused here, as they would be by the desk."""

    words = getters.query_one(Input)
    complaint = getters.query_one("#complaint", Static)

    def __init__(
        self,
        title: str,
        ask: str,
        *,
        lines: tuple[Line, ...] = (),
        text: str = "",
        enter: str = "sends",
    ) -> None:
        super().__init__(title, f"enter {enter} · esc back")
        self._ask = ask
        self._lines = lines
        self._text = text

    def middle(self) -> Iterable[Widget]:
        if self._lines:
            yield Static(content(self._lines), classes="lines")
        yield Static(Content(self._ask))
        yield Input(self._text, select_on_focus=False, compact=True)
        yield Static(id="complaint")

    def on_mount(self) -> None:
        self.words.cursor_blink = False
        self.words.focus()

    @on(Input.Submitted)
    def _send(self) -> None:
        if self.words.value.strip():
            self.dismiss(self.words.value.strip())
        else:
            self.complaint.update(Content("Write a few words, or leave with esc."))
