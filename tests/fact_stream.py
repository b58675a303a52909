"""Facts as the chain would give them, filled with what a test does not care about; and whole years
of them, by chance but not at random: the same seed is the same year."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from overread_queue.health.facts import (
    Answer,
    Closed,
    Exit,
    Fact,
    Proposed,
    Reviewed,
    Submitted,
)
from overread_queue.states import EscalationKind, Tier

MINUTE_MS = 60_000
DAY_MS = 86_400_000
NEW_YEAR = 1_767_225_600_000
"""1 January 2026, UTC."""
REFUND = "payments.refund"
POOL = "refunds"
HARD = Tier.HARD_APPROVAL
APPROVAL = EscalationKind.APPROVAL


def reviewed(
    at: int,
    answer: Answer = "approve",
    *,
    action_type: str = REFUND,
    active_ms: int = MINUTE_MS,
    words: int = 60,
) -> Reviewed:
    return Reviewed(
        seq=0,
        at=at,
        agent="bot",
        action_type=action_type,
        pool=POOL,
        tier=HARD,
        kind=APPROVAL,
        answer=answer,
        advised=True,
        followed=answer == "approve",
        judged=False,
        switched=None,
        challenged=False,
        boilerplate=False,
        active_ms=active_ms,
        wall_ms=2 * active_ms,
        words=words,
        evidence=3,
        opened=2,
        undone=0,
    )


def proposed(
    at: int, *, escalated: bool = True, agent: str = "bot", version: str = "1.0"
) -> Proposed:
    tier = HARD if escalated else Tier.AUTONOMOUS
    return Proposed(0, at, agent, REFUND, version=version, tier=tier, escalated=escalated)


def submitted(at: int, *, escalation: str = "e") -> Submitted:
    return Submitted(0, at, "bot", REFUND, escalation, "1.0", POOL, HARD, APPROVAL)


def closed(
    at: int, *, pool: str = POOL, exit: Exit = "answered", waited_ms: int = 30 * MINUTE_MS
) -> Closed:
    in_time = exit != "timed_out"
    return Closed(0, at, "bot", REFUND, pool, HARD, APPROVAL, exit, waited_ms, in_time)


@dataclass(frozen=True, slots=True)
class Month:
    """How people work in it."""

    overrides: float = 0.08
    """Share of their answers."""
    escalates: float = 0.15
    """Share of what the agent proposes."""
    median_ms: int = 55_000
    """Of active time, spread as people's is: log-normal, 0.75."""
    reflexes: float = 0.0
    """Share of approvals in two seconds."""
    backlog: int = 10
    """Items that wait while somebody looks."""


WELL = Month()


def a_year(
    months: list[Month], *, seed: int, a_day: int = 10, proposals: bool = True
) -> Iterator[Fact]:
    """So many reviews on each of 21 days of each month, and what was proposed for them."""
    chance = random.Random(seed)
    waiting = 0
    for number, month in enumerate(months):
        for day in range(21):
            start = NEW_YEAR + (30 * number + day) * DAY_MS + 9 * 60 * MINUTE_MS
            for place in range(a_day):
                at = start + place * 20 * MINUTE_MS
                for _ in range(month.backlog - waiting):
                    yield submitted(at)
                for _ in range(waiting - month.backlog):
                    yield closed(at)
                waiting = month.backlog
                if proposals:
                    yield from _proposals(chance, at, month)
                yield _review(chance, at, month)


def _proposals(chance: random.Random, at: int, month: Month) -> Iterator[Proposed]:
    """Until one escalates."""
    while chance.random() >= month.escalates:
        yield proposed(at, escalated=False)
    yield proposed(at)


def _review(chance: random.Random, at: int, month: Month) -> Reviewed:
    if chance.random() < month.overrides:
        return reviewed(at, "reject", active_ms=_took(chance, month))
    reflex = chance.random() < month.reflexes
    return reviewed(at, active_ms=2_000 if reflex else _took(chance, month))


def _took(chance: random.Random, month: Month) -> int:
    return round(month.median_ms * chance.lognormvariate(0, 0.75))
