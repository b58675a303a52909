"""The model against what is known in closed form, and against what no desk may do."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from random import Random
from statistics import fmean, variance

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from overread_console.simulation.adversity import adverse
from overread_console.simulation.diffusion import decide, mean_time, time_to, up_chance
from overread_console.simulation.estimate import Rate, rate
from overread_console.simulation.looking import Item, Look, Strain, care
from overread_console.simulation.looking import look as read
from overread_console.simulation.outcome import outcome
from overread_console.simulation.rules import Rules, Scope, frictionless, of_policy
from overread_console.simulation.shift import a_day, run
from overread_console.simulation.study import study
from overread_console.simulation.world import PARAMETERS, World
from overread_queue.measure.waiting import Queue
from overread_queue.policy.settings import Friction, Limits

POLICY = of_policy(Friction(), Limits())
ENDLESS = Rules(day_minutes=math.inf, day_items=1_000_000)
DRAWS = 6_000
SCOPES: tuple[Scope, ...] = ("none", "all")


def known(found: Rate | None) -> float:
    assert found is not None
    return found.value


@pytest.mark.parametrize(("drift", "boundary"), [(0.64, 1.36), (-0.3, 2.0), (2.0, 0.5)])
def test_without_bias_a_choice_is_right_as_often_as_the_formula_says(
    drift: float, boundary: float
) -> None:
    assert up_chance(drift, boundary, 0) == pytest.approx(1 / (1 + math.exp(-2 * drift * boundary)))


@pytest.mark.parametrize(
    ("drift", "boundary", "start"), [(0.64, 1.36, 0), (-0.64, 1.36, 0.54), (0, 1.5, -0.6)]
)
def test_choices_fall_and_last_as_the_closed_forms_say(
    drift: float, boundary: float, start: float
) -> None:
    random = Random(7)
    drawn = [decide(random, drift, boundary, start) for _ in range(DRAWS)]
    chance, times = up_chance(drift, boundary, start), [one.time for one in drawn]

    four_errors = 4 * math.sqrt(chance * (1 - chance) / DRAWS)
    assert fmean(one.up for one in drawn) == pytest.approx(chance, abs=four_errors)
    four_errors = 4 * math.sqrt(variance(times) / DRAWS)
    assert fmean(times) == pytest.approx(mean_time(drift, boundary, start), abs=four_errors)


def test_times_vary_as_those_of_a_brownian_motion() -> None:
    random = Random(8)
    times = [decide(random, 0, 1, 0).time for _ in range(DRAWS)]
    assert variance(times) == pytest.approx(2 / 3, rel=0.1)


def test_times_of_either_answer_make_up_the_times_of_all() -> None:
    random, (drift, boundary, start) = Random(9), (-0.64, 1.36, 0.54)
    chance = up_chance(drift, boundary, start)
    each = [
        [time_to(random, drift, boundary, start, up=up) for _ in range(DRAWS // 2)]
        for up in (True, False)
    ]
    found = chance * fmean(each[0]) + (1 - chance) * fmean(each[1])
    assert found == pytest.approx(mean_time(drift, boundary, start), rel=0.05)


@pytest.mark.parametrize(("reviewers", "service"), [(1, 1.6), (3, 5.0), (6, 12.0)])
def test_a_desk_of_simple_people_waits_as_erlang_says(reviewers: int, service: float) -> None:
    """No fatigue, no pressing items, no caps, exponential times: an M/M/c queue."""
    world = World(reviewers=reviewers, items=20_000, hours=800, high_share=0, due_other=math.inf)

    def simply(item: Item, strain: Strain, world: World, rules: Rules) -> Look:
        return Look(-service * math.log(1 - item.answer_draw), False, 0, 0)

    waits = [one.waited for one in run(a_day("erlang", world), world, ENDLESS, simply)]
    expected = Queue(20_000 / 48_000, service, reviewers).mean_wait
    assert fmean(waits) == pytest.approx(expected, rel=0.12)


def test_rested_and_unbiased_reviewers_catch_what_the_closed_form_says() -> None:
    world = World(items=200, hours=100, bias=0, fatigue=0, hurry=0, wrong_share=0.5)
    found = outcome([a_day("plain", world)] * 2, world, ENDLESS)
    assert found.caught is not None
    assert found.caught.value == pytest.approx(up_chance(world.drift, world.boundary, 0))


@settings(deadline=None, max_examples=40)
@given(
    reviewers=st.integers(1, 5),
    items=st.integers(1, 80),
    hours=st.floats(1, 8),
    day_items=st.integers(1, 30),
    outlet=st.booleans(),
    seed=st.integers(),
)
def test_every_item_ends_once_and_none_is_taken_up_late(
    reviewers: int, items: int, hours: float, day_items: int, outlet: bool, seed: int
) -> None:
    world = World(
        reviewers=reviewers, items=items, hours=hours, outlet=outlet, due_high=5, due_other=9
    )
    day = a_day(str(seed), world)
    done = run(day, world, replace(POLICY, day_items=day_items), read)

    assert sorted(one.item.arrival for one in done) == [one.arrival for one in day]
    at_the_desk = [one for one in done if one.look and not one.over_cap]
    assert len(at_the_desk) <= reviewers * day_items
    assert all(0 <= one.waited <= 9 for one in at_the_desk)
    assert outlet or all(one.look is None for one in done if one.over_cap)


def test_caps_without_an_outlet_leave_what_is_over_them_to_nobody() -> None:
    world = World(items=100, reviewers=2)
    days = [a_day(str(day), world) for day in range(5)]
    capped = replace(POLICY, day_items=20)
    assert outcome(days, world, capped).unanswered.value == 0
    closed = outcome(days, replace(world, outlet=False), capped)
    assert closed.unanswered.value == pytest.approx(0.6)
    assert closed.over_cap.value == pytest.approx(0.6)


def test_a_challenge_catches_more_and_refuses_more_of_what_is_right() -> None:
    world = World(items=1_000)
    days = [a_day(str(day), world) for day in range(4)]
    plain, challenged = (outcome(days, world, Rules(challenge=one)) for one in SCOPES)
    assert known(challenged.caught) > known(plain.caught) + 0.03
    assert challenged.false_overrides.value > plain.false_overrides.value + 0.02
    assert challenged.minutes.value > plain.minutes.value + world.challenge_time


def test_answers_are_drawn_as_often_as_their_chances_say() -> None:
    world = World(items=4_000, wrong_share=0.5)
    looks = [read(one, Strain(40, 30), world, POLICY) for one in a_day("draws", world)]
    wrong = [one.wrong_draw < world.wrong_share for one in a_day("draws", world)]
    for sort in (True, False):
        some = [one for one, is_wrong in zip(looks, wrong, strict=True) if is_wrong is sort]
        chance = fmean(one.if_wrong if sort else one.if_right for one in some)
        assert fmean(one.refused for one in some) == pytest.approx(chance, abs=0.04)


def test_tired_and_hurried_reviewers_are_faster_and_catch_less() -> None:
    world = World(items=2_000, wrong_share=0.5)
    rested, spent = Strain(0, 0), Strain(waiting=60, at_work=50)
    day = a_day("spent", world)
    fresh, tired = ([read(one, how, world, Rules()) for one in day] for how in (rested, spent))

    assert care(rested, world) == 1 > care(spent, world)
    assert fmean(one.minutes for one in tired) < 0.7 * fmean(one.minutes for one in fresh)
    bad = [number for number, one in enumerate(day) if one.wrong_draw < world.wrong_share]
    assert sum(tired[one].refused for one in bad) < 0.93 * sum(fresh[one].refused for one in bad)


def test_only_an_approval_takes_its_least_time() -> None:
    world, rules = World(items=300), Rules(floor_high=30, floor_other=30)
    looks = [read(one, Strain(0, 0), world, rules) for one in a_day("floor", world)]
    assert all(one.minutes >= 30 for one in looks if not one.refused)
    assert any(one.minutes < 30 for one in looks if one.refused)


def test_intervals_are_student_s_where_days_weigh_the_same() -> None:
    each = [3.0, 5.0, 4.0, 8.0, 6.0, 1.0]
    found = rate(each, [2] * 6)
    assert found is not None
    halves = [one / 2 for one in each]
    low, high = stats.t.interval(0.95, 5, loc=fmean(halves), scale=stats.sem(halves))
    assert found.estimate == pytest.approx((low, fmean(halves), high))


def test_a_world_without_wrong_items_has_nothing_to_catch() -> None:
    world = World(items=20, wrong_share=0)
    found = outcome([a_day("a", world), a_day("b", world)], world, POLICY)
    assert found.caught is None
    assert found.caught_high is None
    assert found.false_overrides.value > 0


def test_every_number_of_a_world_says_where_it_is_from() -> None:
    assert [one.name for one in PARAMETERS] == [one.name for one in fields(World)]
    for one in PARAMETERS:
        assert "assumed" in one.source or one.source[-4:].isdigit(), one
        if one.low is not None and one.high is not None:
            assert one.low <= getattr(World(), one.name) <= one.high


def test_the_four_adverse_worlds_are_always_run() -> None:
    names = [one.name for one in adverse(World(), POLICY)]
    found = study(World(items=5), POLICY, days=3, seed=3, told=lambda done, total: None)
    assert [one.name for one in found.worlds] == names
    assert len(names) == 5
    assert found == study(World(items=5), POLICY, days=3, seed=3, told=lambda done, total: None)


def test_what_changes_nothing_is_told_apart_from_what_chance_hides() -> None:
    idle = replace(frictionless(POLICY), challenge="high")
    found = study(World(items=30), idle, days=4, seed=1, told=lambda done, total: None)
    verdicts = {one.name: one.verdict for one in found.controls}
    assert verdicts["breaks"] == verdicts["judging first"] == "changes nothing"
    assert verdicts["the challenge"] != "changes nothing"


def test_progress_counts_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    study(World(items=3), POLICY, days=2, seed=1, told=lambda *one: told.append(one))
    total = told[0][1]
    assert told == [(done, total) for done in range(1, total + 1)]


def test_a_challenge_that_moves_nothing_only_costs() -> None:
    world = World(challenge_effect=0)
    days = [a_day(str(day), world) for day in range(5)]
    plain, challenged = (outcome(days, world, replace(ENDLESS, challenge=one)) for one in SCOPES)
    assert challenged.caught == plain.caught
    added = challenged.loss.minus(plain.loss)
    assert added.value == pytest.approx(world.challenge_time * world.minute_price, rel=0.05)
    assert added.estimate.low > 0
