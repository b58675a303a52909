"""The leads' door to work and to whoever does it: counted off what happened, and nobody named."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from factories import NOON, House, brief, house
from journey import settle
from overread_queue import LeadOffice
from overread_queue.errors import InvalidRequest
from overread_queue.health.metric import Period
from overread_queue.health.staffing import Staffing
from review_faces import manual

DAY_MS = 86_400_000
RUNS = count()
MONTH = Period(NOON - 30 * DAY_MS, NOON + 30 * DAY_MS)


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


def staffing(here: House, period: Period = MONTH, hours: float = 8) -> Staffing:
    with LeadOffice.open(here.path, reviewer="olga", clock=here.clock) as office:
        return office.staffing(period, hours=hours)


def ask(here: House, *, items: int) -> None:
    with here.agent() as queue:
        for _ in range(items):
            queue.submit(brief(run=f"run-{next(RUNS)}"))


def review(here: House, *, minutes: float, reviewer: str = "ana") -> None:
    """A session through everything that waits, with that much active time on each item."""
    with here.desk(reviewer) as desk:
        session = desk.start_session(max_items=15)
        for item in session.items:
            look = desk.open(item)
            for _ in range(int(minutes * 2)):
                manual(here).advance(seconds=30)
                desk.active(look)
                desk.heartbeat(session)
            desk.decide(look, option="reject", reason="the parcel was delivered")
        desk.end_session(session)


def test_an_empty_desk_has_nothing_to_staff_for(here: House) -> None:
    found = staffing(here)
    assert (found.days, found.pools, found.prices) == (0, (), ())
    assert "nothing came in" in found.remarks[0]


def test_what_waits_and_what_was_reviewed_are_counted_once_each(here: House) -> None:
    ask(here, items=4)
    review(here, minutes=2)
    ask(here, items=2)
    (pool,) = staffing(here).pools
    assert (pool.pool, pool.per_day, pool.people) == ("refunds", 6, 2)
    assert (pool.measured, pool.seconds) == (0, 180)
    assert staffing(here).pools == (pool,)


def test_enough_reviews_speak_for_themselves(here: House) -> None:
    for _ in range(5):
        ask(here, items=6)
        review(here, minutes=1)
        manual(here).advance(seconds=DAY_MS // 1000)
    found = staffing(here)
    (pool,) = found.pools
    assert found.days == 5
    assert (pool.measured, pool.per_day) == (30, 6)
    assert pool.seconds == pytest.approx(60, abs=1)


def test_the_times_of_people_who_do_not_read_are_called_so(here: House) -> None:
    ask(here, items=1)
    review(here, minutes=1)
    assert not any("alarms" in one for one in staffing(here).remarks)
    for _ in range(6):
        with here.agent() as queue:
            settle(here, queue.submit(brief(run=f"run-{next(RUNS)}")), "approve")
    assert "`overread alarms`" in staffing(here).remarks[0]


def test_only_the_period_counts(here: House) -> None:
    ask(here, items=3)
    assert staffing(here, Period(NOON - 9 * DAY_MS, NOON - 2 * DAY_MS)).pools == ()
    with pytest.raises(InvalidRequest, match="begins before it ends"):
        staffing(here, Period(NOON, NOON - DAY_MS))


def test_the_same_work_in_fewer_hours_asks_for_more_people(here: House) -> None:
    ask(here, items=15)
    (calm,), (dense,) = staffing(here, hours=24).pools, staffing(here, hours=1).pools
    assert dense.needed > calm.needed
    with pytest.raises(InvalidRequest, match="up to 24 hours"):
        staffing(here, hours=0)


def test_sessions_are_told_by_week_and_without_names(here: House) -> None:
    ask(here, items=2)
    review(here, minutes=2)
    ask(here, items=1)
    review(here, minutes=1, reviewer="ben")
    review(here, minutes=0)
    manual(here).advance(seconds=8 * DAY_MS // 1000)
    ask(here, items=1)
    review(here, minutes=50)
    with LeadOffice.open(here.path, reviewer="olga", clock=here.clock) as office:
        first, second = office.sessions(MONTH)
        of_its_last_day = office.sessions(Period(first.at + 6 * DAY_MS, second.at))
    assert of_its_last_day == (first,)
    assert (first.sessions, first.people, first.hurried) == (3, 2, 1)
    assert first.active_ms == pytest.approx(5 * 60_000, abs=3000)
    assert (second.sessions, second.long) == (1, 1)
    assert second.at % DAY_MS == 0
    assert (second.at // DAY_MS + 3) % 7 == 0
