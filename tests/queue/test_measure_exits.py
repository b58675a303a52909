"""Ways in which waits end: against lifelines, and against plain counting."""

import random

import lifelines
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overread_queue.measure.exits import cumulative_incidence
from overread_queue.measure.impossible import Impossible
from overread_queue.measure.spells import Spell
from overread_queue.measure.survival import kaplan_meier

KINDS = ["answered", "timed out", "withdrawn"]
spell = st.builds(
    Spell, st.integers(1, 30).map(float), st.one_of(st.none(), st.sampled_from(KINDS))
)


@settings(max_examples=15, deadline=None)
@given(st.lists(spell, min_size=1, max_size=40, unique_by=lambda one: one.time))
def test_lifelines_draws_the_same_curves(spells: list[Spell]) -> None:
    times = [one.time for one in spells]
    exits = [KINDS.index(one.exit) + 1 if one.exit else 0 for one in spells]
    for kind, mine in cumulative_incidence(spells).items():
        theirs = lifelines.AalenJohansenFitter().fit(times, exits, KINDS.index(kind) + 1)
        for step in mine.steps:
            expected = theirs.cumulative_density_.iloc[:, 0][step.time]
            assert step.share == pytest.approx(expected, abs=1e-9)
            variance = mine.variance(step.time)
            if variance is not None and step.ended < step.at_risk:  # there lifelines has NaN
                assert variance == pytest.approx(theirs.variance_[step.time], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(spell, max_size=40))
def test_all_ways_and_the_waiting_make_a_whole(spells: list[Spell]) -> None:
    found, waiting = cumulative_incidence(spells), kaplan_meier(spells)
    for time in range(31):
        shares = [one.at(time) for one in found.values()]
        if waiting is not None and found and None not in shares:
            assert sum(shares) + (waiting.at(time) or 0.0) == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(st.lists(spell.filter(lambda one: one.exit is not None), min_size=1, max_size=40))
def test_with_nobody_waiting_it_is_plain_counting(spells: list[Spell]) -> None:
    for kind, curve in cumulative_incidence(spells).items():
        for time in (5, 15, 30):
            share = sum(one.exit == kind and one.time <= time for one in spells) / len(spells)
            assert curve.at(time) == pytest.approx(share)
            if 0 < share < 1:
                assert curve.variance(time) == pytest.approx(share * (1 - share) / len(spells))


def test_a_time_out_is_no_answer_that_is_yet_to_come() -> None:
    """Half are answered after an hour, half time out after two. To leave out the time-outs would
    say that everybody is answered."""
    spells = [Spell(1.0, "answered")] * 5 + [Spell(2.0, "timed out")] * 5
    answered = cumulative_incidence(spells)["answered"]
    assert answered.at(3) == 0.5
    assert answered.quantile(0.5) == 1.0
    assert answered.quantile(0.6) is None


def test_its_interval_covers_as_often_as_it_says() -> None:
    """Answers at rate 1 and time-outs at rate 1/2: by time 1, 2/3 (1 - e^-1.5) are answered."""
    truth, covered = 2 / 3 * (1 - 2.718281828459045**-1.5), 0
    for seed in range(300):
        found = cumulative_incidence(_desk(random.Random(seed)))["answered"].interval(1.0)
        assert found is not None
        covered += found.low <= truth <= found.high
    assert 0.91 < covered / 300 < 0.985


def test_nothing_ended_nothing_said() -> None:
    assert cumulative_incidence([]) == {}
    assert cumulative_incidence([Spell(3.0), Spell(4.0)]) == {}


def test_before_the_first_and_beyond_the_last_there_is_no_interval() -> None:
    found = cumulative_incidence([Spell(2.0, "answered"), Spell(5.0)])["answered"]
    assert (found.at(1), found.variance(1), found.interval(1)) == (0.0, None, None)
    assert (found.at(5.1), found.variance(5.1), found.interval(5.1)) == (None, None, None)
    alone = cumulative_incidence([Spell(2.0, "answered")])["answered"]
    assert (alone.at(99), alone.interval(99)) == (1.0, None)


def test_a_clock_that_went_back_is_named() -> None:
    with pytest.raises(Impossible, match="look at the clocks"):
        cumulative_incidence([Spell(-1.0, "answered")])


def _desk(chance: random.Random) -> list[Spell]:
    spells = []
    for _ in range(100):
        answer, lapse, seen = chance.expovariate(1), chance.expovariate(0.5), chance.uniform(1, 3)
        first = min(answer, lapse, seen)
        exit = {answer: "answered", lapse: "timed out"}.get(first)
        spells.append(Spell(first, exit))
    return spells
