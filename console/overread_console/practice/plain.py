"""Practice as plain lines."""

from __future__ import annotations

from overread_console.flow.sentences import pane_sentences
from overread_console.plain.face import PlainFace, Sleep
from overread_console.plain.talk import Talk
from overread_console.practice.flow import PracticeFlow
from overread_queue.clock import Clock


class PracticeFace(PlainFace):
    """The plain face; it says PRACTICE with each item and question, and reads out lessons."""

    ITEM = "PRACTICE item"
    WHAT_NOW = "PRACTICE. What now? (? for help)"

    def __init__(self, flow: PracticeFlow, talk: Talk, *, clock: Clock, sleep: Sleep) -> None:
        super().__init__(flow, talk, clock=clock, sleep=sleep)
        self._practice = flow

    def _turn(self) -> None:
        lesson = self._practice.lesson
        if lesson is None:
            super()._turn()
            return
        self._telling.news(self._clockwork.trouble)
        self._talk.say_all(pane_sentences(lesson))
        self._talk.ask("PRACTICE. An empty line goes on:")
        self._practice.go_on()
