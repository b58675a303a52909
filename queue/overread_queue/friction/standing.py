"""What an approval still asks for: told to every face, and refused by name at the decision."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.errors import (
    CapReached,
    ChallengeMissing,
    ClockWentBack,
    EvidenceUnread,
    JudgementFirst,
    TooSoon,
)
from overread_queue.friction.challenge import challenge_due, says_something
from overread_queue.friction.floors import floor_seconds
from overread_queue.friction.reach import hard_approval
from overread_queue.models import Challenge, Judgement, Standing
from overread_queue.policy.settings import Friction, Impact
from overread_queue.states import EscalationKind, Tier


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that decides whether one reviewer may approve one escalation now."""

    friction: Friction
    kind: EscalationKind
    tier: Tier
    impact: Impact
    irreversible: bool
    words: int
    """As `required_words` counts them."""
    multiplier: float
    active_ms: int
    """Of this review."""
    contradicting: frozenset[str]
    """Evidence against the recommendation, by id."""
    opened: frozenset[str]
    withheld: bool
    judgement: Judgement | None
    challenge: Challenge | None
    paying: frozenset[str]
    """Keys of the options that approve or modify."""
    stopped: str = ""
    capped: str = ""
    clock_back_ms: int = 0
    """How far the clock stands before the last time that this review saw."""


def standing(facts: Facts) -> Standing:
    """What is still due. Only approving waits for it."""
    return Standing(
        seconds_left=_seconds_left(facts),
        unread=_unread(facts),
        judge=_judge(facts),
        challenge=_challenge_left(facts) != "",
        changed=_changed(facts),
        stopped=facts.stopped,
        capped=facts.capped,
    )


def refuse(facts: Facts, option_key: str) -> None:
    """Raise the first thing that stands between this reviewer and this option, if anything does.

    Raises `CapReached`, `ClockWentBack`, `JudgementFirst`, `TooSoon`, `EvidenceUnread` or
    `ChallengeMissing`, in that order: what no reading can mend comes first.
    """
    if option_key not in facts.paying:
        return
    if facts.capped:
        raise CapReached(facts.capped)
    if facts.clock_back_ms > 0:
        raise ClockWentBack(facts.clock_back_ms / 1000)
    if _judge(facts):
        raise JudgementFirst
    if left := _seconds_left(facts):
        raise TooSoon(left)
    if unread := _unread(facts):
        raise EvidenceUnread(unread)
    if missing := _challenge_left(facts):
        raise ChallengeMissing(missing)
    if option_key in _changed(facts):
        raise ChallengeMissing("say in one line what changed since your first judgement")


def _seconds_left(facts: Facts) -> float:
    floor = floor_seconds(
        facts.friction,
        kind=facts.kind,
        tier=facts.tier,
        irreversible=facts.irreversible,
        words=facts.words,
        multiplier=facts.multiplier,
    )
    return max(0.0, floor - facts.active_ms / 1000)


def _unread(facts: Facts) -> tuple[str, ...]:
    if not facts.friction.read_contradictions or not hard_approval(facts.kind, facts.tier):
        return ()
    return tuple(sorted(facts.contradicting - facts.opened))


def _judge(facts: Facts) -> bool:
    return facts.withheld and facts.judgement is None


def _challenge_left(facts: Facts) -> str:
    """What the challenge still lacks, as something to do; empty where it lacks nothing."""
    given = facts.challenge
    if not _challenged(facts):
        return ""
    if given is None or not (given.weakest or given.missing):
        return "name the weakest piece of evidence, or what is missing"
    if facts.friction.challenge_least and not says_something(given.wrong_if):
        return "finish the sentence “this would be wrong if …”"
    return ""


def _changed(facts: Facts) -> frozenset[str]:
    if not _challenged(facts) or facts.judgement is None:
        return frozenset()
    if facts.challenge and says_something(facts.challenge.changed):
        return frozenset()
    return facts.paying - {facts.judgement.option}


def _challenged(facts: Facts) -> bool:
    return challenge_due(facts.friction, kind=facts.kind, tier=facts.tier, impact=facts.impact)
