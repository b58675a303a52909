"""Charts alarm as seldom and as soon as they were designed to: by algebra and by trial."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overread_queue.measure.collapse import collapse_every, collapse_run
from overread_queue.measure.cusum import NEW, Cusum, Tally, cusum, designed, follow
from overread_queue.measure.impossible import Impossible

rates = st.floats(0.02, 0.9)


@pytest.mark.parametrize(
    ("expected", "feared", "threshold", "alarm_every", "found_after"),
    [
        (0.08, 0.02, 4.0, 1630, 101),
        (0.10, 0.03, 4.0, 1510, 94),
        (0.08, 0.16, 4.5, 4030, 108),
        (0.08, 0.04, 4.5, 6410, 282),
        (0.08, 0.12, 4.5, 10900, 386),
        (0.8, 0.6, 3.0, 291, 23),
    ],
)
def test_run_lengths_are_those_of_the_design(
    expected: float, feared: float, threshold: float, alarm_every: float, found_after: float
) -> None:
    """Figures of a simulation, hence about."""
    chart = cusum(expected, feared, threshold=threshold)
    assert chart.mean_run(expected) == pytest.approx(alarm_every, rel=0.1)
    assert chart.mean_run(feared) == pytest.approx(found_after, rel=0.05)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9), st.integers(1, 30), st.integers(1, 60), st.floats(0.05, 0.95))
def test_they_solve_the_equations_of_the_markov_chain(
    towards: int, away: int, limit: int, rate: float
) -> None:
    chart = Cusum(0.1, 0.2, towards, away, limit)
    run = chart.mean_run(rate)
    if run < 1e8:  # beyond, the general solver runs out of digits
        solved = np.linalg.solve(np.eye(limit) - _moves(chart, rate), np.ones(limit))[0]
        assert run == pytest.approx(solved, rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9), st.integers(1, 30), st.integers(1, 60), st.integers(0, 80))
def test_the_chance_of_an_alarm_is_a_power_of_that_chain(
    towards: int, away: int, limit: int, cases: int
) -> None:
    chart = Cusum(0.1, 0.2, towards, away, limit)
    still = np.linalg.matrix_power(_moves(chart, 0.3), cases)[0].sum()
    assert chart.alarm_chance(0.3, cases) == pytest.approx(1 - still, abs=1e-10)


@settings(max_examples=60, deadline=None)
@given(rates, rates)
def test_its_steps_are_the_log_likelihood_ratios(expected: float, feared: float) -> None:
    if abs(expected - feared) < 0.01:
        return
    chart = cusum(expected, feared, threshold=3)
    yes, no = abs(np.log(feared / expected)), abs(np.log((1 - feared) / (1 - expected)))
    towards, away = (yes, no) if feared > expected else (no, yes)
    level, exact = chart.away / (chart.towards + chart.away), away / (towards + away)
    assert level == pytest.approx(exact, abs=0.0051 * abs(feared - expected))
    assert (chart.limit - 1) * min(towards, away) < 3 * min(chart.towards, chart.away) * 1.000001


@settings(max_examples=25, deadline=None)
@given(rates, rates, st.floats(20, 5000))
def test_a_designed_chart_is_the_quickest_that_errs_so_seldom(
    expected: float, feared: float, every: float
) -> None:
    if abs(expected - feared) < 0.05:
        return
    chart = designed(expected, feared, false_alarm_every=every)
    assert chart.mean_run(expected) >= every * (1 - 1e-12)
    if chart.limit > 1:
        assert replace(chart, limit=chart.limit - 1).mean_run(expected) < every


def test_false_alarms_come_as_seldom_as_promised() -> None:
    chart = designed(0.2, 0.05, false_alarm_every=300)
    runs = [_run(chart, 0.2, seed) for seed in range(400)]
    assert np.mean(runs) == pytest.approx(chart.mean_run(0.2), abs=4 * np.std(runs) / 20)


def test_a_collapse_is_found_as_soon_as_promised() -> None:
    chart = cusum(0.08, 0.02, threshold=4)
    runs = [_run(chart, 0.02, seed) for seed in range(400)]
    assert np.mean(runs) == pytest.approx(chart.mean_run(0.02), abs=4 * np.std(runs) / 20)
    early = sum(run <= 90 for run in runs) / len(runs)
    assert early == pytest.approx(chart.alarm_chance(0.02, 90), abs=0.08)


def test_a_desk_that_goes_to_sleep_is_told_since_when() -> None:
    """A hundred honest reviews, then nobody overrides any more."""
    chart = cusum(0.08, 0.02, threshold=4)
    awake = [review % 10 == 9 for review in range(100)]
    tally = follow(chart, [*awake, *[False] * 200])
    assert chart.alarms(tally)
    assert tally.since == pytest.approx(tally.cases - 100, abs=10)
    assert 100 < tally.cases < 200


def test_it_can_be_put_away_and_taken_up_again() -> None:
    chart = cusum(0.08, 0.16, threshold=4.5)
    cases = [random.Random(3).random() < 0.08 for _ in range(60)]
    assert follow(chart, cases[30:], follow(chart, cases[:30])) == follow(chart, cases)
    assert follow(chart, []) == NEW == Tally(0, 0, 0)


def test_it_stops_counting_at_the_alarm() -> None:
    chart = cusum(0.1, 0.5, threshold=3)
    tally = follow(chart, [True] * 50)
    assert chart.alarms(tally)
    assert tally.cases < 5


def test_a_run_without_an_override_is_too_long_from_here_on() -> None:
    assert [collapse_run(rate) for rate in (0.08, 0.05, 0.02)] == [56, 90, 228]
    assert collapse_run(0.5, chance=0.25) == 2


@settings(max_examples=30, deadline=None)
@given(st.floats(0.05, 0.6), st.integers(1, 25))
def test_such_a_run_comes_by_chance_every_so_often(rate: float, run: int) -> None:
    """A chart that falls to 0 at every override and rises by one otherwise is the same rule."""
    same = Cusum(rate, rate / 2, towards=1, away=run, limit=run)
    assert collapse_every(rate, run) == pytest.approx(same.mean_run(rate), rel=1e-9)


def test_nonsense_is_refused() -> None:
    for impossible in (0.0, 1.0, float("nan")):
        with pytest.raises(Impossible, match="between 0 and 1"):
            cusum(impossible, 0.5, threshold=4)
        with pytest.raises(Impossible, match="between 0 and 1"):
            collapse_run(impossible)
        with pytest.raises(Impossible, match="between 0 and 1"):
            cusum(0.1, 0.5, threshold=4).mean_run(impossible)
    with pytest.raises(Impossible, match="is none"):
        cusum(0.1, 0.1, threshold=4)
    with pytest.raises(Impossible, match="1 point or more"):
        Cusum(0.1, 0.2, towards=1, away=1, limit=0)
    with pytest.raises(Impossible, match="so rare"):
        cusum(1e-5, 1e-6, threshold=4).mean_run(1e-5)
    with pytest.raises(Impossible, match="so close"):
        designed(0.5, 0.501, false_alarm_every=1e9)
    with pytest.raises(Impossible, match="above 0"):
        cusum(0.1, 0.2, threshold=0)
    with pytest.raises(Impossible, match="no design"):
        designed(0.1, 0.2, false_alarm_every=0)
    with pytest.raises(Impossible, match="-1 cases"):
        cusum(0.1, 0.2, threshold=4).alarm_chance(0.1, -1)
    with pytest.raises(Impossible, match="length"):
        collapse_every(0.1, 0)


def _moves(chart: Cusum, rate: float) -> np.ndarray:
    """One case, between all scores that do not alarm."""
    moves = np.zeros((chart.limit, chart.limit))
    for points in range(chart.limit):
        for happened, chance in ((True, rate), (False, 1 - rate)):
            there = chart.after(Tally(points), happened=happened)
            if not chart.alarms(there):
                moves[points, there.points] += chance
    return moves


def _run(chart: Cusum, rate: float, seed: int) -> int:
    chance = random.Random(seed)
    return follow(chart, iter(lambda: chance.random() < rate, None)).cases
