"""Saying where the flow stands, each thing once: who, what is new, the item, what is locked."""

from __future__ import annotations

import re

from overread_briefs.visible import visible
from overread_console.flow.desk_view import desk_lines, view_of
from overread_console.flow.halts import LIFT, halt_words
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.sentences import (
    card_sentences,
    line_sentence,
    lock_sentence,
    sentence,
)
from overread_console.flow.spans import plain
from overread_console.flow.summary import summary_lines
from overread_console.flow.words import count
from overread_console.plain.talk import Talk
from overread_queue.clock import Clock

_SECONDS = re.compile(r"in \d+ s")
"""What changes in a lock by itself."""

_UNCUT = 10_000
"""Columns of somebody who listens."""


class Telling:
    """Remembers what was said, so that nothing is said twice unless it is asked for."""

    def __init__(self, flow: ReviewFlow, talk: Talk, clock: Clock) -> None:
        self._flow = flow
        self._talk = talk
        self._clock = clock
        self._shown = self._locked = ""
        self._halts: frozenset[str] = frozenset()

    def greet(self) -> int:
        """Who and where; gives the number of notices."""
        desk = self._flow.desk
        single = " This desk has a single operator." if desk.single_operator else ""
        self._talk.say(
            f"Overread, {visible(desk.desk_name)}. You are {visible(desk.label)}.{single}"
        )
        view = view_of(desk)
        lines = desk_lines(view, self._clock.now(), filtered=False, columns=_UNCUT)
        sentences = (" ".join(line_sentence(line).split()) for line in lines)
        self._talk.say_all(sentence.replace("▲ ", "") for sentence in sentences)
        self._halts = frozenset(halt.id for halt in view.halts)
        return view.notices

    def notices(self, number: int) -> None:
        """Without a session nobody is asked what to do, so the shell has to show them."""
        if number:
            how = "type notices" if self._flow.scene.in_session else "`overread notices` shows them"
            self._talk.say(f"Agents told of {count(number, 'action')}; {how}.")

    def news(self, trouble: str) -> None:
        for notice in self._flow.take_news():
            self._talk.say(sentence(notice.text))
        if trouble:
            self._talk.say(f"Trouble with the desk: {trouble}")
        scene = self._flow.scene
        if scene.held is not None:
            self._talk.say(scene.held.words().replace(" · ", "; ") + ".")
        if scene.lost:
            self._talk.say(f"{scene.lost}.")
        for halt in scene.halts:
            if halt.id not in self._halts and halt.by != self._flow.desk.name:
                self._talk.say(f"Stopped: {halt_words(halt)}; {LIFT}.")
        self._halts = frozenset(halt.id for halt in scene.halts)

    def lock(self) -> None:
        """What approving waits for, once, and again when something of it is done."""
        lock = self._flow.scene.lock
        asked = _SECONDS.sub("", lock)
        if asked == self._locked:
            return
        self._locked = asked
        if self._flow.scene.card is not None:
            self._talk.say(lock_sentence(lock) if lock else "Approving is open now.")

    def item(self, word: str) -> None:
        """The card, once, when its item comes up."""
        scene = self._flow.scene
        here = scene.review.id if scene.review else "nothing"
        if here == self._shown:
            return
        self._shown, self._locked = here, ""
        if scene.card is None:
            self._talk.say("Nothing is left in this session; q ends it.")
            return
        self._talk.say("", f"{word} {scene.position} of {scene.total}.")
        self._talk.say_all(card_sentences(scene.card))

    def forget_item(self) -> None:
        """Say the card again."""
        self._shown = ""

    def summary(self) -> None:
        """What the session came to, and why it ended where that was not the reviewer's doing."""
        scene = self._flow.scene
        if scene.ended:
            self._talk.say(sentence(scene.ended))
        if scene.summary is not None:
            lines = map(plain, summary_lines(scene.summary))
            self._talk.say_all(line.replace(" · ", ", ") for line in lines)
