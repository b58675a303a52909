"""From a chosen option to its decision, one question a line. An empty line leaves it."""

from __future__ import annotations

from typing import assert_never

from overread_briefs.fields import Parameters
from overread_briefs.visible import visible
from overread_console.flow.care import SURENESS
from overread_console.flow.form import Field, read_form
from overread_console.flow.prompt import ChallengeWords, Prompt
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.sentences import lock_sentence, suggestion_sentences
from overread_console.flow.spans import Line, plain
from overread_console.plain.talk import Talk
from overread_queue.errors import Boilerplate, InvalidRequest, OverreadError

_NOTHING = "Nothing was decided."


class Deciding:
    """Asks for what the flow says is still needed. Nothing here depends on how fast one types."""

    def __init__(self, flow: ReviewFlow, talk: Talk) -> None:
        self._flow = flow
        self._talk = talk

    def decide(self, option: str, parameters: Parameters | None = None) -> None:
        """Ask for whatever the option needs next, until nothing is missing, and decide."""
        prompt = self._prepared(option, parameters)
        if prompt is not None:
            self._ask(prompt, parameters)

    def judge(self) -> None:
        """A first judgement, and then what was withheld."""
        choices = self._flow.scene.card.choices if self._flow.scene.card else ()
        self._talk.say("Your own judgement first. It is recorded, and stays as it is.")
        self._talk.say_all(f"  {choice.letter}: {choice.label}" for choice in choices)
        typed = self._talk.ask("What would you choose? A letter:").lower()
        chosen = next((one for one in choices if typed in (one.letter, one.key)), None)
        sure = self._talk.ask("How sure? 1 low, 2 medium, 3 high:") if chosen else ""
        if chosen is None or sure not in ("1", "2", "3"):
            self._talk.say("Nothing was recorded.")
            return
        self._flow.judge(chosen.key, SURENESS[int(sure) - 1])
        if self._flow.scene.card is not None:
            self._talk.say_all(suggestion_sentences(self._flow.scene.card))

    def _prepared(self, option: str, parameters: Parameters | None) -> Prompt | None:
        """None, with a sentence, while approving is locked."""
        try:
            return self._flow.prepare(option, parameters)
        except InvalidRequest as refused:
            lock = self._flow.scene.lock
            if str(refused) != lock:
                raise
            self._talk.say(f"Not now. {lock_sentence(lock)}")
            return None

    def _ask(self, prompt: Prompt, parameters: Parameters | None) -> None:
        option = prompt.option
        match prompt.kind:
            case "nothing":
                if parameters is None or self._sure("This is what will be executed.", prompt.lines):
                    self._flow.choose(option, parameters=parameters)
            case "words":
                self._with_words(prompt)
            case "yes":
                if self._sure(prompt.ask, prompt.lines):
                    self._flow.choose(option)
            case "form":
                self._with_form(prompt)
            case "challenge":
                if self._challenged(prompt):
                    self.decide(option, parameters)
            case "token":
                self._with_token(prompt, parameters)
            case never:
                assert_never(never)

    def _with_words(self, prompt: Prompt) -> None:
        words = self._ask_again(prompt.ask, prompt.text)
        if words:
            self._flow.choose(prompt.option, reason=words)
        else:
            self._talk.say(_NOTHING)

    def _with_token(self, prompt: Prompt, parameters: Parameters | None) -> None:
        self._talk.say_all(map(_spoken, prompt.lines))
        typed = self._talk.ask(prompt.ask)
        if typed:
            self._flow.choose(prompt.option, parameters=parameters, token=typed)
        else:
            self._talk.say(_NOTHING)

    def _with_form(self, prompt: Prompt) -> None:
        self._talk.say_all(map(_spoken, prompt.lines))
        texts = {field.name: self._talk.ask(_question(field)) for field in prompt.fields}
        for field in prompt.fields:
            texts[field.name] = texts[field.name] or field.text
        try:
            values = read_form(prompt.fields, texts)
            self._flow.preview(prompt.option, values)
        except OverreadError as refused:
            self._talk.say(f"Not possible: {visible(str(refused))}", _NOTHING)
            return
        self.decide(prompt.option, values)

    def _challenged(self, prompt: Prompt) -> bool:
        """Whether the desk has taken a challenge. What was typed of one comes back next time."""
        words = self._challenge_words(prompt)
        self._flow.keep_words(words)
        if not (words.weakest and words.wrong_if and (words.changed or not prompt.differs)):
            self._talk.say(_NOTHING)
            return False
        try:
            self._flow.challenge(words.weakest, words.wrong_if, words.changed)
        except Boilerplate as refused:
            if not refused.may_keep or not self._insists(refused):
                raise
            self._flow.challenge(words.weakest, words.wrong_if, words.changed, keep=True)
        return True

    def _challenge_words(self, prompt: Prompt) -> ChallengeWords:
        before = prompt.challenge
        self._talk.say(prompt.ask)
        asked = "Weakest evidence? Its number, or missing: and what is missing:"
        weakest = self._ask_again(asked, before.weakest)
        asked = "Go on with: this would be wrong if"
        wrong_if = self._ask_again(asked, before.wrong_if) if weakest else before.wrong_if
        if not (prompt.differs and wrong_if):
            return ChallengeWords(weakest, wrong_if, before.changed)
        asked = f"You judged {prompt.differs}. What changed since?"
        return ChallengeWords(weakest, wrong_if, self._ask_again(asked, before.changed))

    def _insists(self, refused: Boilerplate) -> bool:
        self._talk.say(visible(str(refused)))
        return self._talk.ask("Type keep to leave it as it is:").lower() == "keep"

    def _ask_again(self, question: str, before: str) -> str:
        """What is typed; where something was typed before, an empty line keeps that."""
        if before:
            self._talk.say(f"You wrote before: {visible(before)}. An empty line keeps it.")
        return self._talk.ask(question) or before

    def _sure(self, ask: str, lines: tuple[Line, ...]) -> bool:
        self._talk.say_all(map(_spoken, lines))
        yes = self._talk.ask(f"{ask} Type yes to go on:").lower() in ("yes", "y")
        if not yes:
            self._talk.say(_NOTHING)
        return yes


def _question(field: Field) -> str:
    hint = f", {field.hint}" if field.hint else ""
    return f"{field.title}{hint}. Now {visible(field.text)}; an empty line keeps it:"


def _spoken(line: Line) -> str:
    text = plain(line)
    if text.startswith("~ "):
        return "changed: " + text.removeprefix("~ ").replace(" → ", " becomes ")
    return text
