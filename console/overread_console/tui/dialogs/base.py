"""A small question on top of a screen. Esc always leaves everything as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

T = TypeVar("T")


class Dialog(ModalScreen[T | None]):
    """A title, something in the middle, and a line that says which keys answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "nothing",
            "back",
            key_display="esc",
            id="dialog.back",
            tooltip="Back, with nothing done.",
        ),
        Binding("S", "app.stop", show=False, id="dialog.stop"),
    ]

    def __init__(self, title: str, keys: str) -> None:
        super().__init__()
        self._title = title
        self._keys = keys

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield Static(Content(self._title), classes="title")
            yield from self.middle()
            yield Static(Content(self._keys), classes="keys")

    def middle(self) -> Iterable[Widget]:
        """What is asked."""
        raise NotImplementedError

    def action_nothing(self) -> None:
        self.dismiss(None)
