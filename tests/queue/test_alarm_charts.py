"""Charts over facts, by chance but not at random: they alarm as seldom and as soon as designed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from itertools import accumulate, islice

import pytest

from fact_stream import NEW_YEAR, WELL, Month, a_year, proposed, reviewed
from factories import POLICY
from overread_queue.health.charts import UNSEEN, Baseline, Line, Plan, RateChart, freeze, rising
from overread_queue.health.drift import DriftChart, DriftPlan
from overread_queue.health.facts import Reviewed
from overread_queue.health.speed import SpeedChart, SpeedPlan
from overread_queue.health.watchers import (
    Escalations,
    FastApprovals,
    Overrides,
    SpeedingUp,
    Versions,
)
from overread_queue.measure.cusum import designed
from overread_queue.policy import parse_policy

PLAN = Plan(200, 20_000, fall=4, none_chance=0.01)
DRIFT = Plan(200, 20_000, rise=2, fall=2)
BOTH = DriftPlan(early=Plan(100, 20_000, rise=4, fall=4), fine=DRIFT)
POLICY_NOW = parse_policy(POLICY.encode(), source="policy.toml")


def chance_of(rate: float, *, seed: int) -> Iterator[bool]:
    """Cases of a rate, the same ones for the same seed."""
    chance = random.Random(seed)
    while True:
        yield chance.random() < rate


def learned(rate: float, *, seed: int, plan: Plan = PLAN) -> RateChart:
    cases = [*islice(chance_of(rate, seed=seed), plan.reference)]
    return freeze(plan, Baseline(len(cases), sum(cases), 1, 2))


def cases_to_alarm(chart: RateChart, rate: float, *, seed: int, most: int) -> int | None:
    """Cases until the proof of a change, if it comes within so many."""
    for number, happened in enumerate(islice(chance_of(rate, seed=seed), most), 1):
        chart = chart.after(PLAN, NEW_YEAR, happened=happened)
        if chart.alarmed is not None:
            return number
    return None


@cache
def designed_cases(baseline: Baseline, rate: float) -> int:
    """In which 95 of 100 such changes are found, by the chart's own exact numbers."""
    line = freeze(PLAN, baseline).falling
    assert line is not None
    return line.chart.cases_for(rate)


def test_while_nothing_changes_hardly_any_desk_hears_of_it() -> None:
    """1,000 reviews at a false alarm every 20,000 are 5 % of desks, where the baseline is true;
    one that was estimated by chance may cost as much again."""
    early = [
        cases_to_alarm(learned(0.08, seed=seed), 0.08, seed=seed + 10_000, most=1_000)
        for seed in range(40)
    ]

    assert sum(found is not None for found in early) <= 4


