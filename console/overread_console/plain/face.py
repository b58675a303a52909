"""`review --plain`: the same flow, with the same rules, one line at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from overread_briefs.errors import BriefError
from overread_briefs.visible import visible
from overread_console.flow.keys import COMMANDS, OPTION_LETTERS, Command
from overread_console.flow.policy_pages import page_sentences, pages_of
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.sentences import pane_sentences
from overread_console.flow.summary import is_long
from overread_console.flow.words import number_in
from overread_console.plain.asking import Asking
from overread_console.plain.clockwork import Clockwork
from overread_console.plain.deciding import Deciding
from overread_console.plain.listing import Listing
from overread_console.plain.talk import EndOfInput, Talk
from overread_console.plain.telling import Telling
from overread_queue.clock import Clock, SystemClock
from overread_queue.desk import ReviewDesk
from overread_queue.errors import OverreadError

Sleep = Callable[[float], None]

DESK_WORDS = {
    "notices": "Read what agents did and told of.",
    "object": "Object to one of the notices; its agent gets your reason.",
    "policy": "Read the policy: tiers, people, pools, rules.",
    "list": "Read what else is waiting, numbered; list and words: only what has them.",
    "filter": "The same as list and words.",
    "pick": "pick and a number: take that item of the list right after this one.",
}
"""What is about the desk and not about the item at hand."""

_WAIT = 0.2
"""Seconds between looks while the last approvals are being recorded."""


def run(
    path: str | Path,
    *,
    reviewer: str | None,
    limit: int | None = None,
    stdin: TextIO,
    stdout: TextIO,
    clock: Clock | None = None,
    sleep: Sleep = time.sleep,
) -> int:
    """One session as plain lines. 0 when it ended as it should, also at end of input.

    Raises what `ReviewDesk.open` raises.
    """
    clock = clock or SystemClock()
    desk = ReviewDesk.open(path, reviewer=reviewer, clock=clock)
    flow = ReviewFlow(desk, clock)
    try:
        PlainFace(flow, Talk(stdin, stdout), clock=clock, sleep=sleep).session(limit)
    finally:
        flow.close()
    return 0


class PlainFace:
    """A session as a conversation: it says where we are, and asks what to do."""

    ITEM = "Item"
    """What an item is called when it comes up."""
    WHAT_NOW = "What now? (? for help)"

    def __init__(self, flow: ReviewFlow, talk: Talk, *, clock: Clock, sleep: Sleep) -> None:
        self._flow = flow
        self._talk = talk
        self._clock = clock
        self._sleep = sleep
        self._asking = Asking(flow, talk, clock)
        self._deciding = Deciding(flow, talk)
        self._listing = Listing(flow, talk, clock)
        self._clockwork = Clockwork(flow)
        self._telling = Telling(flow, talk, clock)
        talk.heard = flow.active

    def session(self, limit: int | None) -> None:
        """From greeting to summary."""
        with self._clockwork:
            notices = self._telling.greet()
            try:
                self._flow.start(max_items=limit)
                self._telling.notices(notices)
                while self._flow.scene.in_session:
                    self._turn()
            except EndOfInput:
                self._talk.say("End of input: the session ends, what is left goes back.")
            self._finish()

    def _turn(self) -> None:
        self._clockwork.tick()
        self._telling.news(self._clockwork.trouble)
        self._telling.item(self.ITEM)
        self._telling.lock()
        typed = self._talk.ask(self.WHAT_NOW)
        try:
            self._obey(typed)
        except (OverreadError, BriefError) as error:
            self._talk.say(f"Refused: {visible(str(error))}")

    def _obey(self, typed: str) -> None:
        """A letter, a word, an option's key, or a number."""
        word = typed.lower()
        if not word:
            self._telling.forget_item()
        elif word in ("?", "h", "help"):
            self._help()
        elif (number := number_in(word.removeprefix("evidence "))) >= 0:
            self._flow.read(number)
            self._read_out()
        elif self._about_desk(word) or self._command(typed) or self._option(word):
            return
        elif word in OPTION_LETTERS:
            self._talk.say(f"Not here: {self._flow.scene.why_not(word)}.")
        else:
            self._talk.say(f"I do not know {visible(typed)!r}; ? lists what you can type.")

    def _command(self, typed: str) -> bool:
        command = _command_for(typed)
        if command is None:
            return False
        state = self._flow.scene.key(command.key)
        if state is not None and not state.enabled:
            self._talk.say(f"Not now: {state.why}.")
        else:
            self._carry_out(command.name)
        return True

    def _about_desk(self, typed: str) -> bool:
        """What the desk's own keys show on a full screen."""
        word, _, rest = typed.partition(" ")
        match word:
            case "policy":
                for page in pages_of(self._flow.desk):
                    self._talk.say_all(page_sentences(page))
            case "notices":
                self._asking.read_notices()
            case "object":
                self._asking.object()
            case "list" | "filter":
                self._listing.tell(rest)
            case "pick":
                self._listing.pick(rest.strip())
            case _:
                return False
        return True

    def _carry_out(self, name: str) -> None:
        flow = self._flow
        match name:
            case "done" | "why" | "unmask":
                {"done": flow.read_steps, "why": flow.read_reasons, "unmask": flow.unmask}[name]()
                self._read_out()
            case "comment":
                flow.read_comments()
                self._read_out()
                self._asking.comment()
            case _:
                {
                    "judge": self._deciding.judge,
                    "snooze": self._asking.snooze,
                    "skip": flow.skip,
                    "undo": flow.undo,
                    "urgent": flow.bring_urgent,
                    "stop": self._asking.stop,
                    "quit": flow.end,
                }[name]()

    def _option(self, word: str) -> bool:
        card = self._flow.scene.card
        for choice in card.choices if card else ():
            if word in (choice.letter, choice.key, choice.kind.replace("_", " ")):
                self._deciding.decide(choice.key)
                return True
        return False

    def _read_out(self) -> None:
        if self._flow.scene.pane is not None:
            self._talk.say_all(pane_sentences(self._flow.scene.pane))

    def _help(self) -> None:
        card = self._flow.scene.card
        for choice in card.choices if card else ():
            self._talk.say(f"{choice.letter} or {choice.key}: {choice.label}")
        self._talk.say("a number: read that piece of evidence")
        self._talk.say_all(f"{one.key} or {one.name}: {one.words}" for one in COMMANDS)
        self._talk.say_all(f"{word}: {words}" for word, words in DESK_WORDS.items())
        self._talk.say("empty line: say the card again")

    def _finish(self) -> None:
        """Give back, wait until nothing is held any more, and sum up."""
        if self._flow.scene.in_session:
            self._flow.end()
        if self._flow.scene.held is not None:
            self._talk.say("Recording what is held.")
        while self._flow.scene.held is not None:
            self._sleep(_WAIT)
            self._clockwork.tick()
            if self._clockwork.trouble:
                break
        self._telling.news(self._clockwork.trouble)
        self._telling.summary()
        self._ask_about_tests()
        self._offer_a_word()

    def _ask_about_tests(self) -> None:
        """Whether anything looked like one, after a session that had one; nothing is no answer."""
        summary = self._flow.scene.summary
        if summary is None or not summary.tests:
            return
        with suppress(EndOfInput):
            said = self._talk.ask("y, n or nothing:").lower()
            if said in ("y", "n"):
                self._flow.looked_like_a_test(said == "y")
                self._telling.news(self._clockwork.trouble)

    def _offer_a_word(self) -> None:
        """To the owner of a brief that was long to read; anything but `t` says nothing."""
        summary = self._flow.scene.summary
        if summary is None or not is_long(summary):
            return
        with suppress(EndOfInput):
            if self._talk.ask("t or nothing:").lower() == "t":
                self._flow.tell_owner()
                self._telling.news(self._clockwork.trouble)


def _command_for(typed: str) -> Command | None:
    """By letter or word. Only a letter that is nothing as it was typed may mean the other case."""
    exact = {one.key: one for one in COMMANDS}
    named = {one.name: one for one in COMMANDS}
    return exact.get(typed) or named.get(typed.lower()) or exact.get(typed.lower())
