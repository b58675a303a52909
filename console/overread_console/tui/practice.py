"""Practice on the full screen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from overread_console.flow.panes import Pane
from overread_console.practice.flow import PracticeFlow
from overread_console.tui.app import OverreadApp
from overread_console.tui.dialogs.base import Dialog
from overread_console.tui.theme import content
from overread_queue.clock import Clock


class LessonDialog(Dialog[None]):
    """What an item was. Read, and go on to the next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "nothing", "go on", id="lesson.close", tooltip="To the next item."),
    ]

    def __init__(self, lesson: Pane) -> None:
        super().__init__(lesson.title, "enter go on")
        self._lesson = lesson

    def middle(self) -> Iterable[Widget]:
        yield Static(content(self._lesson.lines), classes="lines")


class PracticeApp(OverreadApp):
    """The console itself; every screen says PRACTICE, and a lesson follows each decision."""

    def __init__(self, flow: PracticeFlow, *, db: Path, clock: Clock) -> None:
        super().__init__(flow, db=db, clock=clock)
        self._practice = flow
        self._told: Pane | None = None

    @property
    def desk_words(self) -> str:
        """In the place of how the desk is."""
        return "PRACTICE · nothing here is real"

    def oversee(self) -> None:
        """Practice is measured by nobody."""
        self._screens()[-1].say("nobody measures practice; L is there on a real desk")

    def _follow(self) -> None:
        super()._follow()
        lesson = self._practice.lesson
        if lesson is not None and lesson is not self._told:
            self._told = lesson
            self.push_screen(LessonDialog(lesson), lambda _: self.do(self._practice.go_on))
