"""Where a new question goes, and from when: pool, deadline, batch. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from overread_queue.errors import Backpressure
from overread_queue.policy.governance import Duty
from overread_queue.policy.model import Policy
from overread_queue.policy.settings import Impact
from overread_queue.routing.pressure import Depth, chain_of, pool_with_room, retry_after

PATIENT_WINDOWS = 4
"""What can wait for this many batch windows is batched; everything else interrupts."""
LOSS: dict[Impact, int] = {"low": 1, "medium": 3, "high": 10, "critical": 30}
"""Relative cost of a wrong action by impact: only their order and rough ratio matter."""


@dataclass(frozen=True, slots=True)
class Place:
    """A pool and three moments, in UTC milliseconds."""

    pool: str
    claimable_at: int
    promote_at: int
    """Half the SLA: from here on it moves up."""
    deadline_at: int


def place(
    policy: Policy,
    duty: Duty,
    depths: Mapping[str, Depth],
    *,
    seconds: int,
    tolerance: int,
    now: int,
    reviewers: int,
    shut: Collection[str] = (),
) -> Place:
    """The first pool of the chain with room. Raises `Backpressure` where all are full.

    `seconds` are the expected ones of review, `tolerance` those it may wait for company. `shut` are
    pools that nobody works any more today; they count as full.
    """
    chain = chain_of(policy, duty.pool)
    worked = [name for name in chain if name not in shut]
    pool = pool_with_room(policy, worked, depths, seconds=seconds)
    if pool is None:
        waiting = sum(depths[name].seconds for name in chain if name in depths)
        raise Backpressure(retry_after(policy, waiting, reviewers=reviewers))
    half = halfway(now, duty.sla_seconds * 1000)
    return Place(
        pool,
        # Waiting for company never takes more than half of the time there is.
        claimable_at=min(claimable_at(policy, tolerance=tolerance, now=now), half),
        promote_at=half,
        deadline_at=now + duty.sla_seconds * 1000,
    )


def claimable_at(policy: Policy, *, tolerance: int, now: int) -> int:
    """Now, or the end of the running batch window for what can wait that long."""
    window = policy.limits.batch_window * 1000
    if tolerance * 1000 < PATIENT_WINDOWS * window:
        return now
    return now + window - now % window


def halfway(now: int, sla_ms: int) -> int:
    return now + sla_ms // 2


def stake(impact: Impact, confidence: object) -> int:
    """Expected loss if nobody looks, in points: cost of the impact times the chance to be wrong.

    Without a usable confidence the action counts as wrong.
    """
    usable = isinstance(confidence, float) and 0 <= confidence <= 1
    wrong = 1 - confidence if usable and isinstance(confidence, float) else 1.0
    return max(1, round(LOSS[impact] * wrong * 100))
