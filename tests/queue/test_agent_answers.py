"""Answers that release nothing: acknowledged, asked again, or no longer wanted."""

from __future__ import annotations

import pytest

from factories import House, brief
from journey import delivery, escalation_moves, kinds, pick_up, row, run_moves, settle
from overread_queue.errors import (
    InvalidRequest,
    LeaseLost,
    MoveRefused,
    Replayed,
    StillPending,
    Superseded,
    Tampered,
)
from overread_queue.setup import add_agent
from overread_queue.states import EscalationState, RunState
from overread_queue.trust.people import Agent

E, R = EscalationState, RunState


# -- acknowledge


def test_a_no_is_acknowledged_and_ends_the_run(here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief())
        with pytest.raises(StillPending):
            queue.acknowledge(ticket)
        settle(here, ticket, "reject", reason="it was delivered")
        decision = queue.acknowledge(ticket)
        assert (decision.verdict, decision.reason) == ("reject", "it was delivered")
        assert queue.status(ticket).run_state is R.COMPLETED
        assert queue.acknowledge(ticket) == decision
    assert delivery(here.path, ticket.id).state == "done"


def test_a_run_goes_on_after_a_no_to_its_next_gate(here: House) -> None:
    with here.agent() as queue:
        first = queue.submit(brief(run="order"))
        settle(here, first, "reject")
        queue.acknowledge(first, finish=False)
        assert queue.status(first).run_state is R.RESUMING
        second = queue.submit(brief(run="order", amount=12.5))
        assert queue.status(second).run_state is R.PAUSED_PENDING_HUMAN
        settle(here, second, "approve")
        with queue.resume(second):
            pass
        assert queue.status(second).run_state is R.COMPLETED


def test_a_run_that_went_on_is_ended_by_a_second_acknowledgement(here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief())
        settle(here, ticket, "reject")
        queue.acknowledge(ticket, finish=False)
        queue.acknowledge(ticket)
        assert queue.status(ticket).run_state is R.COMPLETED


def test_an_agent_that_asks_again_has_gone_on(here: House) -> None:
    """A new gate straight after a decision moves the run through RESUMING, with both events."""
    with here.agent() as queue:
        first = queue.submit(brief(run="order"))
        settle(here, first, "reject")
        queue.submit(brief(run="order", amount=12.5))
    assert run_moves(here.path)[-2:] == [
        (R.HUMAN_RESPONDED, R.RESUMING),
        (R.RESUMING, R.PAUSED_PENDING_HUMAN),
    ]


# -- revise


def test_a_revised_brief_takes_an_open_ones_place(here: House) -> None:
    with here.agent() as queue:
        first = queue.submit(brief())
        second = queue.revise(first, brief(amount=12.5))
        for call in (queue.poll, queue.resume, queue.acknowledge):
            with pytest.raises(Superseded) as replaced:
                call(first)
            assert replaced.value.successor == second.id
        with pytest.raises(Superseded):
            queue.wait(first, timeout=0)
        assert queue.wait(second, timeout=0) is None
        assert queue.status(second).run == first.run
    assert row(here.path, first.id).state is E.SUPERSEDED
    assert row(here.path, second.id).predecessor == first.id


def test_a_revision_takes_the_item_off_the_reviewers_screen(here: House) -> None:
    with here.agent() as queue, here.desk() as ana:
        first = queue.submit(brief())
        review = pick_up(ana, first)
        second = queue.revise(first, brief(question="Refund $12.50 on order A-1009?", amount=12.5))
        with pytest.raises(MoveRefused) as refused:
            ana.decide(review, option="reject", reason="no")
        assert refused.value.found == E.SUPERSEDED
        revised = pick_up(ana, second)
        assert revised.previous is not None
        assert revised.previous.question == "Refund $420.00 on order A-1009?"
        assert revised.previous.recommendation is None
    assert (E.CLAIMED, E.SUPERSEDED) in escalation_moves(here.path)


def test_a_question_is_answered_by_a_revised_brief_once(here: House) -> None:
    with here.agent() as queue:
        first = queue.submit(brief())
        settle(here, first, "need-info", reason="who signed?")
        second = queue.revise(first, brief(question="Refund $420.00? M. Keller is the neighbour"))
        assert queue.status(second).run_state is R.PAUSED_PENDING_HUMAN
        assert row(here.path, first.id).state is E.DECIDED
        assert delivery(here.path, first.id).state == "done"
        with pytest.raises(MoveRefused):
            queue.revise(first, brief(amount=12.5))
        assert queue.revise(first, brief(question="Refund $420.00? M. Keller is the neighbour"))
        settle(here, second, "approve")
        with queue.resume(second):
            pass
        assert queue.status(first).run_state is R.COMPLETED


