"""What an option or a command still needs, asked one line at a time. An empty line leaves it."""

from __future__ import annotations

from overread_briefs.fields import Parameters
from overread_briefs.visible import visible
from overread_console.flow.form import Field, read_form
from overread_console.flow.notices import EMPTY, notice_pane, notice_sentence
from overread_console.flow.prompt import Prompt
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.sentences import pane_sentences
from overread_console.flow.snooze import moments
from overread_console.flow.spans import Line, plain
from overread_console.plain.talk import Talk
from overread_queue.clock import Clock
from overread_queue.errors import OverreadError
from overread_queue.models import Notice


class Asking:
    """The small questions between a choice and its effect."""

    def __init__(self, flow: ReviewFlow, talk: Talk, clock: Clock) -> None:
        self._flow = flow
        self._talk = talk
        self._clock = clock
        self._notices: tuple[Notice, ...] = ()

    def decide(self, option: str) -> None:
        """Ask for whatever the option needs, and decide."""
        prompt = self._flow.prepare(option)
        match prompt.kind:
            case "nothing":
                self._flow.choose(option)
            case "words":
                self._with_words(prompt)
            case "yes":
                if self._sure(prompt.ask, prompt.lines):
                    self._flow.choose(option)
            case "form":
                self._with_form(prompt)
            case "token":
                self._with_token(prompt)

    def _with_token(self, prompt: Prompt, parameters: Parameters | None = None) -> None:
        self._talk.say_all(map(_spoken, prompt.lines))
        typed = self._talk.ask(prompt.ask)
        if typed:
            self._flow.choose(prompt.option, parameters=parameters, token=typed)
        else:
            self._talk.say("Nothing was decided.")

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
        if not (typed.isdecimal() and 1 <= int(typed) <= len(self._notices)):
            self._talk.say("Nothing was objected to.")
            return
        notice = self._notices[int(typed) - 1]
        self._talk.say_all(pane_sentences(notice_pane(notice, self._clock.now())))
        reason = self._talk.ask("What is wrong with it? The agent gets your reason:")
        if reason:
            self._flow.object(notice, reason)
        else:
            self._talk.say("Nothing was objected to.")

    def _with_words(self, prompt: Prompt) -> None:
        if prompt.text:
            self._talk.say(f"You wrote before: {visible(prompt.text)}")
        words = self._talk.ask(prompt.ask) or prompt.text
        if words:
            self._flow.choose(prompt.option, reason=words)
        else:
            self._talk.say("Nothing was decided.")

    def _with_form(self, prompt: Prompt) -> None:
        texts = {field.name: self._talk.ask(_question(field)) for field in prompt.fields}
        for field in prompt.fields:
            texts[field.name] = texts[field.name] or field.text
        try:
            values = read_form(prompt.fields, texts)
            lines = self._flow.preview(prompt.option, values)
        except OverreadError as refused:
            self._talk.say(f"Not possible: {visible(str(refused))}", "Nothing was decided.")
            return
        needed = self._flow.prepare(prompt.option, values)
        if needed.kind == "token":
            self._with_token(needed, values)
        elif self._sure("This is what will be executed.", lines):
            self._flow.choose(prompt.option, parameters=values)

    def _sure(self, ask: str, lines: tuple[Line, ...]) -> bool:
        self._talk.say_all(map(_spoken, lines))
        yes = self._talk.ask(f"{ask} Type yes to go on:").lower() in ("yes", "y")
        if not yes:
            self._talk.say("Nothing was decided.")
        return yes


def _question(field: Field) -> str:
    hint = f", {field.hint}" if field.hint else ""
    return f"{field.title}{hint}. Now {visible(field.text)}; an empty line keeps it:"


def _spoken(line: Line) -> str:
    text = plain(line)
    if text.startswith("~ "):
        return "changed: " + text.removeprefix("~ ").replace(" → ", " becomes ")
    return text
