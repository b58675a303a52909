"""How full the desk is, and where a new question still fits. Pure.

Depth is limited in items and in minutes of expected review: ten contracts are more work than ten
refunds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from overread_queue.models import Halt
from overread_queue.policy.model import Policy

Level = Literal["open", "busy", "full"]
BUSY_FRACTION = 0.75
"""From here on, agents do well to slow down."""
LONGEST_NAP = 30.0
"""Seconds between two questions of an agent on a desk that is almost full."""


@dataclass(frozen=True, slots=True)
class Depth:
    """What waits in a pool."""

    items: int = 0
    seconds: int = 0
    """Expected seconds of review."""

    def plus(self, seconds: int) -> Depth:
        """The depth with one more item."""
        return Depth(self.items + 1, self.seconds + seconds)


@dataclass(frozen=True, slots=True)
class Pressure:
    """What an agent may know about a queue before it adds to it."""

    level: Level
    filled: float
    """Fullest limit of the roomiest pool in the chain, from 0 to 1 and beyond."""
    items: int
    minutes: float
    retry_after: int
    """Seconds to wait before asking again; 0 while there is room."""
    halted: Halt | None = None
    """What stops the asking agent, or the whole desk: room or not, nothing is taken in."""


def chain_of(policy: Policy, pool: str) -> tuple[str, ...]:
    """The pool and those that its overflow may go to, in order."""
    chain: list[str] = []
    at: str | None = pool
    while at is not None and at not in chain:
        chain.append(at)
        at = policy.pools[at].next
    return tuple(chain)


def is_limited(policy: Policy, chain: Iterable[str]) -> bool:
    """Whether any pool of the chain can be full at all."""
    pools = (policy.pools[name] for name in chain)
    return any(pool.max_items or pool.max_minutes for pool in pools)


def filled(policy: Policy, pool: str, depth: Depth) -> float:
    """How much of its tighter limit a pool uses; 0 where it has none."""
    limits = policy.pools[pool]
    items = depth.items / limits.max_items if limits.max_items else 0.0
    minutes = depth.seconds / 60 / limits.max_minutes if limits.max_minutes else 0.0
    return max(items, minutes)


def pool_with_room(
    policy: Policy, chain: Iterable[str], depths: Mapping[str, Depth], *, seconds: int
) -> str | None:
    """The first pool of the chain that can take another item; None when all are full."""
    for pool in chain:
        if filled(policy, pool, depths.get(pool, Depth()).plus(seconds)) <= 1:
            return pool
    return None


def pressure_on(
    policy: Policy,
    pool: str,
    depths: Mapping[str, Depth],
    *,
    reviewers: int,
    shut: Collection[str] = (),
) -> Pressure:
    """The pressure on a pool's chain, with `reviewers` at work now.

    `shut` are pools that nobody works any more today; they count as full.
    """
    chain = chain_of(policy, pool)
    rooms = {name: filled(policy, name, depths.get(name, Depth())) for name in chain}
    least = min(max(room, 1.0) if name in shut else room for name, room in rooms.items())
    level = level_at(least)
    items = sum(depths.get(name, Depth()).items for name in chain)
    seconds = sum(depths.get(name, Depth()).seconds for name in chain)
    wait = retry_after(policy, seconds, reviewers=reviewers) if level == "full" else 0
    return Pressure(level, least, items, seconds / 60, wait)


def level_at(filled: float) -> Level:
    """The word for how full something is, 1 being its limit."""
    return "full" if filled >= 1 else "busy" if filled >= BUSY_FRACTION else "open"


def nap(pressure: Pressure) -> float:
    """Seconds that a considerate agent waits before it adds to the queue."""
    if pressure.level == "full":
        return float(pressure.retry_after)
    if pressure.level == "open":
        return 0.0
    return LONGEST_NAP * (pressure.filled - BUSY_FRACTION) / (1 - BUSY_FRACTION)


def retry_after(policy: Policy, seconds: int, *, reviewers: int) -> int:
    """Seconds until a tenth of the waiting work can be done by whoever is on, within bounds."""
    floor = policy.limits.retry_after
    return min(max(floor, seconds // 10 // max(reviewers, 1)), 3600)
