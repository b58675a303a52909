"""Intervals against closed forms, and against every sample there can be."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from overread_queue.measure.beta import at_least, beta_cdf, beta_quantile
from overread_queue.measure.impossible import Impossible
from overread_queue.measure.intervals import (
    Interval,
    at_most,
    clopper_pearson,
    confidence_sequence,
    paired_change,
    wilson,
    wilson_rate,
)

Z = NormalDist().inv_cdf(0.975)


def test_with_nothing_seen_everything_is_possible() -> None:
    assert wilson(0, 0)[::2] == (0.0, 1.0)
    assert math.isnan(wilson(0, 0).estimate)
    assert paired_change(0, 0, 0)[::2] == (-1.0, 1.0)
    for interval in (clopper_pearson, confidence_sequence):
        assert interval(0, 0)[::2] == (0.0, 1.0)
        assert math.isnan(interval(0, 0).estimate)
    assert at_most(0, 0) == 1.0


def test_at_the_ends_it_has_a_closed_form() -> None:
    for total in (1, 10, 300):
        assert wilson(0, total).high == pytest.approx(Z**2 / (total + Z**2))
        assert wilson(total, total).low == pytest.approx(total / (total + Z**2))
        assert (wilson(0, total).low, wilson(total, total).high) == (0.0, 1.0)


def test_a_known_figure() -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263."""
    low, share, high = wilson(81, 263)
    assert (round(low, 4), round(share, 4), round(high, 4)) == (0.2553, 0.3080, 0.3662)


@settings(deadline=None)
@given(st.integers(1, 400), st.data())
def test_its_bounds_solve_the_score_equation(total: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, total))
    for bound in wilson(count, total)[::2]:
        if 0 < bound < 1:
            score = abs(count / total - bound) / math.sqrt(bound * (1 - bound) / total)
            assert score == pytest.approx(Z, rel=1e-6)


def test_it_covers_about_as_often_as_it_says() -> None:
    total = 60
    covered = []
    for rate in (0.05, 0.1, 0.3, 0.5):
        hits = (k for k in range(total + 1) if _holds(wilson(k, total), rate))
        covered.append(sum(math.comb(total, k) * rate**k * (1 - rate) ** (total - k) for k in hits))
    assert min(covered) > 0.92
    assert sum(covered) / len(covered) > 0.94


def test_the_change_of_a_share_covers_too() -> None:
    total, up, down = 40, 0.2, 0.1
    covered = 0.0
    for gained in range(total + 1):
        for lost in range(total + 1 - gained):
            ways = math.comb(total, gained) * math.comb(total - gained, lost)
            chance = ways * up**gained * down**lost * (1 - up - down) ** (total - gained - lost)
            covered += chance * _holds(paired_change(gained, lost, total), up - down)
    assert 0.93 < covered < 0.98


def test_a_change_in_one_direction_only_is_the_share_itself() -> None:
    gained, alone = paired_change(12, 0, 80), wilson(12, 80)
    assert gained.estimate == alone.estimate
    assert gained.high == pytest.approx(alone.high)
    assert gained.low < alone.low


@settings(deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(60, 90))
def test_turned_round_it_is_the_same_change(gained: int, lost: int, total: int) -> None:
    here, back = paired_change(gained, lost, total), paired_change(lost, gained, total)
    assert here.low == pytest.approx(-back.high)
    assert here.estimate == pytest.approx(-back.estimate)


@pytest.mark.parametrize("numbers", [(3, 2), (-1, 5)])
def test_what_is_no_share_is_refused(numbers: tuple[int, int]) -> None:
    for bound in (wilson, clopper_pearson, confidence_sequence, at_most):
        with pytest.raises(Impossible, match="is no share"):
            bound(*numbers)


def test_other_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit into 5"):
        paired_change(3, 3, 5)
    for bound in (wilson, clopper_pearson, confidence_sequence, at_most):
        with pytest.raises(Impossible, match="between 0 and 1, not at 95"):
            bound(1, 2, level=95)


counts = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.sampled_from([0.8, 0.95, 0.99])


@settings(deadline=None)
@given(counts, levels)
def test_statsmodels_agrees(numbers: tuple[int, int], level: float) -> None:
    for interval, method in ((wilson, "wilson"), (clopper_pearson, "beta")):
        expected = proportion_confint(*numbers, alpha=1 - level, method=method)
        assert interval(*numbers, level=level)[::2] == pytest.approx(expected, rel=1e-8, abs=1e-12)


