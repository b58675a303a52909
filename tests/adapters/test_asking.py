"""What every adapter does to ask: once for a gate, wherever its process dies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from delivery_desk import answer, real_time, started
from factories import POLICY, House, brief, house
from journey import pass_time
from overread_briefs import InvalidBrief
from overread_queue.adapters.asking import ask_once, decided
from overread_queue.adapters.delivering import Worker
from overread_queue.adapters.target import Answer, Found, Pause
from overread_queue.adapters.telling import Told
from overread_queue.clock import ManualClock
from overread_queue.errors import Halted
from overread_queue.states import EscalationState, Tier
from overread_queue.store.wakes import Wake, WakeBook, WakeTable
from tier_desks import asking, hide, office, refund, tier_house

DYING = """
import os, sys
from factories import brief
from overread_queue.adapters.asking import ask_once
from overread_queue.adapters.target import Pause
from overread_queue.agent import AgentQueue
from overread_queue.store import wakes

def die(*_, **__):
    os._exit(9)

setattr(wakes.WakeTable, sys.argv[2], die)
pause = Pause("gate-1", "run-1", {}, lambda: brief("Refund $420.00, asked at 09:00?"))
with AgentQueue.open(sys.argv[1], agent="refund-agent") as queue:
    ask_once(queue, "custom", pause)
