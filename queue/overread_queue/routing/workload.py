"""How much a reviewer has done today, and how much more the policy gives one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from overread_queue.errors import CapReached
from overread_queue.friction.caps import (
    Day,
    break_due,
    items_capped,
    items_left,
    minutes_capped,
    session_over,
    since_break_ms,
    until_break_ms,
)
from overread_queue.ground import Ground
from overread_queue.models import Workload
from overread_queue.policy.model import Policy
from overread_queue.probing.marks import day_of, load_mark
from overread_queue.store import Transaction
from overread_queue.store.rows import Look
from overread_queue.trust.people import Reviewer
from overread_queue.trust.roster import Roster

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Load:
    """One reviewer's day under one policy."""

    policy: Policy
    multiplier: float
    day: Day

    @property
    def capped(self) -> str:
        """The limit that was reached, in a sentence; empty below it."""
        limits = self.policy.limits
        over = items_capped(limits, self.day)
        return over or minutes_capped(limits, self.day, self.multiplier)

    def check(self, session_ms: int = 0) -> None:
        """Raises `CapReached` for one item more, in a session with that much active time."""
        self.check_session(session_ms)
        if self.capped:
            raise CapReached(self.capped)

    def check_session(self, session_ms: int) -> None:
        """Raises `CapReached` for a session that takes no more items."""
        over = session_over(self.policy.friction, session_ms, self.multiplier)
        if over:
            raise CapReached(f"{over}; start another after a break")

    def break_due(self, *, overloaded: bool) -> bool:
        return break_due(self.policy.friction, self.day, overloaded=overloaded)

    def break_seconds(self, *, overloaded: bool) -> int | None:
        """Length of the break that is due; None while none is."""
        return self.policy.friction.break_for if self.break_due(overloaded=overloaded) else None

    def items_left(self) -> int:
        return items_left(self.policy.limits, self.day)

    def seconds_left(self, *, overloaded: bool) -> float:
        """Of the day, and until the next break; one that is due and not taken limits nothing."""
        most = self.policy.limits.day_minutes * 60 * self.multiplier
        today = most - self.day.active_ms / 1000
        pause = until_break_ms(self.policy.friction, self.day, overloaded=overloaded) / 1000
        return min(today, pause) if pause > 0 else today

    def workload(self, *, overloaded: bool) -> Workload:
        limits = self.policy.limits
        return Workload(
            items=self.day.items,
            items_most=limits.day_items,
            active_seconds=self.day.active_ms // 1000,
            seconds_most=round(limits.day_minutes * 60 * self.multiplier),
            since_break_seconds=self.day.since_break_ms // 1000,
            break_due=self.break_due(overloaded=overloaded),
            break_seconds=self.policy.friction.break_for,
            capped=self.capped,
        )


def load_of(
    ground: Ground, tx: Transaction, reviewer: str, *, now: int, without: str | None = None
) -> Load:
    """The UTC day of a reviewer; `without` one of their reviews, which is the one in hand."""
    policy = ground.policy()
    # A break is looked for across midnight, which is in the middle of somebody's day.
    looks = [one for one in tx.reviews.since(reviewer, now - DAY_MS) if one.id != without]
    # By its end: what was opened before midnight would count for neither day otherwise.
    today = [one for one in looks if (one.closed_at or now) >= now - now % DAY_MS]
    items, active_ms = _of_tests(ground, tx, reviewer, now=now)
    day = Day(
        items=sum(one.settled for one in today) + items,
        active_ms=sum(one.active_ms for one in today) + active_ms,
        since_break_ms=_since_break_ms(looks, now, policy.friction.break_for * 1000),
    )
    return Load(policy, ground.roster().reviewer(reviewer).time_multiplier, day)


def _of_tests(ground: Ground, tx: Transaction, reviewer: str, *, now: int) -> tuple[int, int]:
    """Items and active milliseconds of this day's blind tests, whose looks are gone."""
    day = day_of(now)
    loads = tx.folds.loads(day)
    key = ground.probe_key() if loads else None
    return loads.get(load_mark(key, reviewer, day), (0, 0)) if key else (0, 0)


def shut_pools(
    ground: Ground, tx: Transaction, pools: Iterable[str], *, now: int
) -> frozenset[str]:
    """Those that nobody works any more today."""
    return frozenset(pool for pool in pools if _nobody_left(ground, tx, pool, now))


def _nobody_left(ground: Ground, tx: Transaction, pool: str, now: int) -> bool:
    """Whether everybody who works a pool, on loan too, has reached a limit of their day."""
    stage, roster = ground.policy().pools.get(pool), ground.roster()
    people = [
        one.name
        for one in roster.reviewers.values()
        if stage and one.in_force(now) and _holds(roster, one, stage.role, now)
    ]
    return bool(people) and all(load_of(ground, tx, one, now=now).capped for one in people)


def _holds(roster: Roster, person: Reviewer, role: str, now: int) -> bool:
    return role in person.roles or any(one.role == role for one in roster.lent_to(person.name, now))


def _since_break_ms(looks: Sequence[Look], now: int, break_ms: int) -> int:
    """A look that is still open lasts as long as somebody was active in it."""
    spells = [
        (one.opened_at, one.closed_at or one.opened_at + one.active_ms, one.active_ms)
        for one in looks
    ]
    return since_break_ms([*spells, (now, now, 0)], break_ms)
