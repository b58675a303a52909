"""What a command still needs, asked one line at a time. An empty line leaves it."""

from __future__ import annotations

from overread_briefs.visible import visible
from overread_console.flow.notices import EMPTY, notice_pane, notice_sentence
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.sentences import pane_sentences
from overread_console.flow.snooze import moments
from overread_console.flow.words import number_in
from overread_console.plain.talk import Talk
from overread_queue.clock import Clock
from overread_queue.models import Notice

_NOBODY = "Nobody was stopped."


class Asking:
    """The small questions between a command and its effect."""

    def __init__(self, flow: ReviewFlow, talk: Talk, clock: Clock) -> None:
        self._flow = flow
        self._talk = talk
        self._clock = clock
        self._notices: tuple[Notice, ...] = ()

    def comment(self) -> None:
        text = self._talk.ask("Your note, for colleagues:")
        if text:
            self._flow.comment(text)

    def snooze(self) -> None:
        """Only moments inside the deadline are offered."""
        review = self._flow.scene.review
        if review is None:
            return
        offered = moments(self._clock.now(), review.handling.deadline_at)
        inside = {moment.key: moment for moment in offered if not moment.late}
        for moment in inside.values():
            self._talk.say(f"{moment.key}: {moment.label}")
        chosen = inside.get(self._talk.ask("Until when? A number:"))
        reason = self._talk.ask("Why later? The next reader sees it first:") if chosen else ""
        if chosen is None or not reason:
            self._talk.say("Nothing was snoozed.")
            return
        self._flow.snooze(chosen.until, reason)

    def read_notices(self) -> None:
        """The feed, numbered."""
        self._notices, now = self._flow.desk.notices(), self._clock.now()
        lines = (notice_sentence(notice, now) for notice in self._notices)
        self._talk.say_all(f"{number}: {line}." for number, line in enumerate(lines, 1))
        self._talk.say_all(() if self._notices else EMPTY)

    def object(self) -> None:
        """By the numbers of the feed as it was last read out."""
        if not self._notices:
            self.read_notices()
        typed = self._talk.ask("Object to which? A number:") if self._notices else ""
        number = number_in(typed)
        if not 1 <= number <= len(self._notices):
            self._talk.say("Nothing was objected to.")
            return
        notice = self._notices[number - 1]
        self._talk.say_all(pane_sentences(notice_pane(notice, self._clock.now())))
        reason = self._talk.ask("What is wrong with it? The agent gets your reason:")
        if reason:
            self._flow.object(notice, reason)
        else:
            self._talk.say("Nothing was objected to.")

    def stop(self) -> None:
        """Whom, why, and a yes."""
        agents = self._flow.agents()
        self._talk.say_all(f"{at}: {visible(name)}" for at, name in enumerate(agents, 1))
        typed = self._talk.ask("Stop whom? A number, or 0 for the whole desk:")
        number = number_in(typed)
        if not 0 <= number <= len(agents):
            self._talk.say(_NOBODY)
            return
        agent = agents[number - 1] if number else None
        who = visible(agent) if agent is not None else "the whole desk"
        reason = self._talk.ask("Why? It may be empty:")
        sure = self._talk.ask(f"Stop {who} until a lead lifts it? Type yes to go on:")
        if sure.lower() in ("yes", "y"):
            self._flow.stop(agent, reason)
        else:
            self._talk.say(_NOBODY)
