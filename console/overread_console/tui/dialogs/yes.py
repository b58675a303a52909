"""Are you sure? Only where something is hard to undo, and always with exactly what will happen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from overread_console.flow.prompt import Prompt
from overread_console.tui.dialogs.base import Dialog
from overread_console.tui.theme import content


class YesDialog(Dialog[bool]):
    """Gives True, or None. `y` says yes: the key that opened it does not, so a stutter cannot."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", "yes", id="dialog.yes", tooltip="Yes, do it."),
        Binding("n", "nothing", "no", id="dialog.no", tooltip="Back, with nothing done."),
    ]

    def __init__(self, prompt: Prompt) -> None:
        super().__init__(f"{prompt.title}?", "y yes · n or esc no")
        self._prompt = prompt

    def middle(self) -> Iterable[Widget]:
        if self._prompt.lines:
            yield Static(content(self._prompt.lines), classes="lines")
        yield Static(Content(self._prompt.ask), classes="warning")

    def action_yes(self) -> None:
        self.dismiss(True)
