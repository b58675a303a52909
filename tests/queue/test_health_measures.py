"""The measures agree with the tables that they are made from, whatever way they are counted."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from busy_desk import WORDS, approve, busy_house, submit
from factories import House
from frictionless import with_friction
from journey import pick_up
from naive_measures import Naive, middle
from overread_briefs import Action
from overread_queue.clock import ManualClock
from overread_queue.errors import InvalidRequest, UnknownMetric
from overread_queue.ground import Ground
from overread_queue.health.buckets import bucket_of, seconds_of
from overread_queue.health.following import follow
from overread_queue.health.metric import Health, Metric, Period
from overread_queue.health.tallying import DAY_MS
from overread_queue.store.truths import Truth
from tier_desks import office, policy, refund, tier_house

STEP = 0.0255
"""By which a time that was kept in steps is off at most."""


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> House:
    return busy_house(tmp_path_factory.mktemp("busy"))


@pytest.fixture(scope="module")
def naive(busy: House) -> Naive:
    return Naive(busy.path)


@pytest.fixture(scope="module")
def health(busy: House) -> Health:
    return read(busy)


def read(here: House, *names: str, days: int = 30) -> Health:
    with office(here) as lea:
        return lea.metrics(lea.last_days(days), names)


def metric(health: Health, name: str) -> Metric:
    return next(one for one in health.metrics if one.name == name)


SHARES = (
    "escalation_rate",
    "override_rate",
    "fast_reviews",
    "challenge_rate",
    "boilerplate_rate",
    "anchoring",
    "transition_errors",
    "action_success",
)


@pytest.mark.parametrize("name", SHARES)
def test_a_share_is_what_the_tables_say_of_every_part(
    health: Health, naive: Naive, name: str
) -> None:
    found = {one.part: (one.count, one.n) for one in metric(health, name).readings}

    assert found == getattr(naive, name)()
    for one in metric(health, name).readings:
        assert one.interval is not None
        assert one.interval.low <= one.value == one.count / one.n <= one.interval.high


def test_who_has_no_choice_overrides_nothing(health: Health) -> None:
    """At a hard stop the agent goes on in no case."""
    parts = {one.part for one in metric(health, "override_rate").readings}
    assert "payments.refund" in parts
    assert "data.erase" not in parts


def test_promises_kept_are_what_the_tables_say(health: Health, naive: Naive, busy: House) -> None:
    found = {one.part: (one.count, one.n) for one in metric(health, "sla").readings}

    assert found == naive.sla(busy.clock.now())
    assert dict(metric(health, "sla").bars)["open"] > 0


@pytest.mark.parametrize("name", ["fallbacks", "depth"])
def test_counts_are_what_the_tables_say(health: Health, naive: Naive, name: str) -> None:
    found = {one.part: one.n for one in metric(health, name).readings}
    assert found == getattr(naive, name)()


def test_review_times_have_the_ranks_of_the_tables(health: Health, naive: Naive) -> None:
    times, found = naive.review_times(), metric(health, "review_time")
    for reading, share in zip(found.readings[1:], (0.1, 0.5, 0.9), strict=True):
        exact = max(0.1, times[max(0, -int(-share * len(times) // 1) - 1)])
        assert reading.value == pytest.approx(exact, rel=STEP)
    assert sum(count for _, count in found.bars) == found.whole.n == len(times)
    assert dict(found.bars)["16 s"] == sum(16 <= time < 32 for time in times)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("mtta", {"claimed"}),
        ("response_mean", {"held", "decided", "opinion", "handed_on"}),
        ("mttr", {"decided"}),
    ],
)
def test_a_mean_wait_counts_what_still_waits(
    health: Health, naive: Naive, busy: House, name: str, kinds: set[str]
) -> None:
    waits = naive.waits(kinds.__contains__, busy.clock.now())
    reading = metric(health, name).whole

    assert reading.n == len(waits)
    assert reading.value is not None
    assert f"{sum(came for _, came in waits)} " in reading.note
    # Dropping what waits would give less: the curve may only be above the plain mean.
    assert reading.value >= sum(time for time, _ in waits) / len(waits) * (1 - STEP)


def test_half_of_the_questions_count_silence_as_never(
    health: Health, naive: Naive, busy: House
) -> None:
    kinds = {"held", "decided", "opinion", "handed_on"}
    waits = naive.waits(kinds.__contains__, busy.clock.now())
    # What still waits may yet be answered; here silence and withdrawals alone keep it below half.
    assert middle(waits) is None
    assert metric(health, "response_time").whole.value is None
    assert "still waiting" in metric(health, "response_time").whole.note


def test_what_came_went_and_waited_agrees(health: Health) -> None:
    assert "they agree" in metric(health, "little_law").whole.note


def test_the_series_add_up_to_the_whole(health: Health) -> None:
    for name in SHARES:
        found = metric(health, name)
        assert sum(point.n for point in found.series) == found.whole.n


def test_who_gave_way_to_a_wrong_suggestion_is_counted_once_the_truth_is_known(
    tmp_path: Path,
) -> None:
    rules = with_friction(policy(), challenge_from="high", withhold_from="high")
    here = tier_house(tmp_path, rules)
    truths = ("wrong", "right", "wrong")
    for number, truth in enumerate(truths):
        ticket = submit(here, refund(number))
        approve(here, ticket, first="reject", seconds=2, words=WORDS[number])
        with office(here) as lea:
            lea.adjudicate(ticket.id, truth, "audit")
    stood_firm(here, refund(7), "wrong")
    submit(here, refund(9))

    found = metric(read(here), "anchoring_known")

    assert [(one.part, one.count, one.n) for one in found.readings] == [
        ("", 3, 4),
        ("wrong", 2, 3),
        ("right", 1, 1),
    ]


def stood_firm(here: House, action: Action, truth: Truth) -> None:
    """A first judgement that the suggestion to go ahead did not move."""
    ticket = submit(here, action)
    with here.desk("ana") as ana:
        review = ana.judge(pick_up(ana, ticket), option="reject", confidence="high")
        ana.decide(ana.reveal(review), option="reject", reason="the parcel was delivered")
    with office(here) as lea:
        lea.adjudicate(ticket.id, truth, "audit")


# -- what can be wrong


def test_an_empty_desk_says_so_and_gives_no_number(tmp_path: Path) -> None:
    found = read(tier_house(tmp_path))

    assert found.remarks[0].startswith("Nothing has happened on this desk yet.")
    for one in found.metrics:
        assert one.whole.value is None or one.whole.value == 0
        assert one.whole.note


def test_one_look_is_no_rate(tmp_path: Path) -> None:
    here = tier_house(tmp_path)
    submit(here, refund())

    found = read(here)
    assert found.remarks == (
        "Of 1 question asked in this period nobody has looked at any to its end.",
    )
    assert metric(found, "sla").whole.note == "Everything is still open."


def test_a_period_before_everything_says_so(busy: House) -> None:
    with office(busy) as lea:
        found = lea.metrics(Period(0, DAY_MS))
    assert found.remarks == (
        "Nothing happened in this period; try a longer one, such as `--since 90d`.",
    )


def test_states_that_follow_each_other_have_no_time_in_common(busy: House) -> None:
    with office(busy) as lea:
        (stayed,) = lea.metrics(lea.last_days(9), ["time_in_state"]).metrics
    whole, *states = stayed.readings
    assert (whole.value, whole.n) == (None, sum(one.n for one in states))
    assert "would mean nothing" in whole.note
    assert {one.part for one in states} == {"WAITING", "CLAIMED", "HELD"}
    assert all(one.value is not None for one in states)


def test_a_period_that_is_not_over_says_how_far_it_is_counted(busy: House) -> None:
    with office(busy) as lea:
        whole = lea.metrics(lea.last_days(9))
        longer = lea.metrics(Period(whole.period.since, whole.period.until + 9 * DAY_MS))
    still = "Part of this period is still to come: it is counted up to now."
    assert still not in whole.remarks
    assert still in longer.remarks


def test_what_is_not_there_is_named(busy: House) -> None:
    with office(busy) as lea:
        with pytest.raises(UnknownMetric, match="override_rate"):
            lea.metrics(lea.last_days(1), ["overide_rate"])
        with pytest.raises(InvalidRequest, match="not kept by state"):
            lea.metrics(lea.last_days(1), ["override_rate"], by="state")
        with pytest.raises(InvalidRequest, match="begins before it ends"):
            lea.metrics(Period(DAY_MS, DAY_MS))


def test_a_clock_that_went_back_is_told_and_shortens_no_wait_below_nothing(tmp_path: Path) -> None:
    here = tier_house(tmp_path)
    submit(here, refund())
    assert isinstance(here.clock, ManualClock)
    here.clock.advance(seconds=-7200)
    with here.desk("ana") as desk:
        review = desk.open(desk.claim(desk.waiting_ids()[0]))
        desk.decide(review, option="reject", reason="as the policy says")

    found = read(here)
    assert any(remark.startswith("Clocks went back once") for remark in found.remarks)
    assert metric(found, "mttr").whole.n == 1


def test_a_time_kept_in_steps_is_hardly_off() -> None:
    for ms in (*range(100, 5_000, 7), *range(5_000, 10**7, 9_973)):
        assert seconds_of(bucket_of(ms)) == pytest.approx(ms / 1000, rel=STEP)
    assert bucket_of(7_999) < bucket_of(8_000)


def test_reading_in_small_pieces_counts_the_same(busy: House, health: Health) -> None:
    """However often somebody looked in between."""
    with closing(Ground(busy.places, busy.clock)) as ground:
        assert follow(ground) == 0
    assert read(busy).metrics == health.metrics
