"""Stretches of time, in whole UTC days: that is how finely the tallies are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from overread_queue.errors import InvalidRequest
from overread_queue.health.metric import Period
from overread_queue.health.tallying import DAY_MS
from overread_queue.store.health import Days

MOST_DAILY = 62
"""Days; a longer period has one point per week …"""
MOST_WEEKLY = 400
"""… and from here on one per month."""


def last_days(count: int, *, now: int) -> Period:
    """The last so many UTC days, today among them as far as it has come."""
    after = now // DAY_MS + 1
    return Period((after - count) * DAY_MS, after * DAY_MS)


def days_of(period: Period) -> Days:
    """Every day that some of the period is in. Raises `InvalidRequest` where there is none."""
    if period.since >= period.until:
        begins, ends = _moment(period.since), _moment(period.until)
        raise InvalidRequest(f"a period begins before it ends; this one: {begins} to {ends} (UTC)")
    return Days(period.since // DAY_MS, -(-period.until // DAY_MS))


def period_of(days: Days) -> Period:
    return Period(days.first * DAY_MS, days.after * DAY_MS)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One point of a series."""

    first: int
    """UTC day."""
    after: int

    def __contains__(self, day: int) -> bool:
        return self.first <= day < self.after

    @property
    def at(self) -> int:
        return self.first * DAY_MS


def stretches(days: Days) -> Iterator[Stretch]:
    """Days, weeks or months that cover the period, by its length; the first and the last may be
    shorter than the others."""
    first = days.first
    while first < days.after:
        after = min(days.after, _next(first, days.after - days.first))
        yield Stretch(first, after)
        first = after


def _next(day: int, length: int) -> int:
    """Where the next point begins: weeks on Mondays, months on their first."""
    if length <= MOST_DAILY:
        return day + 1
    date = _date(day)
    if length <= MOST_WEEKLY:
        return day + 7 - date.weekday()
    later = day - date.day + 32
    return later - _date(later).day + 1


def _moment(at: int) -> str:
    told = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=at)
    return told.strftime("%Y-%m-%d %H:%M")


def _date(day: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=day)
