"""How many reviewers a desk needs, and what each control costs them. Pure.

Waits are those of the M/M/c queue (`measure.waiting`): an approximation, and a mild one, as work
comes in bursts and reviewers work in sessions. `overread simulate` models both.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from overread_queue.health.metric import Period
from overread_queue.health.pricing import Price
from overread_queue.health.work import all_looks, is_measured, mean_seconds
from overread_queue.measure.waiting import Queue, reviewers_needed
from overread_queue.numbers import percent
from overread_queue.policy.model import Policy
from overread_queue.policy.settings import Limits
from overread_queue.store.works import Work

SHIFT_HOURS = 8.0
"""Hours of a day in which work comes in and somebody is there, unless it is said otherwise."""
SOON_SECONDS = 15 * 60
SOON_SHARE = 0.95
"""A desk has enough reviewers where this share of reviews begins within that time …"""
BUSIEST = 0.85
"""… and they are busy no more than this: what call centres plan with, so that bursts pass."""
HURRIED = (
    "reviews have become so quick that alarms stand: measured times are those of hurried people, "
    "and who reads takes longer; look at `overread alarms` before you believe that these suffice"
)
BESIDE = 2
"""How many numbers of reviewers to show on either side of what is needed."""


@dataclass(frozen=True, slots=True)
class Crew:
    """One number of reviewers, and what it comes to."""

    reviewers: int
    busy: float
    """Share of their hours; from 1 on the queue only grows."""
    wait: float | None
    """Mean seconds before a review begins; None where the queue only grows."""
    soon: float | None
    """Share of reviews that begins within `SOON_SECONDS`."""


@dataclass(frozen=True, slots=True)
class PoolStaffing:
    """The reviewers of one pool."""

    pool: str
    label: str
    per_day: float
    """Reviews to give on a day on which anything came in."""
    seconds: float
    """Active time of one review, on average."""
    measured: int
    """Reviews that `seconds` rests on; 0 where it is what the policy expects."""
    people: int
    """Who hold the pool's role now."""
    needed: int
    because: str
    """What asks for so many, in words."""
    crews: tuple[Crew, ...]
    """Fewest first."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """A desk's work against its reviewers."""

    period: Period
    days: int
    """UTC days of the period on which anything came in."""
    hours: float
    pools: tuple[PoolStaffing, ...]
    """Most work first; those without work are left out."""
    prices: tuple[Price, ...]
    remarks: tuple[str, ...]
    single_operator: bool

    @property
    def reviewer_minutes(self) -> float:
        """What one reviewer can give in a day."""
        return self.hours * 60 * BUSIEST


@dataclass(frozen=True, slots=True)
class Shift:
    """What the work is held against."""

    days: int
    """On which anything came in."""
    hours: float = SHIFT_HOURS
    people: Mapping[str, int] | None = None
    """Who hold each pool's role."""
    also: Collection[int] = ()
    """Numbers of reviewers to show besides those around what is needed."""


def staff(policy: Policy, works: Sequence[Work], shift: Shift) -> tuple[PoolStaffing, ...]:
    """The pools that had work, most of it first."""
    by_pool: dict[str, list[Work]] = {}
    for one in works:
        by_pool.setdefault(one.pool, []).append(one)
    found = [_pool(policy, name, mine, shift) for name, mine in by_pool.items() if all_looks(mine)]
    return tuple(sorted(found, key=lambda one: -one.per_day * one.seconds))


def remarks(works: Sequence[Work], shift: Shift, *, hurried: bool = False) -> tuple[str, ...]:
    """What to know about these numbers; `hurried` while an alarm about quick reviews stands."""
    if not all_looks(works):
        return ("nothing came in over this period, so there is nothing to staff for; ask for more",)
    assumed = (
        f"it is assumed that all of a day's work comes in within {shift.hours:g} hours, evenly; "
        "bursts and sessions make real waits longer (M/M/c, an approximation)"
    )
    few = "this rests on a single day; a week says more" if shift.days == 1 else ""
    return tuple(filter(None, (HURRIED if hurried else "", assumed, few)))


def _pool(policy: Policy, name: str, works: Sequence[Work], shift: Shift) -> PoolStaffing:
    pool = policy.pools.get(name)
    per_day, seconds = all_looks(works) / shift.days, mean_seconds(policy, works)
    needed, because = _needed(policy.limits, per_day, seconds, shift.hours)
    shown = {*range(max(1, needed - BESIDE), needed + BESIDE + 1), *shift.also}
    return PoolStaffing(
        pool=name,
        label=pool.label if pool else name,
        per_day=per_day,
        seconds=seconds,
        measured=sum(one.reviews for one in works if is_measured(one)),
        people=(shift.people or {}).get(name, 0),
        needed=needed,
        because=because,
        crews=tuple(_crew(per_day, seconds, shift.hours, one) for one in sorted(shown)),
    )


def _needed(limits: Limits, per_day: float, seconds: float, hours: float) -> tuple[int, str]:
    """The fewest that waits, load and the limits of a day allow, and which of them asks for most.

    Limits of a day count too: a reviewer who has reached one is not there any more.
    """
    arrivals = per_day / (hours * 3600)
    least = {
        f"so that {percent(SOON_SHARE)} begin within {SOON_SECONDS // 60} min": reviewers_needed(
            arrivals, seconds, within=SOON_SECONDS, share=SOON_SHARE
        ),
        f"so that nobody is busy more than {percent(BUSIEST)}": math.ceil(
            arrivals * seconds / BUSIEST
        ),
        f"as one person has at most {limits.day_minutes:g} min a day": math.ceil(
            per_day * seconds / 60 / limits.day_minutes
        ),
        f"as one person has at most {limits.day_items} items a day": math.ceil(
            per_day / limits.day_items
        ),
    }
    because, needed = max(least.items(), key=lambda one: one[1])
    return max(1, needed), because


def _crew(per_day: float, seconds: float, hours: float, reviewers: int) -> Crew:
    queue = Queue(per_day / (hours * 3600), seconds, reviewers)
    return Crew(reviewers, queue.utilisation, queue.mean_wait, queue.within(SOON_SECONDS))
