"""Every key of the screen beneath, in words, made from its bindings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from overread_console.flow.spans import BLANK, Line, Span, padded, short
from overread_console.tui.base import ConsoleScreen
from overread_console.tui.signs import REVIEW_SIGNS, Signs
from overread_console.tui.theme import content

_WORDS = 61
"""Columns beside a key, so that no line wraps under the keys."""


class HelpScreen(ModalScreen[None]):
    """The keys, then the signs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape,question_mark,q,enter",
            "dismiss",
            "close",
            id="help.close",
            tooltip="Back to where you were.",
        ),
    ]

    def __init__(self, beneath: Screen[object]) -> None:
        super().__init__()
        self._beneath = beneath

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Static(content(self._lines()))

    def _lines(self) -> Iterator[Line]:
        yield (Span("keys", "strong"),)
        for key, words in _keys(self._beneath):
            yield _row(key, short(words, _WORDS))
        yield BLANK
        yield (Span("signs", "strong"),)
        yield from (_row(sign, words) for sign, words in _signs(self._beneath))
        yield BLANK
        yield (Span("esc goes back", "muted"),)


def _keys(screen: Screen[object]) -> Iterator[tuple[str, str]]:
    """A full screen has its own words for a key, and leaves out those that do nothing on it."""
    for binding in _bindings(screen):
        own = screen.words_for(binding) if isinstance(screen, ConsoleScreen) else binding.tooltip
        if own:
            yield _key_name(binding), own


def _signs(screen: Screen[object]) -> Signs:
    return screen.signs if isinstance(screen, ConsoleScreen) else REVIEW_SIGNS


def bindings_with_words(screen: Screen[object]) -> list[Binding]:
    """The screen's and the app's own bindings, each once, in the order they were declared."""
    return [binding for binding in _bindings(screen) if binding.tooltip]


def _bindings(screen: Screen[object]) -> list[Binding]:
    found: dict[str, Binding] = {}
    for node in (screen, screen.app):
        for _, binding in node._bindings:
            if binding.id:
                found.setdefault(binding.id, binding)
    return list(found.values())


def _key_name(binding: Binding) -> str:
    return binding.key_display or binding.key.replace("escape", "esc")


def _row(key: str, words: str) -> Line:
    return (padded(Span(f" {key}", "key"), 12), Span(words))
