"""What speaks against an approval, in the words of whoever is about to approve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from overread_briefs.visible import visible
from overread_console.flow.prompt import ChallengeWords, Prompt
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.scene import Scene
from overread_console.tui.dialogs.base import Dialog
from overread_queue.errors import Boilerplate, OverreadError
from overread_queue.friction.challenge import says_something

if TYPE_CHECKING:
    from overread_console.tui.app import OverreadApp


_UNSAID = "say in a few words what changed since your first judgement"


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why the words do not do, in which box, and whether they may stay as they are."""

    sentence: str
    box: str
    may_keep: bool = False


class ChallengeDialog(Dialog[bool]):
    """A band below the facts. Gives True once the desk has taken the words; esc keeps them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+s",
            "send(True)",
            "keep it",
            priority=True,
            id="challenge.keep",
            tooltip="Keep these words although they are nearly those of an earlier case.",
        ),
    ]

    complaint = getters.query_one("#complaint", Static)

    def __init__(self, prompt: Prompt, flow: ReviewFlow) -> None:
        super().__init__(prompt.ask, "enter goes on · shift+tab back · esc leaves, words stay")
        self._prompt = prompt
        self._flow = flow
        self._may_keep = False

    def middle(self) -> Iterable[Widget]:
        typed = self._prompt.challenge
        yield _row("weakest evidence", "weakest", typed.weakest, "its number, or missing: …")
        yield _row("this would be wrong if", "wrong-if", typed.wrong_if, "")
        if self._prompt.differs:
            asked = f"you judged {self._prompt.differs}"
            yield _row(asked, "changed", typed.changed, "what changed since?")
        yield Static(id="complaint")

    def on_mount(self) -> None:
        for box in self.query(Input):
            box.cursor_blink = False
        self.query(Input).first().focus()

    @property
    def _words(self) -> ChallengeWords:
        typed = {box.id: box.value for box in self.query(Input)}
        return ChallengeWords(
            typed.get("weakest", ""), typed.get("wrong-if", ""), typed.get("changed", "")
        )

    @on(Input.Changed, "#weakest")
    def _name_it(self) -> None:
        """Say which evidence a number is, so that it need not be looked up."""
        self.complaint.update(Content.styled(_title(self._flow.scene, self._words), "$ink-muted"))

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        if event.input is self.query(Input).last():
            self.action_send(False)
        else:
            self.focus_next()

    def action_send(self, keep: bool) -> None:
        """Hand it to the desk; `keep` only after it said that these words may be kept."""
        if keep and not self._may_keep:
            keep = False
        if self._prompt.differs and not says_something(self._words.changed):
            self._answer(_Refusal(_UNSAID, "changed"))
            return
        call = partial(_checked, self._flow, self._words, keep=keep)
        cast("OverreadApp", self.app).do(call, then=self._answer)

    def _answer(self, refusal: _Refusal | None) -> None:
        if refusal is None:
            self.dismiss(True)
            return
        self._may_keep = refusal.may_keep
        keep = " · ctrl+s keeps it as it is" if refusal.may_keep else ""
        self.complaint.update(Content(refusal.sentence + keep))
        self.query_one(f"#{refusal.box}", Input).focus()

    def action_nothing(self) -> None:
        self._flow.keep_words(self._words)
        self.dismiss(None)


def _checked(flow: ReviewFlow, words: ChallengeWords, *, keep: bool) -> _Refusal | None:
    try:
        flow.challenge(words.weakest, words.wrong_if, words.changed, keep=keep)
    except Boilerplate as refused:
        return _Refusal(visible(str(refused)), "wrong-if", refused.may_keep)
    except OverreadError as refused:
        return _Refusal(visible(str(refused)), "weakest")
    return None


def _row(label: str, id: str, text: str, hint: str) -> Widget:
    box = Input(text, id=id, placeholder=hint, compact=True, select_on_focus=False)
    return Horizontal(Static(Content(f"{label} ▸"), classes="label"), box, classes="row")


def _title(scene: Scene, words: ChallengeWords) -> str:
    facts = scene.card.facts if scene.card else ()
    named = (fact for fact in facts if str(fact.number) == words.weakest.strip())
    return next((f"{fact.number} {fact.title}" for fact in named), "")
