"""Enough reviewers: against closed forms, the equations of the chain, and a simulated desk."""

import heapq
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overread_queue.measure.impossible import Impossible
from overread_queue.measure.waiting import Queue, little_gap, reviewers_needed

HOURLY = 200 / 480
"""Items a minute: 200 in a shift of eight hours."""


@pytest.mark.parametrize(
    ("service", "reviewers", "begun"), [(5, 3, 0.97), (8, 5, 0.99), (3, 2, 0.97)]
)
def test_reviews_begin_within_a_quarter_of_an_hour(
    service: float, reviewers: int, begun: float
) -> None:
    desk = Queue(HOURLY, service, reviewers)
    assert (desk.within(15) or 0) >= begun - 0.005
    assert reviewers_needed(HOURLY, service, within=15) <= reviewers


def test_three_reviewers_are_busy_seven_tenths_of_the_time() -> None:
    assert Queue(HOURLY, 5, 3).utilisation == pytest.approx(0.694, abs=1e-3)


@settings(deadline=None)
@given(st.floats(0.01, 0.99))
def test_one_reviewer_is_the_simplest_queue(load: float) -> None:
    desk = Queue(arrivals=load, service=1, reviewers=1)
    assert desk.wait_chance == pytest.approx(load)
    assert desk.mean_wait == pytest.approx(load / (1 - load))
    assert desk.within(2) == pytest.approx(1 - load * math.exp(-(1 - load) * 2))


@settings(deadline=None)
@given(st.integers(1, 40), st.floats(0.05, 0.98))
def test_the_chance_to_wait_is_erlangs_sum(reviewers: int, utilisation: float) -> None:
    load = reviewers * utilisation
    terms = [load**n / math.factorial(n) for n in range(reviewers)]
    last = load**reviewers / math.factorial(reviewers) / (1 - utilisation)
    desk = Queue(arrivals=load, service=1, reviewers=reviewers)
    assert desk.wait_chance == pytest.approx(last / (sum(terms) + last))


def test_a_simulated_desk_waits_as_long() -> None:
    desk = Queue(arrivals=0.4, service=5, reviewers=3)
    waits = _simulated(desk, items=60_000, seed=6)
    assert np.mean(waits) == pytest.approx(desk.mean_wait, rel=0.08)
    assert np.mean(np.array(waits) <= 5) == pytest.approx(desk.within(5), abs=0.01)


def test_where_the_queue_only_grows_there_is_no_wait_to_state() -> None:
    desk = Queue(HOURLY, 5, 2)
    assert (desk.wait_chance, desk.mean_wait, desk.within(15)) == (None, None, None)
    assert desk.utilisation > 1


def test_an_empty_desk_lets_nobody_wait() -> None:
    for desk in (Queue(0, 5, 1), Queue(3, 0, 1)):
        assert (desk.wait_chance, desk.mean_wait, desk.within(0)) == (0, 0, 1)
    assert reviewers_needed(0, 5, within=1) == 1


@settings(deadline=None)
@given(st.floats(0, 20), st.floats(0.1, 5), st.floats(0, 30))
def test_one_reviewer_fewer_is_not_enough(arrivals: float, service: float, within: float) -> None:
    needed = reviewers_needed(arrivals, service, within=within)
    assert (Queue(arrivals, service, needed).within(within) or 0) >= 0.95
    if needed > 1:
        assert (Queue(arrivals, service, needed - 1).within(within) or 0) < 0.95


def test_telemetry_that_agrees_with_itself() -> None:
    assert little_gap(present=10, arrivals=2, time=5) == 0
    assert little_gap(present=11, arrivals=2, time=5) == pytest.approx(0.1)
    assert little_gap(present=0, arrivals=0, time=0) is None


def test_nonsense_is_refused() -> None:
    with pytest.raises(Impossible, match="rate of arrivals"):
        Queue(-1, 5, 1)
    with pytest.raises(Impossible, match="time for a review"):
        Queue(1, math.nan, 1)
    with pytest.raises(Impossible, match="reviewers, not 0"):
        Queue(1, 1, 0)
    with pytest.raises(Impossible, match="a time"):
        Queue(1, 1, 2).within(-1)
    with pytest.raises(Impossible, match="share of items"):
        reviewers_needed(1, 1, within=1, share=1)
    with pytest.raises(Impossible, match="reviewers, not"):
        reviewers_needed(1e9, 1, within=1)
    with pytest.raises(Impossible, match="items present"):
        little_gap(present=-1, arrivals=2, time=5)


def _simulated(desk: Queue, *, items: int, seed: int) -> list[float]:
    """First come, first served."""
    chance, now, waits = random.Random(seed), 0.0, []
    free = [0.0] * desk.reviewers
    for _ in range(items):
        now += chance.expovariate(desk.arrivals)
        begin = max(now, free[0])
        waits.append(begin - now)
        heapq.heapreplace(free, begin + chance.expovariate(1 / desk.service))
    return waits
