"""The leads' door to work and to whoever does it, counted and never named."""

from __future__ import annotations

from collections.abc import Collection

from overread_queue.errors import InvalidRequest
from overread_queue.health.alarm import AlarmKind
from overread_queue.health.following import follow
from overread_queue.health.metric import Period
from overread_queue.health.periods import days_of
from overread_queue.health.pricing import prices
from overread_queue.health.staffing import SHIFT_HOURS, Shift, Staffing, remarks, staff
from overread_queue.leading.side import OfficeSide
from overread_queue.policy.model import Policy
from overread_queue.store.records import WeekRow

TOO_QUICK: tuple[AlarmKind, ...] = ("fast_approvals", "speeding_up")
"""Alarms that put the measured time of a review in doubt."""

_DAY = 86_400_000
_WEEK = 7 * _DAY
_FIRST_MONDAY = 4 * _DAY
"""1970 began on a Thursday."""


class CrewSide(OfficeSide):
    """The leads' door to work and to whoever does it."""

    def staffing(
        self, period: Period, *, reviewers: Collection[int] = (), hours: float = SHIFT_HOURS
    ) -> Staffing:
        """Reviewers against waits, and the price of each control, for the work of whole UTC days.

        `reviewers` are numbers to show besides those around what is needed; `hours` those of a day
        in which work comes in. Raises `InvalidRequest` for a day that has no such hours, and
        for a period that ends before it begins.
        """
        if not 0 < hours <= 24:
            raise InvalidRequest(f"a day has up to 24 hours, not {hours:g}")
        follow(self._ground)
        policy, asked = self._ground.policy(), days_of(period)
        span = (asked.first, asked.after - 1)
        with self._ground.store.read() as tx:
            works, days = tx.works.between(*span), tx.works.days(*span)
            hurried = any(tx.alarms.standing_subjects(kind) for kind in TOO_QUICK)
        shift = Shift(max(days, 1), hours, self._people(policy), reviewers)
        return Staffing(
            period=period,
            days=days,
            hours=hours,
            pools=staff(policy, works, shift),
            prices=prices(policy, works, days=shift.days),
            remarks=remarks(works, shift, hurried=hurried),
            single_operator=self.single_operator,
        )

    def sessions(self, period: Period) -> tuple[WeekRow, ...]:
        """Sessions by week, oldest first; the first week is whole, too, so that moving the period
        by a day takes no single day out of it. A break is as long as the policy says."""
        friction = self._ground.policy().friction
        with self._ground.store.read() as tx:
            rows = tx.records.sessions(
                since=_monday_before(period.since),
                until=period.until,
                longest_ms=friction.session_longest * 1000,
                break_ms=friction.break_for * 1000,
            )
        return tuple(rows)

    # -- inside

    def _people(self, policy: Policy) -> dict[str, int]:
        """How many may work each pool now, those on loan not counted."""
        now, people = self._ground.clock.now(), self._ground.roster().reviewers.values()
        here = [one.roles for one in people if one.in_force(now)]
        return {name: sum(pool.role in one for one in here) for name, pool in policy.pools.items()}


def _monday_before(moment: int) -> int:
    """The UTC midnight with which the week of a moment began."""
    return moment - (moment - _FIRST_MONDAY) % _WEEK