@settings(deadline=None)
@given(st.floats(0.5, 5000), st.floats(0.5, 5000), st.floats(0.001, 0.999))
def test_the_beta_distribution_is_scipys(a: float, b: float, chance: float) -> None:
    x = stats.beta.ppf(chance, a, b)
    assert beta_cdf(x, a, b) == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-10)
    assert beta_quantile(chance, a, b) == pytest.approx(x, rel=1e-8, abs=1e-300)


@settings(deadline=None)
@given(counts, st.floats(0.001, 0.999))
def test_the_exact_test_is_scipys(numbers: tuple[int, int], rate: float) -> None:
    expected = stats.binomtest(*numbers, rate, alternative="greater").pvalue
    assert at_least(*numbers, rate) == pytest.approx(expected, rel=1e-8, abs=1e-12)


def test_a_million_cases_are_no_trouble() -> None:
    low, _, high = clopper_pearson(3000, 1_000_000)
    assert low == pytest.approx(stats.beta.ppf(0.025, 3000, 997_001), rel=1e-9)
    assert high == pytest.approx(stats.beta.ppf(0.975, 3001, 997_000), rel=1e-9)


def test_what_nobody_has_seen_can_still_be_so_frequent() -> None:
    bounds = {total: round(at_most(0, total) * 100, 2) for total in (60, 100, 300, 1000)}
    assert bounds == {60: 4.87, 100: 2.95, 300: 0.99, 1000: 0.30}
    assert at_most(3, 3) == 1.0


@settings(deadline=None)
@given(counts)
def test_the_one_sided_bound_is_reached_as_often_as_it_says(numbers: tuple[int, int]) -> None:
    count, total = numbers
    if count < total:
        assert 1 - at_least(count + 1, total, at_most(count, total)) == pytest.approx(0.05)


@settings(deadline=None)
@given(counts, levels)
def test_the_bounds_of_a_sequence_are_as_unlikely_as_they_may_be(
    numbers: tuple[int, int], level: float
) -> None:
    count, total = numbers
    mixture = stats.betabinom.logpmf(count, total, 0.5, 0.5)
    for bound in confidence_sequence(count, total, level=level)[::2]:
        if 0 < bound < 1:
            ratio = mixture - stats.binom.logpmf(count, total, bound)
            assert ratio == pytest.approx(-math.log(1 - level), rel=1e-6, abs=1e-6)


def test_its_widths_are_those_of_the_design() -> None:
    """Half-widths around a hit rate of 75 %."""
    widths = {100: 0.14, 200: 0.10, 300: 0.086}
    for total, width in widths.items():
        low, _, high = confidence_sequence(total * 3 // 4, total)
        assert (high - low) / 2 == pytest.approx(width, abs=0.006)


def test_looking_every_day_fools_wilson_but_not_the_sequence() -> None:
    seeds, fooled = range(120), {wilson: 0, confidence_sequence: 0}
    for seed in seeds:
        drawn = stats.bernoulli.rvs(0.1, size=400, random_state=seed).cumsum()
        for interval in fooled:
            looks = (interval(int(drawn[n - 1]), n) for n in range(10, 401, 10))
            fooled[interval] += not all(_holds(one, 0.1) for one in looks)
    assert fooled[wilson] > 0.2 * len(seeds)
    assert fooled[confidence_sequence] <= 0.05 * len(seeds)


def test_a_rate_that_is_no_whole_number_has_the_same_interval() -> None:
    assert wilson_rate(0.25, 40) == wilson(10, 40)
    assert wilson_rate(0.25, 40.5).high < wilson(10, 40).high
    assert wilson_rate(0.0, 0)[::2] == (0.0, 1.0)
    with pytest.raises(Impossible, match="a rate"):
        wilson_rate(1.1, 40)
    with pytest.raises(Impossible, match="number of cases"):
        wilson_rate(0.1, math.nan)


def test_a_distribution_has_no_chance_beyond_its_own() -> None:
    assert (beta_cdf(0, 2, 3), beta_cdf(1, 2, 3)) == (0, 1)
    for impossible in (math.nan, -0.1, 1.1):
        with pytest.raises(Impossible, match="between 0 and 1"):
            beta_cdf(impossible, 2, 3)
        with pytest.raises(Impossible, match="between 0 and 1"):
            beta_quantile(impossible, 2, 3)
    with pytest.raises(Impossible, match="6 of 5"):
        at_least(6, 5, 0.1)


def _holds(interval: Interval, value: float) -> bool:
    return interval.low <= value <= interval.high
