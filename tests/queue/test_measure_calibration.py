"""Scores become chances: against scipy's isotonic regression and its general optimiser."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from overread_queue.measure.calibration import Isotonic, Labelled, calibrate, isotonic
from overread_queue.measure.impossible import Impossible
from overread_queue.measure.platt import Sigmoid, fit_sigmoid

label = st.builds(
    Labelled, st.integers(0, 12).map(float), st.booleans(), st.sampled_from([1.0, 2.0, 20.0])
)
labels = st.lists(label, min_size=1, max_size=60)


@settings(deadline=None)
@given(labels)
def test_scipy_pools_the_same_violators(known: list[Labelled]) -> None:
    scores = sorted({one.score for one in known})
    weights = [sum(one.weight for one in known if one.score == score) for score in scores]
    shares = [
        sum(one.weight for one in known if one.score == score and one.wrong) / weight
        for score, weight in zip(scores, weights, strict=True)
    ]
    found = isotonic(known)
    assert found is not None
    assert found.scores == tuple(scores)
    expected = optimize.isotonic_regression(shares, weights=weights).x
    assert found.chances == pytest.approx(list(expected))


@settings(deadline=None)
@given(labels, st.floats(0, 12), st.floats(0, 12))
def test_a_higher_score_is_never_less_likely_wrong(
    known: list[Labelled], one: float, other: float
) -> None:
    for found in (isotonic(known), calibrate(known)):
        low, high = (found.chance(score) for score in sorted((one, other))) if found else (0, 0)
        if low is not None and high is not None:
            assert 0 <= low <= high + 1e-12 <= 1 + 1e-9


def test_between_two_scores_it_is_straight_and_beyond_them_silent() -> None:
    found = isotonic([Labelled(0.2, wrong=False), Labelled(0.6, wrong=True)])
    assert found == Isotonic((0.2, 0.6), (0.0, 1.0))
    assert found.chance(0.3) == pytest.approx(0.25)
    assert (found.chance(0.2), found.chance(0.6)) == (0.0, 1.0)
    assert (found.chance(0.19), found.chance(0.61)) == (None, None)


@settings(max_examples=40, deadline=None)
@given(labels)
def test_no_other_logistic_curve_is_likelier(known: list[Labelled]) -> None:
    found = fit_sigmoid(known)
    assert found is not None
    weights = np.array([one.weight for one in known])
    wrong = np.array([one.wrong for one in known])
    bad, good = float(weights[wrong].sum()), float(weights[~wrong].sum())
    targets = np.where(wrong, (bad + 1) / (bad + 2), 1 / (good + 2))
    scores = np.array([one.score for one in known])

    def loss(at: np.ndarray) -> float:
        value = at[0] * scores + at[1]
        return float((weights * (np.logaddexp(0, value) - targets * value)).sum())

    best = optimize.minimize(loss, [0.5, 0.0], bounds=[(0, None), (None, None)], method="L-BFGS-B")
    assert loss(np.array([found.slope, found.intercept])) <= best.fun + 1e-5


def test_a_score_that_points_the_wrong_way_says_nothing() -> None:
    known = [Labelled(float(score), wrong=score < 5) for score in range(10)]
    found = fit_sigmoid(known)
    assert found is not None
    assert found.slope == 0
    assert found.chance(2) == found.chance(8) == pytest.approx(0.5)


def test_many_labels_shape_the_curve_and_few_are_fitted_to_one() -> None:
    many = _agent(labels=400, seed=1)
    assert isinstance(calibrate(many), Isotonic)
    assert isinstance(calibrate(many[:150]), Sigmoid)
    few_errors = [one for one in many if not one.wrong] + [one for one in many if one.wrong][:29]
    assert isinstance(calibrate(few_errors), Sigmoid)


@pytest.mark.parametrize("count", [100, 3000])
def test_both_find_the_chances_that_made_the_errors(count: int) -> None:
    found = calibrate(_agent(labels=count, seed=2))
    assert found is not None
    for score in (0.3, 0.5, 0.7):
        assert found.chance(score) == pytest.approx(_truth(score), abs=0.1)


def test_no_errors_or_nothing_but_errors_is_no_calibration() -> None:
    assert calibrate([]) is None
    assert calibrate([Labelled(0.1 * n, wrong=False) for n in range(500)]) is None
    assert calibrate([Labelled(0.1 * n, wrong=True) for n in range(500)]) is None
    assert isotonic([]) is None
    assert fit_sigmoid([]) is None


def test_extreme_scores_are_no_trouble() -> None:
    curve = Sigmoid(slope=1000.0, intercept=0.0)
    assert (curve.chance(-1e6), curve.chance(0), curve.chance(1e6)) == (0.0, 0.5, 1.0)


def test_nonsense_is_refused() -> None:
    with pytest.raises(Impossible, match="a score is a finite number"):
        calibrate([Labelled(math.nan, wrong=True)])
    with pytest.raises(Impossible, match="a weight"):
        calibrate([Labelled(0.1, wrong=True, weight=-1.0)])
    with pytest.raises(Impossible, match="a score is a finite number"):
        fit_sigmoid([(math.nan, True, 1.0), (0.5, False, 1.0)])
    with pytest.raises(Impossible, match="never drawn"):
        isotonic([Labelled(0.1, wrong=True, weight=0.0)])
    with pytest.raises(Impossible, match="a score is a finite number"):
        Sigmoid(1.0, 0.0).chance(math.inf)
    with pytest.raises(Impossible, match="a score is a finite number"):
        Isotonic((0.0, 1.0), (0.0, 1.0)).chance(math.nan)


def _truth(score: float) -> float:
    return 1 / (1 + math.exp(-6 * (score - 0.5)))


def _agent(*, labels: int, seed: int) -> list[Labelled]:
    chance = random.Random(seed)
    scores = [chance.random() for _ in range(labels)]
    return [Labelled(score, chance.random() < _truth(score)) for score in scores]
