"""What is read beside the card: the list of evidence, and what is open."""

from __future__ import annotations

from textual import getters
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.widgets import Static

from overread_console.flow.scene import Scene
from overread_console.flow.spans import BLANK, Line, Span
from overread_console.tui.theme import content


class ReadingPane(VerticalScroll, can_focus=False):
    """Scrolls by itself; the card beside it stays where it is."""

    scene: reactive[Scene] = reactive(Scene())
    """Where the flow stands."""

    text = getters.query_one("#reading-text", Static)

    def compose(self) -> ComposeResult:
        yield Static(id="reading-text")

    def watch_scene(self, before: Scene, after: Scene) -> None:
        if not self.is_mounted or (before.pane, before.evidence) == (after.pane, after.evidence):
            return
        self.text.update(content(self._lines(after)))
        if (before.pane and before.pane.title) != (after.pane and after.pane.title):
            self.scroll_home(animate=False)

    def _lines(self, scene: Scene) -> tuple[Line, ...]:
        if scene.pane is None:
            return (
                *scene.evidence,
                BLANK,
                (Span("1-9 opens one · d done so far · w why", "muted"),),
            )
        head: tuple[Line, ...] = ((Span(scene.pane.title, "question"),), BLANK)
        below: tuple[Line, ...] = (BLANK, (Span("evidence", "muted"),), *scene.evidence)
        return (*head, *scene.pane.lines, *below)
