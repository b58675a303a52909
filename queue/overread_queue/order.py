"""In which order to work, and how much at once. Pure.

Urgent first: what would breach before a session that starts now could end. Then by tier, then by
least slack, which is the time left when the review itself is taken off.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

from overread_queue.store.rows import Ready

SESSION_ITEMS = 15
SESSION_MINUTES = 25
"""Expected minutes of work in a batch; see the oversight defaults in queue/README.md."""


def is_urgent(item: Ready, *, now: int, session_minutes: float = SESSION_MINUTES) -> bool:
    """Whether it breaches before a session that starts now would end."""
    return item.deadline_at < now + session_minutes * 60_000


def in_order(items: Iterable[Ready], *, now: int, shuffle: random.Random) -> list[Ready]:
    """The order to work in. Equals come in random order: order itself sways judgement."""

    def rank(item: Ready) -> tuple[bool, int, int, float]:
        urgent = is_urgent(item, now=now)
        slack = item.deadline_at - item.expected_seconds * 1000
        return (not urgent, 0 if urgent else -item.severity, slack, shuffle.random())

    return sorted(items, key=rank)


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