"""


class Taking:
    """A runtime that takes every answer."""

    runtime = "custom"

    def locate(self, wake: Wake) -> Found:
        return "waiting"

    def resume(self, answers: Sequence[Answer]) -> None:
        pass

    def drive_on(self, wake: Wake) -> None:
        raise AssertionError("nothing was left of it")


class Gone(Taking):
    """A runtime that has lost the run."""

    def locate(self, wake: Wake) -> Found:
        return "gone"


@pytest.fixture
def here(tmp_path: Path) -> House:
    return real_time(tmp_path)


def pause(question: str = "Refund $420.00, asked at 09:05?") -> Pause:
    return Pause("gate-1", "run-1", {}, lambda: brief(question))


def died(here: House, at: str) -> None:
    agent = started("-c", DYING, here.path, at)
    agent.communicate()
    assert agent.returncode == 9


@pytest.mark.parametrize(
    ("at", "asked"), [("begun", "09:05"), ("begin", "09:05"), ("add", "09:00")]
)
def test_an_agent_that_dies_while_it_asks_has_asked_once(here: House, at: str, asked: str) -> None:
    """What its next life would have asked differs only by the time of day."""
    died(here, at)
    with here.agent() as queue:
        first = ask_once(queue, "custom", pause())
        again = ask_once(queue, "custom", pause("Refund $420.00, asked at 09:10?"))
        rows = queue.escalations()
    assert (first, again) == (rows[0].id, rows[0].id)
    assert [one.question for one in rows] == [f"Refund $420.00, asked at {asked}?"]


def test_a_question_that_was_refused_may_be_put_better(here: House) -> None:
    with here.agent() as queue:
        with pytest.raises(InvalidBrief):
            ask_once(queue, "custom", Pause("gate-1", "run-1", {}, lambda: brief(agent="other")))
        asked = ask_once(queue, "custom", pause())
        (row,) = queue.escalations()
    assert row.id == asked


def test_a_stopped_agent_asks_anew_with_what_is_true_once_it_may(tmp_path: Path) -> None:
    def saying(question: str) -> Pause:
        made = asking(refund()).model_copy(update={"question": question})
        return Pause("gate-1", "run-1", {}, lambda: made)

    here = tier_house(tmp_path)
    with here.desk() as ana, office(here) as lea, here.agent("bot") as bot:
        ana.stop("bot", reason="paying twice")
        with pytest.raises(Halted):
            ask_once(bot, "custom", saying("Asked at 09:00?"))
        lea.lift("bot")
        ask_once(bot, "custom", saying("Asked at 11:00?"))
        (row,) = bot.escalations()
    assert row.question == "Asked at 11:00?"


def test_who_stands_at_a_gate_is_not_confirmed_afterwards(tmp_path: Path) -> None:
    with tier_house(tmp_path).agent("bot") as bot:
        soft = bot.submit(asking(hide()))
        asked = ask_once(bot, "custom", Pause("gate-1", "run-1", {}, lambda: asking(hide())))
        assert (soft.tier, bot.status(asked).tier) == (Tier.SOFT_REVIEW, Tier.HARD_APPROVAL)


def test_a_question_that_was_taken_back_is_no_trouble_until_the_desk_has_signed_that(
    here: House,
) -> None:
    told: list[Told] = []
    with here.agent() as queue:
        asked = ask_once(queue, "custom", pause())
        queue.withdraw(asked)
        worker = Worker(queue, Taking(), tell=told.append)
        assert (worker.step(), told) == (0, [])
        with here.desk() as desk:
            desk.sweep()
        assert worker.step() == 1
    assert told == [Told("delivered", asked, "run-1")]


def test_a_question_that_its_agent_replaced_is_delivered_to_nobody(here: House) -> None:
    """The answer would be about something else than what the gate was asked about."""
    told: list[Told] = []
    with here.agent() as queue:
        first = ask_once(queue, "custom", pause())
        queue.revise(first, brief("Refund $300.00 on order A-1009?", amount=300.0), key="second")
        assert Worker(queue, Taking(), tell=told.append).step() == 0
    assert [one.event for one in told] == ["superseded"]


def test_a_question_that_its_agent_replaced_ends_where_the_run_is_gone_too(here: House) -> None:
    told: list[Told] = []
    with here.agent() as queue:
        first = ask_once(queue, "custom", pause())
        queue.revise(first, brief("Refund $300.00 on order A-1009?", amount=300.0), key="second")
        Worker(queue, Gone(), tell=told.append).step()
    assert [one.event for one in told] == ["superseded"]


# -- approvals that ran out before they could be brought


@pytest.fixture
def unhurried(tmp_path: Path) -> House:
    return house(tmp_path, policy=POLICY.replace('undo = "10s"', 'undo = "0s"'))


def a_day_later(here: House) -> None:
    pass_time(here, 25 * 3600)


def test_a_question_whose_approval_ran_out_is_put_once_more(unhurried: House) -> None:
    told: list[Told] = []
    with unhurried.agent() as queue:
        first = ask_once(queue, "custom", pause())
        answer(unhurried, first)
        a_day_later(unhurried)
        worker = Worker(queue, Taking(), clock=unhurried.clock, tell=told.append)
        assert (worker.step(), worker.step()) == (0, 0)
        (second,) = (one.id for one in queue.escalations(EscalationState.WAITING))
        answer(unhurried, second)
        assert worker.step() == 1
        assert decided(queue, first).id == f"{second}/1"
        with WakeBook(queue.wakes).at() as wakes:
            assert wakes.begun("custom", "gate-1") is None
    assert told == [Told("asked", second, "run-1"), Told("delivered", first, "run-1")]


def test_a_worker_that_dies_after_it_has_asked_again_has_asked_once(
    unhurried: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise SystemExit

    with unhurried.agent() as queue:
        answer(unhurried, ask_once(queue, "custom", pause()))
        a_day_later(unhurried)
        worker = Worker(queue, Taking(), clock=unhurried.clock)
        with monkeypatch.context() as dying:
            dying.setattr(WakeTable, "renew", die)
            with pytest.raises(SystemExit):
                worker.step()
        pass_time(unhurried, 60)
        worker = Worker(queue, Taking(), clock=unhurried.clock)
        worker.step()
        (second,) = (one.id for one in queue.escalations(EscalationState.WAITING))
        answer(unhurried, second)
        assert worker.step() == 1


def test_nobody_is_asked_again_for_a_run_that_is_gone(unhurried: House) -> None:
    told: list[Told] = []
    with unhurried.agent() as queue:
        answer(unhurried, ask_once(queue, "custom", pause()))
        a_day_later(unhurried)
        Worker(queue, Gone(), clock=unhurried.clock, tell=told.append).step()
        assert queue.escalations(EscalationState.WAITING) == ()
    assert [one.event for one in told] == ["troubled"]
    assert "the approval ran out" in told[0].text


def test_nobody_is_asked_again_because_a_clock_is_wrong(unhurried: House) -> None:
    told: list[Told] = []
    with unhurried.agent() as queue:
        answer(unhurried, ask_once(queue, "custom", pause()))
    behind = House(unhurried.places, ManualClock(unhurried.clock.now() - 86_400_000))
    with behind.agent() as queue:
        Worker(queue, Taking(), clock=unhurried.clock, tell=told.append).step()
        assert queue.escalations(EscalationState.WAITING) == ()
    assert "set this clock right" in told[0].text
