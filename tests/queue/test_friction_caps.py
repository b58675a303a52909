"""How much one person is given: in a day, in a session, and until a break is suggested."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from overread_queue.friction.caps import (
    Day,
    break_due,
    items_capped,
    items_left,
    minutes_capped,
    session_over,
    since_break_ms,
)
from overread_queue.policy.settings import Friction, Limits

MINUTE = 60_000
BREAK = 5 * MINUTE


def day(items: int = 0, active: int = 0, since_break: int = 0) -> Day:
    return Day(items=items, active_ms=active * MINUTE, since_break_ms=since_break * MINUTE)


def test_sixty_items_are_a_days_work() -> None:
    assert items_capped(Limits(), day(items=59)) == ""
    assert items_capped(Limits(), day(items=60)) == "the day's limit of 60 items is reached"
    assert [items_left(Limits(), day(items=done)) for done in (0, 50, 60, 75)] == [60, 10, 0, 0]


def test_four_hours_of_active_review_are_a_days_work() -> None:
    assert minutes_capped(Limits(), day(active=239), 1.0) == ""
    assert "240 minutes" in minutes_capped(Limits(), day(active=240), 1.0)


def test_whoever_needs_twice_the_time_has_twice_the_minutes() -> None:
    assert minutes_capped(Limits(), day(active=300), 2.0) == ""
    assert "480 minutes" in minutes_capped(Limits(), day(active=480), 2.0)
    assert session_over(Friction(), 41 * MINUTE, 2.0) == ""


def test_whoever_needs_more_time_tires_no_later() -> None:
    assert break_due(Friction(), day(since_break=30), overloaded=False)


def test_a_session_ends_after_forty_active_minutes() -> None:
    assert session_over(Friction(), 40 * MINUTE - 1, 1.0) == ""
    assert "40 minutes" in session_over(Friction(), 40 * MINUTE, 1.0)


def test_a_break_is_due_after_thirty_minutes_and_after_twenty_under_load() -> None:
    def due(since: int, *, overloaded: bool) -> bool:
        return break_due(Friction(), day(since_break=since), overloaded=overloaded)

    assert [due(29, overloaded=False), due(30, overloaded=False)] == [False, True]
    assert [due(19, overloaded=True), due(20, overloaded=True)] == [False, True]


def spell(start: int, end: int, active: int) -> tuple[int, int, int]:
    return start * MINUTE, end * MINUTE, active * MINUTE


def test_five_minutes_between_two_reviews_are_a_break() -> None:
    morning = [spell(600, 610, 9), spell(611, 620, 8)]
    assert since_break_ms(morning, BREAK) == 17 * MINUTE
    assert since_break_ms([*morning, spell(624, 630, 5)], BREAK) == 22 * MINUTE
    assert since_break_ms([*morning, spell(625, 630, 5)], BREAK) == 5 * MINUTE


def test_two_reviews_open_at_once_leave_no_gap_between_them() -> None:
    assert since_break_ms([spell(600, 630, 9), spell(601, 602, 1), spell(631, 632, 1)], BREAK) == (
        11 * MINUTE
    )


def test_a_pause_that_still_goes_on_counts_from_when_it_is_long_enough() -> None:
    morning = [spell(600, 610, 9)]
    assert since_break_ms([*morning, spell(614, 614, 0)], BREAK) == 9 * MINUTE
    assert since_break_ms([*morning, spell(615, 615, 0)], BREAK) == 0


def test_a_day_without_reviews_has_nothing_to_rest_from() -> None:
    assert since_break_ms([], BREAK) == 0


spells = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(0, 60), st.integers(0, 60)).map(
        lambda one: spell(one[0], one[0] + one[1], min(one[1], one[2]))
    ),
    max_size=12,
)


@given(spells, st.integers(1, 60))
def test_a_longer_break_is_never_found_more_often(
    found: list[tuple[int, int, int]], by: int
) -> None:
    longer = since_break_ms(found, BREAK + by * MINUTE)
    assert since_break_ms(found, BREAK) <= longer <= sum(active for _, _, active in found)


@given(spells, st.randoms())
def test_the_order_in_which_reviews_are_listed_does_not_matter(found: list, luck: object) -> None:
    mixed = [*found]
    luck.shuffle(mixed)
    assert since_break_ms(mixed, BREAK) == since_break_ms(found, BREAK)


@given(st.integers(0, 100), st.integers(0, 500), st.floats(0.5, 4), st.floats(0, 2))
def test_more_time_for_a_person_never_caps_sooner(
    items: int, active: int, multiplier: float, more: float
) -> None:
    today = day(items=items, active=active)
    if minutes_capped(Limits(), today, multiplier + more):
        assert minutes_capped(Limits(), today, multiplier)
    assert bool(items_capped(Limits(), today)) == (items_left(Limits(), today) == 0)
