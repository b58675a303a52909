"""What charts promise, and what a lead sees first of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from alarming import USUAL, reviews, tell
from fact_stream import DAY_MS, NEW_YEAR, proposed
from factories import NOON, House
from journey import settle
from tier_desks import asking, office, refund, tier_house

REFUND = "payments.refund"
JULY = NEW_YEAR + 180 * DAY_MS


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path)


def test_every_chart_says_what_it_promises(here: House) -> None:
    tell(here, reviews(USUAL))
    tell(here, (proposed(NOON + n, escalated=n % 10 == 0) for n in range(1_000)))

    with office(here) as lea:
        designs = lea.alarm_designs()

    told = {(one.kind, one.finds): one for one in designs}
    fallen = told["override_collapse", "falls to a quarter"]
    assert fallen.false_alarm_every is not None
    assert fallen.found_after is not None
    assert fallen.found_within is not None
    assert fallen.false_alarm_every >= 20_000
    assert 50 < fallen.found_after < fallen.found_within < 1_000
    assert ("escalation_drift", "doubles") in told
    assert ("fast_approvals", "five times as many") in told


def test_a_glance_has_what_is_wrong_first_and_calls_nothing_fine_that_nobody_watches(
    here: House,
) -> None:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(refund(1)))
    settle(here, ticket, "approve")
    with office(here) as lea:
        empty = lea.glance(lea.last_days(30))
    unsure = {one.metric.name: one.why for one in empty.unknown}
    assert unsure["override_rate"].endswith("up to 200 more reviews of one action type")
    assert unsure["escalation_rate"].endswith("up to 100 more proposals of one action type")
    assert unsure["sla"].endswith("up to 50 more questions that leave one pool")
    assert (empty.wrong, empty.warnings) == ((), ())

    tell(here, reviews(USUAL + "y" * 400))
    with office(here) as lea:
        found = lea.glance(lea.last_days(30))

    assert [one.kind for one in found.wrong] == ["override_collapse"]
    told = {one.name for one in found.fine} | {one.metric.name for one in found.unknown}
    assert "override_rate" not in told
    assert "depth" in {one.name for one in found.fine}


def test_a_glance_says_where_an_alarm_could_never_come(here: House) -> None:
    """Nobody has ever overridden: nothing can fall, and only blind tests can tell why."""
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(refund(1)))
    settle(here, ticket, "approve")
    tell(here, reviews("y" * 260))

    with office(here) as lea:
        found = lea.glance(lea.last_days(30))

    unsure = {one.metric.name: one.why for one in found.unknown}
    assert "nothing can fall" in unsure["override_rate"]
    assert found.wrong == ()


def test_a_glance_calls_nothing_fine_before_an_alarm_could_have_come(here: House) -> None:
    """A baseline that is just complete has seen nothing yet that could differ from it."""
    with here.agent("bot") as bot:
        tickets = [bot.submit(asking(refund(number))) for number in range(12)]
    for ticket in tickets:
        settle(here, ticket, "reject")
    tell(here, reviews(USUAL[12:]))
    with office(here) as lea:
        just = lea.glance(lea.last_days(30))
    tell(here, reviews("yyyyyyyyyn" * 20))
    with office(here) as lea:
        later = lea.glance(lea.last_days(30))

    unsure = {one.metric.name: one.why for one in just.unknown}
    assert unsure["override_rate"].startswith("no alarm could come yet: it takes up to")
    assert unsure["fast_reviews"] == (
        "too few cases in this period to say anything: it takes 28 more"
    )
    assert "override_rate" in {one.name for one in later.fine}
