"""How long reviews take, and the ones that take no time."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from overread_queue.measure.impossible import Impossible
from overread_queue.measure.mixture import Component, Mixture, fit_mixture
from overread_queue.measure.review_times import fast_spike, histogram, quantile

seconds = st.lists(st.floats(0, 5000), max_size=80)


def reviews(count: int, clicked: int, seed: int) -> list[float]:
    """Readings with a median of 55 s, and reflexes of 2.2 s among them."""
    chance = np.random.default_rng(seed)
    read = chance.lognormal(math.log(55), 0.75, count - clicked)
    return [*read, *chance.lognormal(math.log(2.2), 0.35, clicked)]


@settings(deadline=None)
@given(seconds.filter(bool), st.sampled_from([0.1, 0.5, 0.9]))
def test_a_quantile_is_one_of_the_reviews(times: list[float], share: float) -> None:
    expected = np.quantile(times, share, method="inverted_cdf")
    assert quantile(times, share).estimate == expected


@settings(deadline=None)
@given(st.integers(1, 400), st.floats(0.05, 0.95), st.sampled_from([0.8, 0.95]))
def test_scipy_puts_the_same_bounds_around_it(total: int, share: float, level: float) -> None:
    times = [float(rank) for rank in range(1, total + 1)]
    asked = stats.quantile_test(times, p=share).confidence_interval(level)
    expected = [None if math.isnan(bound) else bound for bound in asked]
    low, _, high = quantile(times, share, level=level)
    assert [low, high] == expected


def test_three_reviews_have_a_median_without_bounds() -> None:
    assert quantile([40, 20, 90], 0.5) == (None, 40, None)
    assert quantile([], 0.5) == (None, None, None)


def test_bars_double() -> None:
    bars = histogram([0, 0.9, 1, 1.9, 2, 3.99, 511.9, 512, 90_000])
    assert [bar.reviews for bar in bars] == [2, 2, 2, 0, 0, 0, 0, 0, 0, 1, 2]
    assert [bar.low for bar in bars] == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
    assert bars[-1].high == math.inf


@settings(deadline=None)
@given(seconds)
def test_every_review_is_in_its_bar(times: list[float]) -> None:
    for bar in histogram(times):
        assert bar.reviews == sum(bar.low <= time < bar.high for time in times)


def test_the_spike_test_is_exact() -> None:
    spike = fast_spike([2.0] * 6 + [30.0] * 94)
    assert spike is not None
    expected = stats.binomtest(6, 100, 0.02, alternative="greater").pvalue
    assert (spike.fast, spike.total) == (6, 100)
    assert spike.p_value == pytest.approx(expected)
    assert not spike.found
    assert fast_spike([2.0] * 7 + [30.0] * 93, expected=0.02).found


def test_below_forty_reviews_no_spike_is_claimed_or_denied() -> None:
    assert fast_spike([1.0] * 39) is None
    assert fast_spike([1.0] * 40).found


@pytest.mark.parametrize("test", ["spike", "mixture"])
def test_desks_that_read_are_left_in_peace(test: str) -> None:
    desks = (reviews(100, 0, seed) for seed in range(60))
    assert not any(_clicking(desk, test) for desk in desks)


@pytest.mark.parametrize(("test", "at_least"), [("spike", 50), ("mixture", 54)])
def test_desks_where_a_fifth_is_clicked_are_found_out(test: str, at_least: int) -> None:
    found = sum(_clicking(reviews(100, 20, seed), test) for seed in range(60))
    assert found >= at_least


def test_the_mixture_says_what_was_mixed() -> None:
    found = fit_mixture(reviews(4000, 800, seed=3))
    assert found is not None
    assert found.fast == pytest.approx((0.2, 2.2, 0.35), rel=0.1)
    assert found.slow == pytest.approx((0.8, 55, 0.75), rel=0.1)
    assert found.reviews == 4000


def test_only_a_share_that_matters_and_is_too_fast_is_held_against_a_desk() -> None:
    def desk(weight: float, median: float, gain: float) -> Mixture:
        fast, slow = Component(weight, median, 0.3), Component(1 - weight, 55, 0.7)
        return Mixture(fast, slow, gain, reviews=500)

    assert desk(0.04, 4.9, 6.1).reflexes()
    assert not desk(0.02, 4.9, 6.1).reflexes()
    assert not desk(0.04, 5.1, 6.1).reflexes()
    assert not desk(0.04, 4.9, 5.9).reflexes()


def test_no_other_mixture_is_likelier() -> None:
    """Against a general optimiser, on the same rounded times."""
    times = [math.exp(round(math.log(time) / 0.05) * 0.05) for time in reviews(200, 40, seed=8)]
    found = fit_mixture(times)
    assert found is not None
    logs = np.log(times)

    def loss(at: np.ndarray) -> float:
        weight, parts = 1 / (1 + math.exp(-at[0])), ((at[1], at[2]), (at[3], at[4]))
        one, other = (stats.norm.pdf(logs, mean, math.exp(sigma)) for mean, sigma in parts)
        return -float(np.log(weight * one + (1 - weight) * other).sum())

    fast, slow = found.fast, found.slow
    mine = [math.log(fast.weight / slow.weight), math.log(fast.median), math.log(fast.sigma)]
    mine += [math.log(slow.median), math.log(slow.sigma)]
    best = optimize.minimize(loss, mine, method="Nelder-Mead", options={"maxiter": 3000})
    assert loss(np.array(mine)) == pytest.approx(best.fun, abs=1e-3)
    single = -stats.norm.logpdf(logs, logs.mean(), logs.std()).sum()
    expected = 2 * (single - loss(np.array(mine))) - 3 * math.log(200)
    assert found.gain == pytest.approx(expected, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 5000), min_size=40, max_size=80))
def test_whatever_the_times_the_shares_are_shares(times: list[float]) -> None:
    found = fit_mixture(times)
    if found is not None:
        assert found.fast.weight + found.slow.weight == pytest.approx(1)
        assert found.fast.median <= found.slow.median
        assert math.isfinite(found.gain)


def test_too_few_reviews_or_all_alike_are_no_mixture() -> None:
    assert fit_mixture([3.0] * 20 + [60.0] * 19) is None
    assert fit_mixture([60.0] * 500) is None
    assert fit_mixture([]) is None


def test_a_clock_that_went_back_is_named() -> None:
    for measure in (histogram, fast_spike, fit_mixture):
        with pytest.raises(Impossible, match="look at the clocks"):
            measure([4.0, -1.0])
    with pytest.raises(Impossible, match="look at the clocks"):
        quantile([math.nan], 0.5)
    with pytest.raises(Impossible, match="a quantile"):
        quantile([4.0], 50)
    with pytest.raises(Impossible, match="expected share"):
        fast_spike([4.0], expected=0)


def _clicking(times: list[float], test: str) -> bool:
    if test == "spike":
        spike = fast_spike(times)
        return spike is not None and spike.found
    found = fit_mixture(times)
    return found is not None and found.reflexes()
