"""The first card: everything a reviewer needs for a first judgement, in reading order.

All text on it has passed `visible()`. Nothing here knows how wide a screen is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from overread_briefs.brief import Brief, Evidence, Option, Stance, Trigger
from overread_briefs.budget import card_facts
from overread_briefs.visible import visible
from overread_console.flow.keys import option_keys
from overread_console.flow.odd import odd_words, review_texts
from overread_console.flow.tiers import look_of
from overread_console.flow.words import age, count, due, plain_value
from overread_queue.models import Review
from overread_queue.states import EscalationKind, Tier

Speaker = Literal["policy", "agent"]

PAYING = frozenset({"approve", "modify"})
"""The kinds of option that friction asks anything of. All others are open at once."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why it came to a person, and who says so."""

    speaker: Speaker
    rule: str
    words: str
    """What was observed against the threshold, such as `amount 420.0 > 250.0`; may be empty."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One piece of evidence in one line."""

    number: int
    """The key that opens it."""
    title: str
    stance: Stance
    stale: bool
    source: str
    age: str
    masked: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the agent's model would choose."""

    label: str
    confidence: float
    reason: str
    doubt: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One option and its key."""

    letter: str
    key: str
    kind: str
    label: str
    consequence: str
    locked: bool
    """It waits for something; the scene's `lock` says for what."""


@dataclass(frozen=True, slots=True)
class Card:
    """All that is on it, in reading order."""

    question: str
    action: str
    tier: str
    sign: str
    """Of the tier, for a screen."""
    stop: bool
    standing: str
    """What the agent has done or may not do; empty where it waits for an approval."""
    afterwards: bool
    """The agent has acted already, so nothing is suggested."""
    due: str
    late: bool
    silence: str
    """`if nobody answers: …`."""
    reasons: tuple[Reason, ...]
    facts: tuple[Fact, ...]
    more_facts: int
    suggestion: Suggestion | None
    withheld: bool
    """There is a suggestion, and it is shown after the reviewer's own judgement."""
    judged: str
    """That judgement and how sure it was, such as `Reject (medium)`; empty without one."""
    choices: tuple[Choice, ...]
    notes: tuple[str, ...]
    """The tool's own remarks: odd text, a revision, an earlier draft."""


def card_of(review: Review, now: int, *, shut: bool = False) -> Card:
    """The card at `now` (UTC milliseconds). `shut`: approving still waits for something."""
    handling, brief = review.handling, review.brief
    facts = numbered_evidence(brief)
    shown = len(card_facts(brief))
    look = look_of(handling.kind, handling.tier)
    return Card(
        question=visible(brief.question),
        action=_action_words(review),
        tier=look.name,
        sign=look.sign,
        stop=handling.tier is Tier.HARD_STOP,
        standing="" if handling.tier is Tier.HARD_APPROVAL else look.meaning,
        afterwards=handling.kind is not EscalationKind.APPROVAL,
        due=due(handling.deadline_at, now),
        late=handling.deadline_at < now,
        silence=f"{look.unanswered}: {visible(handling.on_silence)}",
        reasons=all_reasons(review),
        facts=tuple(
            fact_of(number, item, review, now) for number, item in enumerate(facts[:shown], 1)
        ),
        more_facts=len(facts) - shown,
        suggestion=_suggestion(review),
        withheld=review.withheld and review.recommendation is None,
        judged=_judged(review),
        choices=_choices(review, shut=shut),
        notes=tuple(_notes(review)),
    )


def numbered_evidence(brief: Brief) -> tuple[Evidence, ...]:
    """All evidence in the order of its numbers: the card's facts, then the rest as it came."""
    first = card_facts(brief)
    ids = {item.id for item in first}
    return (*first, *(item for item in brief.evidence if item.id not in ids))


def fact_of(number: int, item: Evidence, review: Review, now: int) -> Fact:
    """The line about a piece of evidence."""
    return Fact(
        number=number,
        title=visible(item.title),
        stance=item.stance,
        stale=item.stale_at(now),
        source=visible(item.source),
        age=age(item.as_of, now),
        masked=item.id in review.masked,
    )


def all_reasons(review: Review) -> tuple[Reason, ...]:
    """The policy's reasons, then those that only the agent gives."""
    policy = [_reason("policy", trigger) for trigger in review.handling.triggers]
    said = {(reason.rule, reason.words) for reason in policy}
    agent = [_reason("agent", trigger) for trigger in review.brief.triggers]
    return (*policy, *(reason for reason in agent if (reason.rule, reason.words) not in said))


def _reason(speaker: Speaker, trigger: Trigger) -> Reason:
    parts = [trigger.signal or trigger.kind.replace("_", " ")]
    if trigger.observed is not None:
        parts.append(_measure(trigger.observed))
    if trigger.threshold is not None:
        parts += [trigger.comparison or "against", _measure(trigger.threshold)]
    return Reason(speaker, visible(trigger.rule), visible(" ".join(parts)))


def _measure(value: float | str | bool) -> str:
    """A measured value, where digits after a whole number say nothing: `420 > 250`."""
    return f"{value:,.10g}" if isinstance(value, float) else plain_value(value)


def _action_words(review: Review) -> str:
    handling = review.handling
    return (
        f"{visible(review.brief.action.type)} · {handling.impact} impact · {handling.reversibility}"
    )


def _suggestion(review: Review) -> Suggestion | None:
    said = review.recommendation
    if said is None:
        return None
    return Suggestion(
        label=_label(review, said.option),
        confidence=said.confidence,
        reason=visible(said.reason),
        doubt=visible(said.doubt or ""),
    )


def _judged(review: Review) -> str:
    said = review.judgement
    return f"{_label(review, said.option)} ({said.confidence})" if said else ""


def _label(review: Review, key: str) -> str:
    labels = {option.key: option.label for option in (*review.brief.options, *review.options)}
    return visible(labels.get(key, key))


def _choices(review: Review, *, shut: bool) -> tuple[Choice, ...]:
    letters = {key: letter for letter, key in option_keys(review.options).items()}
    return tuple(
        Choice(
            letter=letters[option.key],
            key=option.key,
            kind=option.kind,
            label=visible(option.label),
            consequence=visible(option.consequence),
            locked=shut and option.kind in PAYING,
        )
        for option in kept_apart(review.options)
    )


def kept_apart(options: Sequence[Option]) -> tuple[Option, ...]:
    """The same options with something between approving and rejecting, where there is anything."""
    left, placed = list(options), list[Option]()
    while left:
        fitting = (one for one in left if not placed or not _opposed(placed[-1], one))
        following = next(fitting, left[0])
        left.remove(following)
        placed.append(following)
    return tuple(placed)


def _opposed(one: Option, other: Option) -> bool:
    return {one.kind, other.kind} == {"approve", "reject"}


def _notes(review: Review) -> Iterator[str]:
    odd = odd_words(review_texts(review))
    if odd:
        yield f"odd text in this brief: {odd}"
    if review.previous is not None:
        yield f"revised brief; changed: {_revised_parts(review.previous, review.brief)}"
    if review.draft is not None:
        yield f"your earlier choice was {visible(review.draft.option)}; nothing was sent"
    if review.comments:
        yield f"{count(len(review.comments), 'note')} from colleagues (c)"


_PARTS = ("question", "action", "evidence", "options", "accomplished", "triggers")


def _revised_parts(before: Brief, after: Brief) -> str:
    changed = [part for part in _PARTS if getattr(before, part) != getattr(after, part)]
    return ", ".join(changed) or "nothing that you see"
