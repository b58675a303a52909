"""What a review is worth, what is known of what nobody looked at, and what is still to be shown."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from overread_queue.measure.audits import audits_needed, loosest_safe, shown_below
from overread_queue.measure.impossible import Impossible
from overread_queue.measure.intervals import at_most, wilson
from overread_queue.measure.sampling import Drawn, weighted_mean
from overread_queue.measure.stakes import Stakes

money, chance = st.floats(0, 10_000), st.floats(0, 1)


@settings(deadline=None)
@given(money, chance, chance, money, money)
def test_at_the_threshold_both_ways_cost_the_same(
    loss: float, detection: float, false_override: float, override_cost: float, review: float
) -> None:
    stakes = Stakes(loss, detection, false_override, override_cost, review)
    if 0 <= stakes.threshold <= 1:
        at = stakes.threshold
        assert stakes.acting(at) == pytest.approx(stakes.escalating(at), rel=1e-6, abs=1e-6)


def test_above_it_a_review_pays_and_below_it_does_not() -> None:
    """Refund of 400, hit rate 0.75, false overrides 5 % at 20, a review costs 6."""
    stakes = Stakes(400, 0.75, 0.05, 20, 6)
    assert stakes.threshold == pytest.approx(7 / 301)
    assert stakes.escalating(0.03) < stakes.acting(0.03)
    assert stakes.escalating(0.02) > stakes.acting(0.02)


def test_reviewers_who_see_little_make_review_worthless() -> None:
    assert Stakes(100, 0.05, 0.0, 0.0, 6).threshold > 1
    assert Stakes(100, 0.0, 0.5, 1000, 1).threshold == math.inf
    assert Stakes(0, 0, 0, 0, 0).threshold == math.inf


def test_impossible_stakes_are_refused() -> None:
    with pytest.raises(Impossible, match="chance of detection"):
        Stakes(100, 75, 0.05, 20, 6)
    with pytest.raises(Impossible, match="a loss"):
        Stakes(-1, 0.75, 0.05, 20, 6)
    with pytest.raises(Impossible, match="being wrong"):
        Stakes(1, 0.75, 0.05, 20, 6).acting(math.nan)


def test_what_was_escalated_alone_would_paint_the_agent_black() -> None:
    """One action in five is risky and escalated, the others are audited now and then."""
    chance, truth = random.Random(3), 0.2 * 0.3 + 0.8 * 0.02
    drawn = []
    for _ in range(20_000):
        risky = chance.random() < 0.2
        wrong, inclusion = chance.random() < (0.3 if risky else 0.02), 1.0 if risky else 0.05
        if chance.random() < inclusion:
            drawn.append(Drawn(float(wrong), inclusion))
    found = weighted_mean(drawn)
    naive = sum(one.value for one in drawn) / len(drawn)
    assert found is not None
    assert naive > 0.2
    assert found.mean == pytest.approx(truth, abs=0.015)
    low, _, high = found.interval()
    assert low < truth < high
    assert found.effective < found.drawn / 2


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(0.02, 1)), min_size=1, max_size=50))
def test_it_is_hajeks_ratio(actions: list[tuple[bool, float]]) -> None:
    found = weighted_mean(Drawn(float(wrong), inclusion) for wrong, inclusion in actions)
    weights = [1 / inclusion for _, inclusion in actions]
    wrong = [weight for (bad, _), weight in zip(actions, weights, strict=True) if bad]
    assert found is not None
    assert found.mean == pytest.approx(sum(wrong) / sum(weights))
    assert found.effective == pytest.approx(sum(weights) ** 2 / sum(w * w for w in weights))
    assert found.effective <= found.drawn + 1e-9
    assert found.cut == 0


def test_drawn_evenly_it_is_a_plain_share() -> None:
    found = weighted_mean([Drawn(1.0, 0.1)] * 8 + [Drawn(0.0, 0.1)] * 32)
    assert found is not None
    assert found.interval() == pytest.approx(wilson(8, 40))
    assert found.standard_error == pytest.approx(math.sqrt(0.2 * 0.8 / 40))


@settings(deadline=None)
@given(st.lists(st.floats(0.02, 1), min_size=1, max_size=50))
def test_where_all_were_wrong_the_rate_is_one(inclusions: list[float]) -> None:
    found = weighted_mean(Drawn(1.0, inclusion) for inclusion in inclusions)
    assert found is not None
    assert found.interval().high == 1.0


def test_a_lucky_draw_does_not_speak_for_thousands() -> None:
    found = weighted_mean([Drawn(1.0, 0.001)] + [Drawn(0.0, 1.0)] * 50)
    assert found is not None
    assert (found.cut, found.mean) == (1, pytest.approx(0.5))


def test_a_clean_sample_is_no_certainty() -> None:
    found = weighted_mean([Drawn(0.0, 0.5)] * 60)
    assert found is not None
    assert (found.mean, found.standard_error) == (0.0, None)
    assert found.interval().high > 0.05


def test_without_actions_there_is_no_rate() -> None:
    assert weighted_mean([]) is None


def test_impossible_draws_are_refused() -> None:
    for inclusion in (0.0, 1.1, math.nan):
        with pytest.raises(Impossible, match="drawn with a chance"):
            weighted_mean([Drawn(1.0, inclusion)])
    with pytest.raises(Impossible, match="largest weight"):
        weighted_mean([Drawn(1.0, 1.0)], largest=0.5)
    with pytest.raises(Impossible, match="a value"):
        weighted_mean([Drawn(math.inf, 1.0)])
    losses = weighted_mean([Drawn(700.0, 1.0)])
    assert losses is not None
    with pytest.raises(Impossible, match="not a rate"):
        losses.interval()


def test_about_three_hundred_clean_audits_show_less_than_one_per_cent() -> None:
    assert audits_needed(0, 0, ceiling=0.01) == 299
    assert audits_needed(0, 100, ceiling=0.01) == 199
    assert audits_needed(0, 299, ceiling=0.01) == 0


@settings(deadline=None)
@given(st.integers(0, 20), st.integers(0, 400), st.floats(0.005, 0.5))
def test_so_many_are_enough_and_one_fewer_is_not(harmful: int, more: int, ceiling: float) -> None:
    audits = harmful + more
    missing = audits_needed(harmful, audits, ceiling=ceiling)
    assert at_most(harmful, audits + missing) <= ceiling
    assert shown_below(ceiling, harmful, audits) == (missing == 0)
    if missing:
        assert at_most(harmful, audits + missing - 1) > ceiling


def test_loosening_stops_at_the_first_step_that_is_not_shown_to_be_safe() -> None:
    steps = [(0, 400), (1, 600), (0, 100), (0, 5000)]
    assert loosest_safe(steps, ceiling=0.01) == 1
    assert loosest_safe(steps[2:], ceiling=0.01) is None
    assert loosest_safe([], ceiling=0.01) is None


def test_it_ends_at_an_unsafe_step_as_seldom_as_promised() -> None:
    """Harm rises from step to step and is too high from the third on."""
    harm, size, unsafe = (0.002, 0.005, 0.02, 0.03), 1000, 0
    for seed in range(400):
        seen = stats.binom.rvs(size, harm, random_state=seed)
        last = loosest_safe([(int(count), size) for count in seen], ceiling=0.02)
        unsafe += last is not None and last >= 2
    assert unsafe / 400 <= 0.07


def test_impossible_audits_are_refused() -> None:
    with pytest.raises(Impossible, match="5 of 4"):
        audits_needed(5, 4, ceiling=0.01)
    with pytest.raises(Impossible, match="ceiling"):
        audits_needed(0, 4, ceiling=0)
    with pytest.raises(Impossible, match="ceiling"):
        loosest_safe([(0, 4)], ceiling=1)
