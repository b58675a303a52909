"""The circuit breaker: opened by trouble in the window, felt by the agent, lifted by a lead."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House
from journey import kinds, pass_time, settle
from overread_queue.errors import InvalidRequest, NotAllowed
from overread_queue.models import Ticket
from overread_queue.states import Tier
from tier_desks import NO_AUDITS, asking, flush, hide, office, policy, refund, tier_house

BREAKER = """
[breaker]
failures = 2
rejections = 3
window = "1h"
raise_to = "hard_stop"
"""


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path, policy(more=NO_AUDITS + BREAKER))


def ask(here: House, amount: float) -> Ticket:
    with here.agent("bot") as bot:
        return bot.submit(asking(refund(amount)))


def rejected(here: House, times: int, *, start: int = 1) -> None:
    for amount in range(start, start + times):
        settle(here, ask(here, amount), "reject")


def failed(here: House, amount: float) -> None:
    """An approved action that went wrong in the world."""
    ticket = ask(here, amount)
    settle(here, ticket, "approve")
    with here.agent("bot") as bot:
        with bot.resume(ticket):
            pass
        bot.outcome(ticket, ok=False, detail="the bank said no")


def tier(here: House) -> Tier:
    with here.agent("bot") as bot:
        return bot.propose(flush()).tier


def test_three_rejections_in_the_window_raise_everything_the_agent_wants(here: House) -> None:
    rejected(here, 2)
    assert tier(here) is Tier.AUTONOMOUS
    rejected(here, 1, start=3)
    with here.agent("bot") as bot:
        found = bot.propose(flush())
        assert found.tier is Tier.HARD_STOP
        assert (found.triggers[0].rule, found.triggers[0].signal) == ("circuit-breaker", "bot")
    assert kinds(here.path).count("breaker_opened") == 1
    with office(here) as lea:
        (one,) = lea.breakers()
    assert (one.agent, one.cause, one.lifted_at) == ("bot", "3 rejections", None)


def test_rejections_that_are_far_apart_do_not_add_up(here: House) -> None:
    for amount in range(1, 6):
        rejected(here, 1, start=amount)
        pass_time(here, 1800)
    assert tier(here) is Tier.AUTONOMOUS


def test_failures_in_the_world_count_by_themselves(here: House) -> None:
    rejected(here, 2)
    failed(here, 11)
    assert tier(here) is Tier.AUTONOMOUS
    failed(here, 12)
    assert tier(here) is Tier.HARD_STOP


def test_a_rollback_that_fails_is_a_failure(here: House) -> None:
    with here.agent("bot") as bot:
        for listing in ("L-1", "L-2"):
            ticket = bot.submit(asking(hide(listing)))
            settle(here, ticket, "disagree")
            bot.rolled_back(ticket, ok=False)
    assert tier(here) is Tier.HARD_STOP


def test_silence_is_no_rejection(here: House) -> None:
    with here.agent("bot") as bot, here.desk() as ana:
        for listing in range(4):
            bot.submit(asking(hide(f"L-{listing}")))
        pass_time(here, 2 * 3600)
        ana.sweep()
        assert len(bot.rollback_due()) == 4
    assert tier(here) is Tier.AUTONOMOUS


def test_only_a_lead_lifts_it(here: House) -> None:
    rejected(here, 3)
    with office(here, "ria") as ria, pytest.raises(NotAllowed, match="lead"):
        ria.lift("bot")
    assert tier(here) is Tier.HARD_STOP
    with office(here) as lea:
        lea.lift("bot")
        with pytest.raises(InvalidRequest):
            lea.lift("bot")
        (one,) = lea.breakers()
    assert (one.lifted_by, one.lifted_at) == ("lea", here.clock.now())
    assert tier(here) is Tier.AUTONOMOUS
    assert [kind for kind in kinds(here.path) if "breaker" in kind or "refused" in kind] == [
        "breaker_opened",
        "refused:NotAllowed",
        "breaker_lifted",
    ]


def test_after_the_lifting_it_counts_afresh(here: House) -> None:
    rejected(here, 3)
    with office(here) as lea:
        lea.lift("bot")
    pass_time(here, 1)
    rejected(here, 2, start=10)
    assert tier(here) is Tier.AUTONOMOUS
    rejected(here, 1, start=20)
    assert tier(here) is Tier.HARD_STOP
    with office(here) as lea:
        assert [one.lifted_at is None for one in lea.breakers()] == [True, False]


def test_what_waits_keeps_its_tier_and_the_next_question_is_raised(here: House) -> None:
    waiting = ask(here, 99)
    rejected(here, 3)
    assert waiting.tier is Tier.HARD_APPROVAL
    assert ask(here, 98).tier is Tier.HARD_STOP
    settle(here, waiting, "approve")
    with here.agent("bot") as bot, bot.resume(waiting) as go:
        assert go.action == refund(99)
