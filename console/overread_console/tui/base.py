"""What all full screens share: top line, trouble, news, and following the flow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer

from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.scene import Scene
from overread_console.flow.spans import Line, Role, Span
from overread_console.tui.frame import News, TopLine, Trouble
from overread_console.tui.signs import REVIEW_SIGNS, Signs


class ConsoleScreen(Screen[None]):
    """A full screen. Subclasses give their middle in `body` and their picture in `follow`."""

    AUTO_FOCUS = ""
    signs: ClassVar[Signs] = REVIEW_SIGNS
    """What the help says under the keys."""

    top = getters.query_one(TopLine)
    news = getters.query_one(News)
    trouble = getters.query_one(Trouble)

    def __init__(self, flow: ReviewFlow) -> None:
        super().__init__()
        self.flow = flow
        self._troubles: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Trouble()
        yield from self.body()
        yield News()
        yield Footer(show_command_palette=False, compact=True)

    def body(self) -> Iterable[Widget]:
        """What is between the top line and the foot."""
        raise NotImplementedError

    def follow(self, scene: Scene) -> None:
        """Show where the flow stands now."""
        raise NotImplementedError

    @property
    def agent_here(self) -> str:
        """Name of the agent that what is under the cursor is about; empty without one."""
        return ""

    def words_for(self, binding: Binding) -> str:
        """What a key does here, for the help screen; empty for one that is not worth a line."""
        return binding.tooltip

    def say(self, text: str, role: Role = "muted") -> None:
        """One line at the foot, until there is something newer to say."""
        self.news.line = (Span(text, role),)

    def say_line(self, line: Line) -> None:
        self.news.line = line

    def say_trouble(self, place: str, sentence: str) -> None:
        """Show a sentence about what failed; an empty one takes it away."""
        self._troubles[place] = sentence
        self.trouble.sentence = " · ".join(filter(None, self._troubles.values()))

    def calm_down(self) -> bool:
        """Put away the trouble that the reviewer has read; whether there was any."""
        there = bool(self._troubles.get("command"))
        self.say_trouble("command", "")
        return there
