"""Type what it is done to, before what cannot be undone."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events, getters, on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from overread_console.flow.prompt import Prompt
from overread_console.tui.dialogs.base import Dialog
from overread_console.tui.theme import content


class TypedInput(Input):
    """Takes keys only: what is pasted was not read."""

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()

    def action_paste(self) -> None:
        """Nothing, where the terminal passes the key on to us."""


class TokenDialog(Dialog[str]):
    """Gives what was typed, once it is right, or None."""

    typed = getters.query_one(TypedInput)
    complaint = getters.query_one("#complaint", Static)

    def __init__(self, prompt: Prompt) -> None:
        super().__init__(f"{prompt.title}?", "enter approves · esc back, with nothing done")
        self._prompt = prompt
        self._token = prompt.token.text if prompt.token else ""

    def middle(self) -> Iterable[Widget]:
        yield Static(content(self._prompt.lines), classes="lines")
        yield Static(Content(self._prompt.ask), classes="warning")
        yield TypedInput(compact=True)
        yield Static(id="complaint")

    def on_mount(self) -> None:
        self.typed.cursor_blink = False
        self.typed.focus()

    @on(Input.Submitted)
    def _compare(self) -> None:
        if self.typed.value == self._token:
            self.dismiss(self.typed.value)
        else:
            self.complaint.update(Content(f"Type {self._token}, exactly, or leave with esc."))
