"""Pictures and numbers of measures: no number without its sample, and no line too long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overread_briefs.width import cells
from overread_console.flow.figures import figure, reading_words, weight_words
from overread_console.flow.plot import bars, spark, trace, whiskers
from overread_console.flow.spans import plain
from overread_queue.health.metric import Point, Reading, Unit, Weight
from overread_queue.measure.intervals import UNKNOWN, Interval, wilson

DAY_MS = 86_400_000
NOON = 1_795_000_000_000


def reading(count: int, n: int, weight: Weight = "usable") -> Reading:
    return Reading("", n, count, count / n if n else None, wilson(count, n), weight)


def drawn(points: list[Point], *, unit: Unit = "share", width: int = 76) -> list[str]:
    return [plain(line) for line in whiskers(points, unit, width=width, height=8)]


def day(number: int, count: int, n: int) -> Point:
    share = count / n if n else None
    return Point(NOON + number * DAY_MS, n, share, wilson(count, n) if n else None)


# -- numbers


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.09, "share", "9 %"),
        (0.004, "share", "0.4 %"),
        (0.0, "share", "0 %"),
        (0.0002, "share", "0.02 %"),
        (0.00002, "share", "<0.01 %"),
        (0.075, "share", "7.5 %"),
        (0.996, "share", "99.6 %"),
        (0.9999, "share", "99.99 %"),
        (0.99999, "share", ">99.99 %"),
        (1.0, "share", "100 %"),
        (160.0, "seconds", "2 m 40 s"),
        (0.25, "seconds", "0.2 s"),
        (1204.0, "count", "1,204"),
        (3.5, "per_day", "3.5 a day"),
        (0.713, "points", "0.71"),
    ],
)
def test_a_number_is_told_in_its_unit(value: float, unit: Unit, words: str) -> None:
    assert figure(value, unit) == words


def test_a_share_brings_its_interval() -> None:
    assert reading_words(reading(9, 100), "share") == "9 % (4.8–16)"


def test_a_time_has_bounds_in_one_unit() -> None:
    told = Reading("", 254, None, 475.0, Interval(442, 475, 508), "usable")
    assert reading_words(told, "seconds") == "7 m 55 s (7.4–8.5 m)"


def test_few_cases_are_counted_and_not_made_a_share() -> None:
    few = reading(3, 7, "counts")
    assert (reading_words(few, "share"), weight_words(few, "share")) == ("3 of 7", "too few")


def test_no_number_is_a_dash_and_never_a_zero() -> None:
    nothing = Reading("", 0, None, None, UNKNOWN, "none", "nobody looked")
    assert (reading_words(nothing, "share"), weight_words(nothing, "share")) == ("–", "no data")
    unclear = Reading("", 910, None, None, None, "usable", "why there is none")
    assert weight_words(unclear, "share") == "no number", "there were 910 cases"


# -- pictures


def test_a_dot_stands_inside_its_whisker() -> None:
    lines = drawn([day(0, 5, 10)])
    column = lines[0].index("│", 9) if "│" in lines[0][9:] else lines[1].index("│", 9)
    marks = "".join(line[column] for line in lines[:8]).strip()
    assert marks.count("●") == 1
    assert marks[0] == marks[-1] == "│"


def test_a_value_of_nothing_stands_on_the_ground_and_a_gap_stays_empty() -> None:
    lines = drawn([day(0, 0, 400), day(1, 0, 0), day(2, 0, 400)])
    assert lines[7].count("●") == 2
    assert not any("●" in line for line in lines[:7])


def test_the_axis_says_how_high_and_from_when_to_when() -> None:
    lines = drawn([day(0, 40, 100), day(9, 45, 100)])
    assert lines[0].lstrip().startswith("60 % ┤")
    assert lines[4].lstrip().startswith("30 % ┤")
    assert "2026-11-18 to 2026-11-27" in lines[-1]


def test_without_any_value_there_is_no_picture() -> None:
    assert drawn([]) == []
    assert drawn([day(0, 0, 0)]) == []


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=120),
    st.integers(40, 117),
    st.sampled_from(("share", "seconds", "count")),
)
def test_no_picture_is_wider_than_its_room(
    counts: list[tuple[int, int]], width: int, unit: Unit
) -> None:
    points = [day(at, min(pair), max(pair)) for at, pair in enumerate(counts)]
    assert all(cells(line) <= width for line in drawn(points, unit=unit, width=width))


def test_seconds_are_marked_at_times_that_people_use() -> None:
    points = [Point(NOON, 9, 48.0, Interval(40, 48, 61))]
    assert drawn(points, unit="seconds")[0].lstrip().startswith("2 m ┤")


def test_a_distribution_says_counts_and_shares_beside_its_bars() -> None:
    lines = [plain(line) for line in bars([("4 s", 1), ("64 s", 999)], 60)]
    assert lines[0].endswith("1   0.1 %")
    assert lines[1].endswith("999  99.9 %")
    assert lines[1].count("█") > 20
    assert "▏" in lines[0]


def test_rows_of_bars_keep_what_is_small_in_sight() -> None:
    assert spark([0, 1, 1000]) == " ▁█"
    assert spark([0, 0]) == ""
    assert trace([0.1, None, 0.2], 10) == "▅ █"
    assert trace([0.0, 0.0], 10) == "▁▁"


def test_a_long_series_is_gathered_into_its_room() -> None:
    assert trace([0.1] * 5 + [0.2] * 5, 5) == "▅▅▆██"
    assert len(trace([0.5] * 365, 12)) <= 12
