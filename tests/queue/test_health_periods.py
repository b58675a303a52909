"""Series have one point for each day, week or month, and none of the period is left out."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from overread_queue.errors import InvalidRequest
from overread_queue.health.metric import Period
from overread_queue.health.periods import days_of, last_days, period_of, stretches
from overread_queue.health.tallying import DAY_MS
from overread_queue.store.health import Days

EPOCH = dt.date(1970, 1, 1)
TODAY = (dt.date(2026, 11, 18) - EPOCH).days


def dates(days: Days) -> list[dt.date]:
    return [EPOCH + dt.timedelta(days=stretch.first) for stretch in stretches(days)]


@pytest.mark.parametrize("length", [1, 30, 62, 63, 400, 401, 2_000])
def test_points_follow_each_other_without_a_gap(length: int) -> None:
    found = list(stretches(Days(TODAY - length, TODAY)))

    assert found[0].first == TODAY - length
    assert found[-1].after == TODAY
    for one, later in pairwise(found):
        assert one.first < one.after == later.first
    assert len(found) <= 68


def test_long_periods_have_weeks_from_monday_and_months_from_their_first() -> None:
    weeks = dates(Days(TODAY - 100, TODAY))
    months = dates(Days(TODAY - 500, TODAY))

    assert {day.weekday() for day in weeks[1:]} == {0}
    assert {day.day for day in months[1:]} == {1}
    assert len({(day.year, day.month) for day in months}) == len(months)


def test_a_period_is_widened_to_whole_days_with_today_among_the_last() -> None:
    now = TODAY * DAY_MS + 5
    assert days_of(Period(now, now + 1)) == Days(TODAY, TODAY + 1)
    assert period_of(days_of(last_days(30, now=now))) == last_days(30, now=now)
    assert days_of(last_days(1, now=now)) == Days(TODAY, TODAY + 1)


def test_a_period_that_ends_too_soon_is_refused_with_both_of_its_ends() -> None:
    told = r"begins before it ends; this one: 1970-01-03 00:00 to 1970-01-02 00:00 \(UTC\)"
    with pytest.raises(InvalidRequest, match=told):
        days_of(Period(2 * DAY_MS, DAY_MS))
