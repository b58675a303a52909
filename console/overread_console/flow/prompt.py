"""What an option still needs before it can be decided: a challenge, words, a form, a token…"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from overread_briefs.action import Action
from overread_briefs.brief import Option
from overread_briefs.editable import editable_fields
from overread_briefs.fields import Parameters
from overread_briefs.visible import visible
from overread_console.flow.diff import action_lines
from overread_console.flow.form import Field, form_of
from overread_console.flow.spans import Line, Span
from overread_console.flow.token import Token
from overread_queue.errors import InvalidRequest
from overread_queue.models import Review
from overread_queue.reviewing.options import ABANDON, DISAGREE, HAND_BACK, TAKE_OVER, WRONG
from overread_queue.states import EscalationKind

PromptKind = Literal["nothing", "words", "form", "yes", "challenge", "token"]
"""`challenge` is answered by `flow.challenge`, all others by what is passed to `flow.choose`."""


@dataclass(frozen=True, slots=True)
class ChallengeWords:
    """A challenge as it is typed."""

    weakest: str = ""
    """The number of a piece of evidence, or `missing: ` and what is missing."""
    wrong_if: str = ""
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question to the reviewer about the option just chosen."""

    option: str
    kind: PromptKind
    title: str
    ask: str = ""
    """What to enter, or what saying yes does."""
    lines: tuple[Line, ...] = ()
    """The exact action, where one will be executed; what a form leaves out."""
    fields: tuple[Field, ...] = ()
    text: str = ""
    """What was entered before an undo or a crash."""
    challenge: ChallengeWords = ChallengeWords()
    """What was typed of it before."""
    differs: str = ""
    """The first judgement, where this option is another and `changed` is asked for."""
    token: Token | None = None
    """What has to be typed, exactly."""


_OWN = (
    (DISAGREE, "What is wrong with it? The agent takes it back, and gets your reason."),
    (WRONG, "What was wrong with it? It is recorded and counted."),
    (HAND_BACK, "What should the agent do instead? Your instructions go to it."),
    (ABANDON, "Why will nobody do it? Your reason goes to the agent."),
)
_WORDS = {
    "reject": "Why not? Your reason goes to the agent.",
    "need_info": "What do you need to know? Your question goes to the agent.",
    "escalate": "What should the next reviewer know?",
}


def prompt_for(
    review: Review, option: Option, executed: Action | None, token: Token | None = None
) -> Prompt:
    """What `option` needs. `executed` is the action it would release, from `preview`; `token` is
    to be typed where that cannot be undone."""
    title = visible(option.label)
    if option.key == TAKE_OVER:
        return Prompt(option.key, "yes", title, "The task becomes yours; the agent stops.")
    if option.kind in _WORDS:
        return Prompt(option.key, "words", title, _question(option), text=_earlier(review, option))
    if review.handling.kind is not EscalationKind.APPROVAL:
        return Prompt(option.key, "nothing", title)
    if executed is None:
        return _form_prompt(review, option, title)
    lines = action_lines(review, executed)
    if token is not None:
        return _token_prompt(option, title, lines, token)
    return Prompt(option.key, "nothing", title, lines=lines)


def challenge_prompt(option: Option, words: ChallengeWords, *, differs: str) -> Prompt:
    """The three lines that come before a high-risk approval."""
    ask = "Before approving: hold something against it."
    title = visible(option.label)
    return Prompt(option.key, "challenge", title, ask, challenge=words, differs=differs)


def irreversible(review: Review) -> bool:
    """Whether an approval of it asks for the token."""
    asked = review.handling.kind is EscalationKind.APPROVAL
    return asked and review.handling.reversibility == "irreversible"


def _form_prompt(review: Review, option: Option, title: str) -> Prompt:
    """Raises `InvalidRequest` where all that may be changed is masked."""
    action, masked = review.brief.action, review.masked_parameters
    fields = form_of(action, _earlier_values(review, option), masked=masked)
    left_out = [visible(name) for name in editable_fields(action) if name in masked]
    first = f"to change {', '.join(left_out)}, unmask it first (w, then v)"
    if left_out and not fields:
        raise InvalidRequest(first)
    lines = ((Span(first, "warning"),),) if left_out else ()
    ask = "Only these may be changed."
    return Prompt(option.key, "form", title, ask, lines, fields)


def _token_prompt(option: Option, title: str, lines: tuple[Line, ...], token: Token) -> Prompt:
    ask = f"This cannot be undone. To approve it, type {token.text}, {token.meaning}:"
    return Prompt(option.key, "token", title, ask, lines, token=token)


def _question(option: Option) -> str:
    """The desk's own options have their own question; an agent's have that of their kind."""
    for own, words in _OWN:
        if option == own:
            return words
    return _WORDS[option.kind]


def _earlier(review: Review, option: Option) -> str:
    draft = review.draft
    return draft.reason if draft and draft.option == option.key else ""


def _earlier_values(review: Review, option: Option) -> Parameters | None:
    draft = review.draft
    return draft.parameters if draft and draft.option == option.key else None
