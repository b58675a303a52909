"""What every screen has around it: a line on top, a place for trouble, a line of news."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from overread_console.flow.spans import Line, Span, apart, short, width
from overread_console.tui.theme import content, line_content


class TopLine(Static):
    """Where we are on the left, how the desk is on the right."""

    left: reactive[str] = reactive("overread")
    """Where we are."""
    right: reactive[str] = reactive("")
    """Whether the view is live, and what is urgent."""

    def render(self) -> Content:
        columns = max(self.size.width, 20)
        room = columns - width((Span(self.right),)) - 4
        left: Line = (Span(" "), Span(short(self.left, room), "strong"))
        return line_content(apart(left, (Span(self.right, "muted"), Span(" ")), columns))


class Trouble(Static):
    """An error in plain words. It goes away with the next thing that works, or with esc."""

    sentence: reactive[str] = reactive("")
    """What happened, what is safe, what to do; empty while all is well."""

    def render(self) -> Content:
        return content(((Span("✗ ", "danger"), Span(self.sentence)),))

    def watch_sentence(self, sentence: str) -> None:
        self.display = bool(sentence)


class News(Static):
    """One line at the foot: what is held, what was just recorded, why a key is locked."""

    line: reactive[Line] = reactive(())
    """What to say now."""

    def render(self) -> Content:
        return line_content((Span(" "), *self.line))
