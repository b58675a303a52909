"""Work that is stopped comes before everything else that a lead is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House
from journey import settle
from overread_queue.health.metric import Stopped
from tier_desks import NO_AUDITS, asking, office, policy, refund, tier_house

BREAKER = '[breaker]\nfailures = 2\nrejections = 3\nwindow = "1h"\nraise_to = "hard_stop"\n'


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path, policy(more=NO_AUDITS + BREAKER))


def stop(here: House, agent: str | None, reason: str = "") -> None:
    with here.desk("ana") as desk:
        desk.stop(agent, reason=reason)


def rejected(here: House, times: int) -> None:
    for amount in range(1, times + 1):
        with here.agent("bot") as bot:
            ticket = bot.submit(asking(refund(amount)))
        settle(here, ticket, "reject")


def glanced(here: House) -> tuple[Stopped, ...]:
    with office(here) as lea:
        return lea.glance(lea.last_days(30)).stopped


def test_stops_and_an_open_breaker_are_seen_at_a_glance_until_a_lead_lifts_them(
    here: House,
) -> None:
    assert glanced(here) == ()
    rejected(here, 3)
    stop(here, "bot", "refunds go out twice")
    stop(here, None)

    whole, agent, breaker = glanced(here)

    assert whole.says == "the whole desk is stopped; no reason was given"
    assert agent.says == "bot is stopped: refunds go out twice"
    assert "circuit breaker of bot is open after 3 rejections" in breaker.says
    assert [one.agent for one in (whole, agent, breaker)] == [None, "bot", "bot"]
    assert whole.lift == "overread lift --desk"
    assert agent.lift == breaker.lift == "overread lift bot"
    with office(here) as lea:
        lea.lift("bot")
    assert glanced(here) == (whole,)
    with office(here) as lea:
        lea.lift(None)
    assert glanced(here) == ()


def test_who_stopped_it_is_in_no_measure(here: House) -> None:
    stop(here, "bot", "it pays twice")

    assert "ana" not in repr(glanced(here))


def test_a_stop_is_told_whatever_period_is_looked_at(here: House) -> None:
    stop(here, "bot")
    with office(here) as lea:
        month = lea.last_days(30)
        long_ago = type(month)(month.since - 10**10, month.until - 10**10)
        found = lea.metrics(long_ago, ["override_rate"])

    assert [one.agent for one in found.stopped] == ["bot"]
