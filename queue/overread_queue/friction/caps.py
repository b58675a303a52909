"""How much a person is given in a day and in one go. Sentences are empty below a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from overread_queue.policy.settings import Friction, Limits

OVERLOADED = 2 / 3
"""Share of `break_after` at which a break is due while the desk is overloaded: hit rates fall with
time where the load is high, as people speed up (Buser 2023)."""


@dataclass(frozen=True, slots=True)
class Day:
    """One reviewer's UTC day so far."""

    items: int
    """Decided or held."""
    active_ms: int
    since_break_ms: int


def items_capped(limits: Limits, day: Day) -> str:
    if day.items < limits.day_items:
        return ""
    return f"the day's limit of {limits.day_items} items is reached"


def items_left(limits: Limits, day: Day) -> int:
    return max(0, limits.day_items - day.items)


def minutes_capped(limits: Limits, day: Day, multiplier: float) -> str:
    most = limits.day_minutes * multiplier
    if day.active_ms < most * 60_000:
        return ""
    return f"the day's limit of {most:g} minutes of active review is reached"


def session_over(friction: Friction, active_ms: int, multiplier: float) -> str:
    """`active_ms` is that of all reviews of the session."""
    most = friction.session_longest * multiplier
    if active_ms < most * 1000:
        return ""
    return f"this session has had its {most / 60:g} minutes of active review"


def break_due(friction: Friction, day: Day, *, overloaded: bool) -> bool:
    """Whether to suggest a break; nobody is held to it."""
    return until_break_ms(friction, day, overloaded=overloaded) <= 0


def until_break_ms(friction: Friction, day: Day, *, overloaded: bool) -> float:
    """Active time until a break is due; not above zero once it is."""
    after = friction.break_after * (OVERLOADED if overloaded else 1)
    return after * 1000 - day.since_break_ms


def since_break_ms(spells: Sequence[tuple[int, int, int]], break_ms: int) -> int:
    """Active time since the last pause between two reviews that was long enough.

    Each spell is a review: opened at, closed at (or last active at), active milliseconds. A last
    one of `(now, now, 0)` makes a pause count that still goes on.
    """
    total, until = 0, 0
    for opened_at, closed_at, active_ms in sorted(spells):
        if opened_at - until >= break_ms:
            total = 0
        total += active_ms
        until = max(until, closed_at)
    return total
