"""The card, laid out for the room there is."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events, getters
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from overread_console.flow.layout import CARD_WIDTH, layout
from overread_console.flow.scene import Scene
from overread_console.flow.spans import BLANK, Line, Span
from overread_console.tui.review.judging import Judging
from overread_console.tui.theme import content

_FINISHED: tuple[Line, ...] = (
    BLANK,
    (Span(" Nothing is left in this session.", "question"),),
    BLANK,
    (Span(" q  ends the session and shows what it came to"),),
    (Span(" u  takes back the last approval, while it is held"),),
)


class CardView(VerticalScroll, can_focus=False):
    """Never wider than 80 columns; it scrolls only where a brief was let in over its budget."""

    scene: reactive[Scene] = reactive(Scene())
    """Where the flow stands."""
    judging: reactive[Judging | None] = reactive[Judging | None](None)
    """A first judgement that is being made, in the place of the suggestion."""

    text = getters.query_one("#card-text", Static)

    @dataclass
    class KeyClicked(Message):
        """A line with a key on it was clicked."""

        key: str

    def compose(self) -> ComposeResult:
        yield Static(id="card-text")

    def watch_scene(self) -> None:
        if self.is_mounted:
            self._draw()

    def watch_judging(self) -> None:
        if self.is_mounted:
            self._draw()

    def on_mount(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def on_click(self, event: events.Click) -> None:
        line = event.y + self.scroll_offset.y
        lines = self._lines()
        for span in lines[line] if line < len(lines) else ():
            if span.role in ("key", "locked") and span.text.strip(" ()"):
                self.post_message(self.KeyClicked(span.text.strip()))

    def _draw(self) -> None:
        self.text.update(content(self._lines()))

    def _lines(self) -> tuple[Line, ...]:
        if self.scene.card is None:
            return _FINISHED if self.scene.finished else ()
        card, width = self.scene.card, min(self.size.width, CARD_WIDTH)
        ai = self.judging.line(card) if self.judging else None
        return layout(card, max(width, 40), self.size.height, ai=ai)
