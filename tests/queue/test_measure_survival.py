"""Time to an answer, with those who still wait: against lifelines, scipy and closed forms."""

import math
import random
from itertools import pairwise

import lifelines
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.utils import median_survival_times, restricted_mean_survival_time
from scipy import integrate, stats

from overread_queue.measure.impossible import Impossible
from overread_queue.measure.sla import Compliance, breach_chance
from overread_queue.measure.spells import Spell
from overread_queue.measure.survival import Survival, kaplan_meier

spell = st.builds(Spell, st.integers(1, 30).map(float), st.sampled_from(["answered", None]))
some = st.lists(spell, min_size=1, max_size=40)
oracle = settings(max_examples=25, deadline=None)


def curve(spells: list[Spell]) -> Survival:
    found = kaplan_meier(spells)
    assert found is not None
    return found


def fitted(spells: list[Spell]) -> lifelines.KaplanMeierFitter:
    ended = [spell.exit is not None for spell in spells]
    return lifelines.KaplanMeierFitter().fit([spell.time for spell in spells], ended)


@oracle
@given(some)
def test_scipy_and_lifelines_draw_the_same_curve(spells: list[Spell]) -> None:
    mine, theirs = curve(spells), fitted(spells)
    sample = stats.CensoredData(
        uncensored=[one.time for one in spells if one.exit],
        right=[one.time for one in spells if not one.exit],
    )
    scipys = stats.ecdf(sample).sf
    for time in range(31):
        share = mine.at(time)
        if share is not None:
            assert share == pytest.approx(theirs.predict(time), abs=1e-12)
            assert share == pytest.approx(float(scipys.evaluate(time)), abs=1e-12)


@oracle
@given(some)
def test_lifelines_puts_the_same_interval_around_it(spells: list[Spell]) -> None:
    mine, theirs = curve(spells), fitted(spells).confidence_interval_
    for step in mine.steps:
        if 0 < step.share < 1:
            low, _, high = mine.interval(step.time) or (None, None, None)
            assert (low, high) == pytest.approx(tuple(theirs.loc[step.time]), abs=1e-9)


@oracle
@given(some)
def test_lifelines_finds_the_same_median(spells: list[Spell]) -> None:
    mine, theirs = curve(spells), fitted(spells)
    if any(step.share == pytest.approx(0.5) for step in mine.steps):
        return  # lifelines' shares are a hair off, and so may be on either side of a half
    assert (mine.quantile().estimate or math.inf) == theirs.median_survival_time_
    if all(0 < step.share < 1 for step in mine.steps):
        expected = median_survival_times(theirs.confidence_interval_).iloc[0]
        low, _, high = mine.quantile()
        assert (low or math.inf, high or math.inf) == tuple(expected)


@oracle
@given(some, st.floats(1, 30))
def test_lifelines_finds_the_same_restricted_mean(spells: list[Spell], horizon: float) -> None:
    mine = curve(spells).restricted_mean(horizon)
    if mine is not None:
        expected = restricted_mean_survival_time(fitted(spells), t=horizon)
        assert mine.mean == pytest.approx(expected)


@oracle
@given(st.lists(st.integers(1, 40), min_size=2, max_size=30))
def test_with_nobody_waiting_it_is_the_plain_mean_and_its_variance(times: list[int]) -> None:
    found = curve([Spell(time, "answered") for time in times]).restricted_mean(50)
    assert found is not None
    assert found.mean == pytest.approx(np.mean(times))
    assert (found.variance or 0.0) == pytest.approx(np.var(times) / len(times))


@oracle
@given(some, st.floats(1, 30))
def test_its_variance_is_greenwoods(spells: list[Spell], horizon: float) -> None:
    found = curve(spells)
    mine = found.restricted_mean(horizon)
    if mine is None:
        return
    ends = [step for step in found.steps if step.time < horizon and step.share > 0]
    expected = sum(
        _area(found, step.time, horizon) ** 2
        * step.ended
        / (step.at_risk * (step.at_risk - step.ended))
        for step in ends
    )
    assert (mine.variance or 0.0) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_leaving_out_the_pending_would_flatter_the_desk() -> None:
    """A rush before the end of the shift: waits of 60 minutes at the median, seen for two hours."""
    chance = random.Random(5)
    waits = [chance.expovariate(math.log(2) / 60) for _ in range(3000)]
    watched = [chance.triangular(0, 240, 20) for _ in waits]
    spells = [
        Spell(min(wait, seen), "answered" if wait <= seen else None)
        for wait, seen in zip(waits, watched, strict=True)
    ]
    naive = float(np.median([one.time for one in spells if one.exit]))
    low, median, high = curve(spells).quantile()
    assert naive < 45
    assert low is not None
    assert high is not None
    assert low < 60 < high
    assert median == pytest.approx(60, abs=5)


