"""In which order to work, and how much at once. Pure.

Urgent first: what would breach before a session that starts now could end. Then by tier, where
half an SLA gone counts as one tier more, then by least slack, which is the time left when the
review itself is taken off. When the work cannot all be done in time, by expected loss avoided per
minute instead: earliest-deadline order would then be late for everything.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

from overread_queue.store.rows import Ready


def is_urgent(item: Ready, *, now: int, session_minutes: float) -> bool:
    """Whether it breaches before a session that starts now would end."""
    return item.deadline_at < now + session_minutes * 60_000


def is_overloaded(items: Iterable[Ready], *, now: int, reviewers: int) -> bool:
    """Whether somebody's deadline must pass even if everybody works through without a break."""
    busy_until = float(now)
    for item in sorted(items, key=lambda one: one.deadline_at):
        busy_until += item.expected_seconds * 1000 / max(reviewers, 1)
        if busy_until > item.deadline_at:
            return True
    return False


def in_order(
    items: Iterable[Ready],
    *,
    now: int,
    shuffle: random.Random,
    session_minutes: float,
    overloaded: bool = False,
) -> list[Ready]:
    """The order to work in. Equals come in random order: order itself sways judgement."""

    def rank(item: Ready) -> tuple[bool, float, int, float]:
        slack = item.deadline_at - item.expected_seconds * 1000
        if overloaded:
            return (False, -item.stake / max(item.expected_seconds, 1), slack, shuffle.random())
        urgent = is_urgent(item, now=now, session_minutes=session_minutes)
        return (not urgent, 0 if urgent else -_standing(item, now), slack, shuffle.random())

    return sorted(items, key=rank)


def _standing(item: Ready, now: int) -> int:
    """Its tier, and one more once half of its SLA is over."""
    promoted = item.promote_at is None or item.promote_at <= now
    return item.severity + promoted


def batch(ordered: Iterable[Ready], *, max_items: int, max_minutes: float) -> list[Ready]:
    """What fits into one session; the first item always does."""
    chosen: list[Ready] = []
    seconds = 0
    for item in ordered:
        too_long = seconds + item.expected_seconds > max_minutes * 60
        if len(chosen) >= max_items or (chosen and too_long):
            break
        chosen.append(item)
        seconds += item.expected_seconds
    return chosen