def test_a_collapse_is_found_within_the_designed_number_of_reviews() -> None:
    charts = [learned(0.08, seed=seed) for seed in range(40)]
    followed = [chart for chart in charts if chart.falling is not None]
    in_time = 0
    for seed, chart in enumerate(followed):
        most = designed_cases(chart.baseline, 0.01)
        in_time += cases_to_alarm(chart, 0.01, seed=seed + 10_000, most=most) is not None

    assert len(followed) >= 39
    assert in_time >= 0.88 * len(followed)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (rising(0.08, 2, every=50_000), "escalations that double"),
        (rising(0.02, 5, every=20_000), "approvals without reading"),
        (Line(designed(0.39, 0.5, false_alarm_every=20_000)), "a median that falls by a quarter"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_rises_is_found_as_soon_as_designed(line: Line, kind: str) -> None:
    most = line.chart.cases_for(line.chart.feared)
    found = []
    for seed in range(40):
        seen = line
        for number, happened in enumerate(chance_of(line.chart.feared, seed=seed), 1):
            seen = seen.after(NEW_YEAR, happened=happened)
            if seen.alarmed:
                found.append(number)
                break

    assert sum(number <= most for number in found) >= 35
    assert sum(found) / 40 == pytest.approx(line.chart.mean_run(line.chart.feared), rel=0.3)


def test_a_chart_is_designed_for_the_cautious_end_of_what_it_learned() -> None:
    chart = freeze(DRIFT, Baseline(200, 16, 1, 2))

    assert chart.rising is not None
    assert chart.falling is not None
    assert chart.falling.chart.expected < 0.08 < chart.rising.chart.expected
    for line in (chart.rising, chart.falling):
        assert line.chart.mean_run(line.chart.expected) >= DRIFT.every
        assert line.chart.mean_run(0.08) > 10 * DRIFT.every


def test_a_run_without_overrides_warns_before_there_is_proof_and_one_override_ends_it() -> None:
    chart = freeze(PLAN, Baseline(200, 16, 1, 2))
    assert chart.longest_run is not None
    assert (1 - chart.baseline.low) ** chart.longest_run <= 0.01

    for _ in range(chart.longest_run):
        assert not chart.none_lately
        chart = chart.after(PLAN, NEW_YEAR, happened=False)

    assert chart.none_lately
    assert chart.alarmed is None
    assert not chart.after(PLAN, NEW_YEAR, happened=True).none_lately


def test_an_alarm_stays_until_the_points_are_gone_and_they_never_pile_up() -> None:
    chart = freeze(PLAN, Baseline(200, 16, 1, 2))
    for _ in range(5_000):
        chart = chart.after(PLAN, NEW_YEAR, happened=False)
    assert chart.alarmed is not None
    assert chart.alarmed.n == 5_000

    overrides = 0
    while chart.alarmed is not None:
        chart, overrides = chart.after(PLAN, NEW_YEAR, happened=True), overrides + 1

    assert 1 < overrides < 10


@pytest.mark.parametrize("count", [0, 1, 4])
def test_what_was_rare_from_the_beginning_is_not_watched_for_becoming_rarer(count: int) -> None:
    chart = freeze(PLAN, Baseline(200, count, 1, 2))

    assert chart.falling is None
    assert chart.longest_run is None


def test_what_always_escalates_is_not_watched_for_escalating_more() -> None:
    chart = freeze(DRIFT, Baseline(200, 200, 1, 2))

    assert chart.rising is None
    assert chart.falling is not None


def test_another_version_begins_another_baseline_and_an_old_one_goes_on() -> None:
    chart = DriftChart()
    for number in range(DRIFT.reference):
        chart = chart.after(BOTH, NEW_YEAR, "bot 1", escalated=number % 10 == 0)
    assert chart.rate.learned

    known = chart.after(BOTH, NEW_YEAR, "bot 1", escalated=False)
    new = chart.after(BOTH, NEW_YEAR, "bot 2", escalated=False)

    assert known.rate.learned
    assert not new.rate.learned
    assert new.watching is None
    assert new.rate.baseline.n == new.early.baseline.n == 1
    assert new.after(BOTH, NEW_YEAR, "bot 1", escalated=True).rate.baseline.n == 2


def drifting(chart: DriftChart, rate: float, cases: int, *, seed: int) -> DriftChart:
    for escalated in islice(chance_of(rate, seed=seed), cases):
        chart = chart.after(BOTH, NEW_YEAR, "bot 1", escalated=escalated)
    return chart


def test_a_small_desk_is_watched_from_its_hundredth_proposal_on() -> None:
    early = drifting(DriftChart(), 0.1, 100, seed=3)
    assert early.watching is early.early
    assert early.alarmed is None

    changed = drifting(early, 0.5, 60, seed=4)

    assert changed.alarmed is not None
    assert changed.baseline == early.early.baseline
    assert not changed.rate.learned


def test_what_the_early_chart_alarms_about_does_not_become_what_is_usual() -> None:
    """The fine chart learns on once it is over, and then watches alone."""
    early = drifting(DriftChart(), 0.1, 100, seed=3)
    changed = drifting(early, 0.5, 500, seed=4)
    assert changed.alarmed is not None
    assert changed.rate.baseline.rate == pytest.approx(0.1, abs=0.03)

    calm = drifting(changed, 0.1, 400, seed=5)
    assert calm.alarmed is None
    assert calm.watching is calm.rate
    assert calm.rate.baseline.rate == pytest.approx(0.12, abs=0.05)
    assert calm.early == UNSEEN


def test_early_charts_err_as_seldom_as_designed_whatever_their_baselines_happened_to_be() -> None:
    """The baseline is drawn from the same rate as all that comes after it."""
    alarms, cases = 0, 0
    for seed in range(100):
        chance, chart = chance_of(0.1, seed=seed), UNSEEN
        for escalated in islice(chance, 1_000):
            chart = chart.after(BOTH.early, NEW_YEAR, happened=escalated)
        alarms, cases = alarms + (chart.alarmed is not None), cases + 900
    assert cases / max(alarms, 1) > BOTH.early.every


def test_early_charts_find_what_they_are_made_for_in_as_many_cases_as_they_say() -> None:
    chart = freeze(BOTH.early, Baseline(100, 10, 1, 2))
    for line in (chart.rising, chart.falling):
        assert line is not None
        feared, within = line.chart.feared, line.chart.cases_for(line.chart.feared)
        found = sum(
            any(
                now.alarmed
                for now in accumulate(
                    islice(chance_of(feared, seed=seed), within),
                    lambda at, happened: at.after(NEW_YEAR, happened=happened),
                    initial=line,
                )
            )
            for seed in range(400)
        )
        assert 0.92 < found / 400 < 0.985


def speeds(median_ms: int, waiting: int, *, seed: int, chart: SpeedChart, looks: int) -> SpeedChart:
    chance, plan = random.Random(seed), SpeedPlan(200, 20_000)
    for _ in range(looks):
        took = round(median_ms * chance.lognormvariate(0, 0.75))
        chart = chart.after(NEW_YEAR, took_ms=took, waiting=waiting, plan=plan)
    return chart


def test_who_becomes_quicker_under_a_growing_backlog_is_noticed_and_only_then() -> None:
    usual = speeds(55_000, 10, seed=1, chart=SpeedChart(), looks=200)

    hurried = speeds(38_000, 20, seed=2, chart=usual, looks=600)
    practised = speeds(38_000, 10, seed=2, chart=usual, looks=600)
    as_ever = speeds(55_000, 20, seed=2, chart=usual, looks=600)

    assert hurried.found
    assert hurried.now_ms is not None
    assert hurried.now_ms < 0.75 * 55_000
    assert not practised.found
    assert not as_ever.found


def test_reflexes_among_approvals_are_noticed_and_quick_rejections_are_none() -> None:
    watcher = FastApprovals(POLICY_NOW)
    chance, chart, rejected = random.Random(3), watcher.new, 0
    for number in range(400):
        fast = chance.random() < 0.15
        fact = reviewed(NEW_YEAR + number, active_ms=2_000 if fast else 60_000)
        chart = watcher.after(chart, fact, waiting=0)
        rejected += watcher.picks(reviewed(NEW_YEAR, "reject", active_ms=500)) is not None

    found = watcher.finding("payments.refund", chart)
    assert found is not None
    assert found.observed == pytest.approx(0.15, abs=0.05)
    assert rejected == 0


def test_a_long_card_takes_longer_to_have_been_read() -> None:
    watcher = FastApprovals(POLICY_NOW)
    chart = watcher.new
    for number in range(50):
        chart = watcher.after(
            chart, reviewed(NEW_YEAR + number, active_ms=7_000, words=85), waiting=0
        )

    assert watcher.mark(chart) is not None


def test_the_first_version_is_no_news_and_a_new_one_is_until_it_is_old() -> None:
    watcher = Versions(POLICY_NOW)
    chart = watcher.after(watcher.new, proposed(NEW_YEAR, version="1.0"), waiting=0)
    assert watcher.mark(chart) is None

    chart = watcher.after(chart, proposed(NEW_YEAR + 5, version="2.0"), waiting=0)
    found = watcher.finding("bot", chart)
    assert found is not None
    assert "2.0" in found.says

    later = NEW_YEAR + 31 * 86_400_000
    assert watcher.mark(watcher.after(chart, proposed(later, version="2.0"), waiting=0)) is None


COLLAPSE = [WELL] * 6 + [Month(overrides=0.01)] * 6
JULY = NEW_YEAR + 180 * 86_400_000


def proof_of_collapse(seed: int) -> tuple[int | None, int]:
    """Reviews since the first of July at the first proof, and how many the design gives it."""
    watcher = Overrides(POLICY_NOW)
    chart, reviews, given = watcher.new, 0, 0
    for fact in a_year(COLLAPSE, seed=seed, proposals=False):
        if not isinstance(fact, Reviewed):
            continue
        reviews += fact.at >= JULY
        chart = watcher.after(chart, fact, waiting=0)
        if chart.learned and not given:
            given = designed_cases(chart.baseline, 0.01)
        if chart.alarmed is not None:
            return reviews, given
    return None, given


def test_a_year_in_which_oversight_collapses_in_july() -> None:
    years = [proof_of_collapse(seed) for seed in range(25)]

    before = [reviews for reviews, _ in years if reviews == 0]
    in_time = [reviews for reviews, given in years if reviews and reviews <= given]
    assert len(before) <= 1
    assert len(in_time) >= 0.9 * (len(years) - len(before))


def test_a_year_in_which_nothing_happens_is_a_quiet_one() -> None:
    watcher, drift = SpeedingUp(POLICY_NOW), Escalations(POLICY_NOW)
    speed, share, alarms = watcher.new, drift.new, 0
    for fact in a_year([WELL] * 9, seed=7):
        if (mine := watcher.picks(fact)) is not None:
            speed = watcher.after(speed, mine[1], waiting=10)
        if (asked := drift.picks(fact)) is not None:
            share = drift.after(share, asked[1], waiting=10)
        alarms += watcher.mark(speed) is not None or drift.mark(share) is not None

    assert alarms == 0