def test_the_interval_of_a_restricted_mean_covers_as_often_as_it_says() -> None:
    truth = (1 - math.exp(-1.5)) * 1.0
    covered = 0
    for seed in range(300):
        chance = random.Random(seed)
        pairs = [(chance.expovariate(1), chance.uniform(0.2, 4)) for _ in range(80)]
        spells = [Spell(min(pair), "answered" if pair[0] <= pair[1] else None) for pair in pairs]
        found = curve(spells).restricted_mean(1.5)
        assert found is not None
        assert found.variance is not None
        covered += abs(found.mean - truth) < 1.96 * math.sqrt(found.variance)
    assert 0.91 < covered / 300 < 0.985


def test_an_empty_desk_has_no_curve() -> None:
    assert kaplan_meier([]) is None


def test_while_all_wait_nothing_is_said_about_how_long_it_takes() -> None:
    found = curve([Spell(5.0), Spell(9.0)])
    assert found.at(9) == 1.0
    assert found.interval(9) is None
    assert found.quantile() == (None, None, None)
    assert found.restricted_mean(8) is None


def test_one_review_says_little_but_no_nonsense() -> None:
    found = curve([Spell(7.0, "answered")])
    assert found.quantile() == (7.0, 7.0, None)
    assert found.interval(7) == (0.0, 0.0, 1.0)
    assert found.restricted_mean(10) == (7.0, None)


def test_beyond_what_was_watched_there_is_no_curve() -> None:
    found = curve([Spell(3.0, "answered"), Spell(6.0)])
    assert found.at(6) == 0.5
    assert found.at(6.1) is None
    assert found.interval(6.1) is None
    assert found.restricted_mean(6.1) is None
    assert found.restricted_mean(3) is None  # nothing had ended before


@pytest.mark.parametrize("time", [-1.0, math.nan, math.inf])
def test_a_clock_that_went_back_is_named(time: float) -> None:
    with pytest.raises(Impossible, match="look at the clocks"):
        kaplan_meier([Spell(4.0, "answered"), Spell(time, "answered")])
    with pytest.raises(Impossible, match="finite number from 0 on"):
        curve([Spell(4.0, "answered")]).at(time)


def test_a_quantile_is_a_share() -> None:
    with pytest.raises(Impossible, match="a quantile"):
        curve([Spell(4.0, "answered")]).quantile(50)


def test_what_is_open_makes_compliance_a_range() -> None:
    kept = Compliance(met=80, missed=10, undetermined=10)
    assert (kept.worst, kept.best) == (0.8, 0.9)
    assert (Compliance(0, 0, 0).worst, Compliance(0, 0, 0).best) == (None, None)
    with pytest.raises(Impossible, match="-1 missed"):
        Compliance(3, -1, 0)


def test_the_longer_an_item_has_waited_the_likelier_it_is_late() -> None:
    """Of four waits one ends after each hour: at half past two, two are left and one makes it."""
    found = curve([Spell(float(hour), "answered") for hour in (1, 2, 3, 4)])
    assert breach_chance(found, waited=0, deadline=3.5) == pytest.approx(1 / 4)
    assert breach_chance(found, waited=2.5, deadline=3.5) == pytest.approx(1 / 2)
    assert breach_chance(found, waited=3.5, deadline=3.5) == 1.0


def test_a_breach_that_nothing_is_known_about_is_not_forecast() -> None:
    ended, open_still = Spell(2.0, "answered"), Spell(3.0)
    assert breach_chance(curve([ended, open_still]), waited=1, deadline=4) is None
    assert breach_chance(curve([ended]), waited=2.5, deadline=4) is None


def _area(found: Survival, start: float, end: float) -> float:
    edges = sorted({start, end, *(one.time for one in found.steps if start < one.time < end)})
    return sum(
        integrate.quad(lambda time: found.at(time) or 0.0, low + 1e-9, high - 1e-9)[0]
        for low, high in pairwise(edges)
    )
