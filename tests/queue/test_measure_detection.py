"""Blind tests: seeing better is told apart from refusing more."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from overread_queue.measure.detection import Detection, detection
from overread_queue.measure.impossible import Impossible

counts = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def desk(hits: int, wrong: int, false_alarms: int, right: int) -> Detection:
    found = detection(hits=hits, wrong=wrong, false_alarms=false_alarms, right=right)
    assert found is not None
    return found


def test_a_desk_that_only_refuses_more_does_not_see_better() -> None:
    before, after = desk(30, 40, 4, 60), desk(38, 40, 30, 60)
    assert (round(before.d_prime, 2), round(after.d_prime, 2)) == (2.10, 1.55)
    assert (round(before.d_a(), 2), round(after.d_a(), 2)) == (1.85, 1.88)
    assert before.criterion > 0 > after.criterion


def test_a_desk_that_tosses_a_coin_sees_nothing() -> None:
    blind = desk(20, 40, 20, 40)
    assert (blind.d_prime, blind.d_a(), blind.criterion) == pytest.approx((0, 0, 0))


@settings(deadline=None)
@given(counts, counts)
def test_the_textbook_says_the_same(signal: tuple[int, int], noise: tuple[int, int]) -> None:
    found = desk(*signal, *noise)
    z_hit = stats.norm.ppf((signal[0] + 0.5) / (signal[1] + 1))
    z_alarm = stats.norm.ppf((noise[0] + 0.5) / (noise[1] + 1))
    assert found.d_prime == pytest.approx(z_hit - z_alarm, abs=1e-9)
    assert found.criterion == pytest.approx(-(z_hit + z_alarm) / 2, abs=1e-9)
    assert found.d_a() == pytest.approx(math.sqrt(2 / 1.36) * (z_hit - 0.6 * z_alarm), abs=1e-9)
    assert found.d_a(slope=1) == pytest.approx(found.d_prime)


@settings(deadline=None)
@given(counts, counts)
def test_turned_round_it_is_the_opposite(signal: tuple[int, int], noise: tuple[int, int]) -> None:
    here, there = desk(*signal, *noise), desk(*noise, *signal)
    assert here.d_prime == pytest.approx(-there.d_prime)
    assert here.criterion == pytest.approx(there.criterion)


def test_its_interval_adds_up_both_variances() -> None:
    low, _, high = desk(20, 40, 5, 80).d_a_interval(slope=0.5)
    variances = [
        rate * (1 - rate) / (size * stats.norm.pdf(stats.norm.ppf(rate)) ** 2)
        for rate, size in ((20.5 / 41, 40), (5.5 / 81, 80))
    ]
    half = 1.959964 * math.sqrt(2 / 1.25 * (variances[0] + 0.25 * variances[1]))
    assert (high - low) / 2 == pytest.approx(half)


def test_its_interval_covers_about_as_often_as_it_says() -> None:
    """Every result that 60 probes and 60 controls can have, at hit rate 0.75 and 0.1."""
    wrong = right = 60
    truth = math.sqrt(2 / 1.36) * (stats.norm.ppf(0.75) - 0.6 * stats.norm.ppf(0.1))
    hit_chance = stats.binom.pmf(range(wrong + 1), wrong, 0.75)
    alarm_chance = stats.binom.pmf(range(right + 1), right, 0.1)
    covered = 0.0
    for hits in range(25, wrong + 1):
        for alarms in range(25):
            low, _, high = desk(hits, wrong, alarms, right).d_a_interval()
            covered += hit_chance[hits] * alarm_chance[alarms] * (low <= truth <= high)
    assert 0.92 < covered < 0.98


def test_without_controls_or_without_probes_there_is_no_answer() -> None:
    assert detection(hits=9, wrong=10, false_alarms=0, right=0) is None
    assert detection(hits=0, wrong=0, false_alarms=1, right=10) is None


def test_nonsense_is_refused() -> None:
    with pytest.raises(Impossible, match="11 of 10"):
        detection(hits=11, wrong=10, false_alarms=0, right=5)
    with pytest.raises(Impossible, match="tell nothing apart"):
        Detection(0, 0, 0, 5)
    for slope in (0, -1, math.nan):
        with pytest.raises(Impossible, match="slope"):
            desk(1, 2, 1, 2).d_a(slope=slope)
