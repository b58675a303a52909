"""A collapse of attention is found in what each release of blind tests alone has brought."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from scipy import stats

from factories import House
from folded import come
from journey import assert_chain_whole, events, pass_time
from overread_queue.errors import InvalidRequest
from overread_queue.health.alarm import Alarm
from overread_queue.health.charts import Baseline
from overread_queue.health.missed import MissedChart
from overread_queue.measure.blocks import BlockTest, block_test
from tier_desks import office, tier_house

EVERY = 3_000
MONTH = 30 * 86_400


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path)


def release(here: House, n: int, *, caught: int) -> None:
    """A month's results, told a month after those before."""
    come(here, "wrong", n, caught=caught)
    with office(here) as lea:
        lea.probe_results()
    pass_time(here, MONTH)


def missed(here: House, *, all: bool = False) -> list[Alarm]:
    with office(here) as lea:
        return [one for one in lea.alarms(all=all) if one.kind == "missed_tests"]


def unsure(here: House) -> dict[str, str]:
    with office(here) as lea:
        seen = lea.glance(lea.last_days(30))
    return {one.metric.name: one.why for one in seen.unknown}


# -- on a desk


def test_a_collapse_alarms_with_the_release_that_shows_it_and_ends_with_one_that_does_not(
    here: House,
) -> None:
    release(here, 60, caught=48)
    release(here, 30, caught=25)
    assert missed(here) == []
    release(here, 30, caught=10)

    (found,) = missed(here)
    assert found.severe
    assert found.says == (
        "10 of the 30 newest blind tests that were wrong were caught; it was 80 % before (48 of 60)"
    )
    assert (found.n, found.observed, found.expected) == (30, 10 / 30, 0.8)
    assert found.look.startswith("overread probes results")
    release(here, 30, caught=9)
    (still,) = missed(here)
    assert (still.id, still.since) == (found.id, found.since)
    assert still.says.startswith("9 of the 30")
    release(here, 30, caught=24)
    assert missed(here) == []
    assert missed(here, all=True)[0].over_at is not None
    assert_chain_whole(here.path)


def test_the_sum_of_all_would_have_hidden_it(here: House) -> None:
    release(here, 300, caught=240)
    release(here, 30, caught=10)
    with office(here) as lea:
        whole = lea.probe_results().metrics[0].whole
    assert whole.interval is not None
    assert whole.interval.low < 0.8 < whole.interval.high
    assert len(missed(here)) == 1


def test_looking_again_raises_nothing_twice(here: House) -> None:
    release(here, 60, caught=48)
    release(here, 30, caught=5)
    for _ in range(3):
        with office(here) as lea:
            lea.probe_results()
    kinds = [one.kind for one in events(here.path)]
    assert kinds.count("alarm_raised") == 1
    (told,) = (json.loads(one.detail) for one in events(here.path) if one.kind == "baseline_set")
    assert (told["kind"], told["n"], told["count"]) == ("missed_tests", 60, 48)


def test_a_lead_says_that_what_is_usual_now_may_stay(here: House) -> None:
    release(here, 30, caught=29)
    release(here, 30, caught=15)
    assert len(missed(here)) == 1
    with office(here) as lea:
        lea.rebase("missed_tests", "probes")
        with pytest.raises(InvalidRequest):
            lea.rebase("missed_tests", "probes")
    assert missed(here) == []
    release(here, 30, caught=15)
    release(here, 30, caught=14)
    assert missed(here) == []


def test_a_glance_says_when_nothing_watches_over_what_is_caught(here: House) -> None:
    release(here, 30, caught=24)
    assert unsure(here)["probe_hits"] == (
        "no alarm could come yet: it takes one more release of blind tests"
    )
    release(here, 30, caught=24)
    assert "probe_hits" not in unsure(here)
    with office(here) as lea:
        seen = lea.glance(lea.last_days(30))
    assert "probe_hits" in {one.name for one in seen.fine}


def test_where_hardly_anything_was_caught_at_first_no_fall_can_show(here: House) -> None:
    release(here, 30, caught=3)
    release(here, 30, caught=0)
    assert missed(here) == []
    assert "so few tests were caught at first" in unsure(here)["probe_hits"]
    with office(here) as lea:
        (told,) = (one for one in lea.alarm_designs() if one.kind == "missed_tests")
    assert told.false_alarm_every is None
    assert "no fall could show" in told.note


def test_the_design_says_what_the_chart_of_this_desk_promises(here: House) -> None:
    release(here, 30, caught=24)
    with office(here) as lea:
        (told,) = (one for one in lea.alarm_designs() if one.kind == "missed_tests")
    assert told.false_alarm_every is not None
    assert told.false_alarm_every >= EVERY
    assert told.expected == Baseline(30, 24).low
    assert told.found_within is not None
    assert told.found_within % 30 == 0


# -- as designed


@pytest.mark.parametrize("caught", [15, 21, 24, 30])
@pytest.mark.parametrize("size", [30, 47, 120])
def test_the_limit_is_the_highest_that_errs_seldom_enough(caught: int, size: int) -> None:
    """Against scipy's binomial distribution."""
    low = stats.beta.ppf(0.1, caught, 30 - caught + 1)
    test = block_test(Baseline(30, caught).low, size, false_alarm_every=EVERY)
    assert test is not None
    assert stats.binom.cdf(test.limit, size, low) <= size / EVERY
    assert stats.binom.cdf(test.limit + 1, size, low) > size / EVERY
    assert test.alarm_chance(low) == pytest.approx(stats.binom.cdf(test.limit, size, low))


def test_false_alarms_are_as_rare_as_designed_whatever_the_baseline_happened_to_be() -> None:
    """The first release is drawn from the same rate as all the others."""
    random, alarms, results = Random(1), 0, 0
    for _ in range(200):
        chart = MissedChart(drawn(random, 0.8))
        for _ in range(20):
            chart = chart.after(drawn(random, 0.8), every=EVERY)
            alarms += chart.finding is not None
            results += 30
    assert results / alarms > EVERY


def test_a_halved_share_is_found_as_soon_as_designed() -> None:
    test = block_test(Baseline(30, 24).low, 30, false_alarm_every=EVERY)
    assert test is not None
    random, feared = Random(2), Baseline(30, 24).low / 2
    runs = [run_until_alarm(random, test, feared) for _ in range(4_000)]
    assert sum(runs) / len(runs) == pytest.approx(test.mean_run(feared), rel=0.03)
    within = test.cases_for(feared)
    assert sum(one <= within for one in runs) / len(runs) >= 0.95


def drawn(random: Random, rate: float) -> Baseline:
    return Baseline(30, sum(random.random() < rate for _ in range(30)))


def run_until_alarm(random: Random, test: BlockTest, rate: float) -> int:
    cases = 0
    while True:
        cases += test.size
        if drawn(random, rate).count <= test.limit:
            return cases