def test_an_open_brief_is_replaced_once(here: House) -> None:
    with here.agent() as queue:
        first = queue.submit(brief())
        queue.revise(first, brief(amount=12.5))
        with pytest.raises(MoveRefused) as refused:
            queue.revise(first, brief(amount=13.5))
    assert refused.value.found == E.SUPERSEDED
    assert kinds(here.path).count("submitted") == 2


def test_a_revised_brief_stays_in_its_run(here: House) -> None:
    with here.agent() as queue:
        first = queue.submit(brief(run="order-1"))
        with pytest.raises(InvalidRequest, match="order-1"):
            queue.revise(first, brief(run="order-2"))
        second = queue.revise(first, brief(amount=12.5))
    assert second.run == "order-1"
    assert row(here.path, first.id).state is E.SUPERSEDED


def test_a_held_approval_is_not_replaced_under_the_reviewers_hands(here: House) -> None:
    with here.agent() as queue, here.desk() as ana:
        ticket = queue.submit(brief())
        ana.decide(pick_up(ana, ticket), option="approve")
        with pytest.raises(MoveRefused) as refused:
            queue.revise(ticket, brief(amount=12.5))
        assert refused.value.found == E.HELD
        with pytest.raises(MoveRefused):
            queue.withdraw(ticket)
    assert kinds(here.path).count("submitted") == 1


def test_an_approval_that_was_taken_is_not_revised(here: House) -> None:
    """It may have been acted on; until then an agent may ask again instead."""
    with here.agent() as queue:
        taken, other = queue.submit(brief()), queue.submit(brief(amount=12.5))
        for ticket in (taken, other):
            settle(here, ticket, "approve")
        queue.resume(taken)
        with pytest.raises(MoveRefused):
            queue.revise(taken, brief(question="Refund after all?"))
        successor = queue.revise(other, brief(question="Refund after all?"))
        with pytest.raises((Replayed, MoveRefused, Tampered)):
            queue.resume(other)
        assert queue.status(successor).run_state is R.PAUSED_PENDING_HUMAN


# -- withdraw


def test_a_question_is_taken_back_and_the_desk_confirms_it(here: House) -> None:
    with here.agent() as queue, here.desk() as ana:
        ticket = queue.submit(brief())
        queue.withdraw(ticket, "the customer called")
        assert queue.poll(ticket) is None
        assert ana.waiting_ids() == ()
        assert ana.sweep() == 1
        decision = queue.wait(ticket, timeout=0)
        assert decision is not None
        assert (decision.verdict, decision.reason) == ("withdrawn", "the customer called")
        assert decision.envelope.reviewer == "desk"
        assert queue.status(ticket).run_state is R.HUMAN_RESPONDED
        queue.acknowledge(ticket)
        assert queue.status(ticket).run_state is R.COMPLETED
        assert ana.sweep() == 0


def test_a_claimed_question_is_taken_back_and_a_decided_one_is_not(here: House) -> None:
    with here.agent() as queue, here.desk() as ana:
        ticket = queue.submit(brief())
        review = pick_up(ana, ticket)
        queue.withdraw(ticket)
        with pytest.raises(MoveRefused):
            ana.decide(review, option="reject", reason="no")
        with pytest.raises(MoveRefused):
            queue.withdraw(ticket)
        other = queue.submit(brief(amount=12.5))
        settle(here, other, "reject", reviewer="ben")
        with pytest.raises(MoveRefused) as refused:
            queue.withdraw(other)
        assert refused.value.found == E.DECIDED
    assert (E.CLAIMED, E.WITHDRAWN) in escalation_moves(here.path)


def test_a_stop_ends_with_a_person_doing_it(here: House) -> None:
    add_agent(here.places, Agent(name="mailer", label="Mailer", actions=("mail.send",)))
    with here.agent("mailer") as queue:
        ticket = queue.submit(brief(agent="mailer"))
        settle(here, ticket, "take-over", reason="")
        decision = queue.acknowledge(ticket)
    assert decision.verdict == "taken_over"
    assert not decision.releases


def test_giving_up_elsewhere_is_seen_by_the_first_process(here: House) -> None:
    with here.agent() as first, here.agent() as second:
        ticket = first.submit(brief())
        settle(here, ticket, "approve")
        first.resume(ticket)
        with pytest.raises(LeaseLost):
            second.complete(ticket)
        first.fail(ticket)
        with pytest.raises(Replayed):
            second.fail(ticket)
