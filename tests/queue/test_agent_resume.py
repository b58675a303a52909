"""An approval is acted on once, under a lease, by one process at a time."""

from __future__ import annotations

import shutil
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from factories import House, brief, house
from journey import (
    LEASE_SECONDS,
    UNDO_SECONDS,
    delivery,
    kinds,
    pass_time,
    pick_up,
    run_moves,
    settle,
)
from overread_briefs import Decision
from overread_queue import AgentQueue
from overread_queue.clock import SystemClock
from overread_queue.errors import (
    Expired,
    InvalidRequest,
    LeaseHeld,
    LeaseLost,
    MoveRefused,
    NotApproved,
    Replayed,
    StillPending,
)
from overread_queue.models import Ticket
from overread_queue.states import RunState
from transports import Build

R = RunState


class Crash(Exception):
    """What an agent meets in the middle of its action."""


def approved(here: House, queue: AgentQueue, *, amount: float = 420.0, run: str = "r") -> Ticket:
    ticket = queue.submit(brief(amount=amount, run=run))
    settle(here, ticket, "approve")
    return ticket


def test_nothing_is_handed_out_before_the_undo_window_is_over(here: House) -> None:
    with here.agent() as queue, here.desk() as ana:
        ticket = queue.submit(brief())
        assert queue.poll(ticket) is None
        ana.decide(pick_up(ana, ticket), option="approve")
        pass_time(here, UNDO_SECONDS - 1)
        assert ana.release_due() == ()
        assert queue.poll(ticket) is None
        with pytest.raises(StillPending):
            queue.resume(ticket)
        pass_time(here, 1)
        assert len(ana.release_due()) == 1
        assert queue.poll(ticket) is not None


def test_a_waiter_is_woken_by_another_threads_release(build: Build) -> None:
    here = build(clock=SystemClock())
    with here.agent() as queue:
        ticket = queue.submit(brief())
    waiting = threading.Event()
    got: list[Decision | None] = []

    def wait() -> None:
        with here.agent() as queue:
            assert queue.poll(ticket) is None
            waiting.set()
            got.append(queue.wait(ticket, timeout=60))

    waiter = threading.Thread(target=wait)
    waiter.start()
    waiting.wait()
    with here.desk() as ana:
        ana.decide(pick_up(ana, ticket), option="reject", reason="signed for by the customer")
    waiter.join()
    (decision,) = got
    assert decision is not None
    assert (decision.verdict, decision.reason) == ("reject", "signed for by the customer")


def test_a_wait_that_ends_first_says_still_pending(here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief())
        assert queue.wait(ticket, timeout=0.01) is None
        assert queue.wait(ticket.id, timeout=0) is None


def test_leaving_the_block_completes_the_run(here: House) -> None:
    with here.agent() as queue:
        ticket = approved(here, queue)
        with queue.resume(ticket) as go:
            assert queue.status(ticket).run_state is R.RESUMING
            assert go.action == brief().action
            assert go.decision.id == f"{ticket.id}/1"
        assert queue.status(ticket).run_state is R.COMPLETED
    assert delivery(here.path, ticket.id).state == "done"
    assert kinds(here.path, ticket.id)[-1] == "done"


def test_a_second_process_waits_for_the_first_ones_lease(here: House) -> None:
    with here.agent() as first, here.agent() as second:
        ticket = approved(here, first)
        taken = first.resume(ticket)
        with pytest.raises(LeaseHeld) as refused:
            second.resume(ticket)
        assert refused.value.seconds_left == LEASE_SECONDS
        pass_time(here, LEASE_SECONDS - 1)
        taken.heartbeat()
        pass_time(here, LEASE_SECONDS - 1)
        with pytest.raises(LeaseHeld):
            second.resume(ticket)
        pass_time(here, 1)
        with second.resume(ticket) as go:
            assert go.decision.id == taken.decision.id
            with pytest.raises(LeaseLost):
                taken.heartbeat()
            with pytest.raises(LeaseLost):
                first.complete(ticket)
        with pytest.raises(LeaseLost):
            first.complete(ticket)
    assert run_moves(here.path).count((R.RESUMING, R.RESUMING)) == 1
    assert kinds(here.path).count("done") == 1
    assert "refused:LeaseHeld" in kinds(here.path)


def test_after_completion_it_was_acted_on(here: House) -> None:
    with here.agent() as queue, here.agent() as other:
        ticket = approved(here, queue)
        with queue.resume(ticket):
            pass
        for door in (queue, other):
            with pytest.raises(Replayed):
                door.resume(ticket)
        assert other.poll(ticket) is not None
    assert kinds(here.path).count("refused:Replayed") == 2


def test_an_older_copy_of_the_database_does_not_bring_the_approval_back(tmp_path: Path) -> None:
    here = house(tmp_path)
    with here.agent() as queue:
        ticket = approved(here, queue)
    copy = tmp_path / "copy.db"
    shutil.copy(here.path, copy)
    with here.agent() as queue, queue.resume(ticket):
        pass
    for side in ("-wal", "-shm"):
        here.path.with_name(here.path.name + side).unlink(missing_ok=True)
    shutil.copy(copy, here.path)
    with here.agent() as queue:
        assert queue.status(ticket).run_state is R.HUMAN_RESPONDED
        with pytest.raises(Replayed, match="already carried out"):
            queue.resume(ticket)
    assert kinds(here.path)[-1] == "refused:Replayed"


def test_an_exception_gives_the_run_back_to_be_taken_again(here: House) -> None:
    with here.agent() as queue, here.agent() as other:
        ticket = approved(here, queue)
        with suppress(Crash), queue.resume(ticket) as go:
            first = go.decision.id
            raise Crash
        assert queue.status(ticket).run_state is R.RESUMING
        with other.resume(ticket) as go:
            assert go.decision.id == first
        assert other.status(ticket).run_state is R.COMPLETED


def test_an_approval_runs_out(here: House) -> None:
    with here.agent() as queue:
        ticket = approved(here, queue)
        pass_time(here, 86_400 + 1)
        for call in (queue.poll, queue.resume):
            with pytest.raises(Expired, match="revise"):
                call(ticket)
        successor = queue.revise(ticket, brief(question="Refund it still?"))
        assert queue.status(successor).run_state is R.PAUSED_PENDING_HUMAN


def test_what_was_begun_in_time_can_be_finished_after_a_crash(here: House) -> None:
    """The money may be out already: the agent must be able to find out and say so."""
    with here.agent() as queue:
        ticket = approved(here, queue)
        taken = queue.resume(ticket)
    pass_time(here, 86_400 + 1)
    with here.agent() as queue:
        assert queue.wait(ticket, timeout=0) == taken.decision
        with queue.resume(ticket) as go:
            assert go.decision.id == taken.decision.id
        assert queue.status(ticket).run_state is R.COMPLETED
        with pytest.raises(Expired):
            queue.resume(ticket)


def test_an_approval_begun_by_one_agent_still_runs_out_for_another_ledger(here: House) -> None:
    with here.agent() as queue:
        ticket = approved(here, queue)
        queue.resume(ticket)
    here.ledger().unlink()
    pass_time(here, 86_400 + 1)
    with here.agent() as queue, pytest.raises(Expired):
        queue.resume(ticket)


@pytest.mark.parametrize("begun", [True, False])
def test_an_agent_gives_up_on_an_approval_that_ran_out(here: House, begun: bool) -> None:
    with here.agent() as queue:
        ticket = approved(here, queue)
        if begun:
            queue.resume(ticket)
    pass_time(here, 86_400 + 1)
    with here.agent() as queue:
        queue.fail(ticket, "too late")
        assert queue.status(ticket).run_state is R.FAILED
    assert delivery(here.path, ticket.id).state == "failed"


def test_only_approvals_are_resumed(here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief())
        settle(here, ticket, "reject")
        with pytest.raises(NotApproved) as refused:
            queue.resume(ticket)
        assert refused.value.decision.verdict == "reject"
        assert queue.acknowledge(ticket).verdict == "reject"


def test_the_next_gate_opens_inside_a_resumption(here: House) -> None:
    """The first delivery is done, and the run ends with the last one only."""
    with here.agent() as queue:
        first = approved(here, queue, run="order")
        with queue.resume(first):
            second = queue.submit(brief(amount=12.5, run="order"))
            assert queue.status(second).run_state is R.PAUSED_PENDING_HUMAN
        assert queue.status(first).run_state is R.PAUSED_PENDING_HUMAN
        assert delivery(here.path, first.id).state == "done"
        with pytest.raises(Replayed):
            queue.resume(first)
        settle(here, second, "approve")
        with queue.resume(second):
            pass
        assert queue.status(second).run_state is R.COMPLETED


def test_a_gate_may_be_answered_and_passed_inside_the_resumption_before_it(here: House) -> None:
    with here.agent() as queue:
        first = approved(here, queue, run="order")
        with queue.resume(first) as outer:
            second = approved(here, queue, amount=12.5, run="order")
            with queue.resume(second):
                outer.heartbeat()
            assert queue.status(second).run_state is R.RESUMING
        assert queue.status(first).run_state is R.COMPLETED
    assert [delivery(here.path, one.id).state for one in (first, second)] == ["done", "done"]


def test_two_questions_of_one_run_are_answered_before_it_goes_on(here: House) -> None:
    with here.agent() as queue:
        first = queue.submit(brief(run="order"))
        second = queue.submit(brief(run="order", amount=12.5))
        settle(here, first, "approve")
        assert queue.status(first).run_state is R.PAUSED_PENDING_HUMAN
        assert queue.poll(first) is not None
        with pytest.raises(MoveRefused) as refused:
            queue.resume(first)
        assert refused.value.found == R.PAUSED_PENDING_HUMAN
        settle(here, second, "approve")
        with queue.resume(first), pytest.raises(LeaseHeld):
            queue.resume(second)
        assert queue.status(first).run_state is R.RESUMING
        with queue.resume(second):
            pass
        assert queue.status(second).run_state is R.COMPLETED


def test_one_answer_of_two_is_acknowledged_and_the_other_carried_out(here: House) -> None:
    with here.agent() as queue:
        first = queue.submit(brief(run="order"))
        second = queue.submit(brief(run="order", amount=12.5))
        settle(here, first, "reject")
        settle(here, second, "approve")
        queue.acknowledge(first)
        assert queue.status(first).run_state is R.HUMAN_RESPONDED
        with queue.resume(second):
            pass
        assert queue.status(second).run_state is R.COMPLETED


def test_complete_needs_a_resumption_of_this_process(here: House) -> None:
    with here.agent() as queue:
        ticket = approved(here, queue)
        with pytest.raises(LeaseLost):
            queue.complete(ticket)
        with pytest.raises(InvalidRequest, match="resume"):
            queue.acknowledge(ticket)
        queue.resume(ticket)
        queue.complete(ticket)
        assert queue.status(ticket).run_state is R.COMPLETED


@pytest.mark.parametrize("resumed", [True, False])
def test_an_agent_gives_up_whether_or_not_it_began(here: House, resumed: bool) -> None:
    with here.agent() as queue:
        ticket = approved(here, queue)
        if resumed:
            queue.resume(ticket)
        queue.fail(ticket, "the bank is closed")
        assert queue.status(ticket).run_state is R.FAILED
        with pytest.raises(Replayed):
            queue.resume(ticket)
    found = delivery(here.path, ticket.id)
    assert (found.state, found.outcome, found.detail) == ("failed", "failed", "the bank is closed")


def test_an_agent_gives_up_on_a_no(here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief())
        with pytest.raises(StillPending):
            queue.fail(ticket)
        settle(here, ticket, "reject")
        queue.fail(ticket, "nothing else to try")
        assert queue.status(ticket).run_state is R.FAILED


def test_the_outcome_is_reported_later(here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief())
        with pytest.raises(StillPending):
            queue.outcome(ticket, ok=True)
        settle(here, ticket, "approve")
        with queue.resume(ticket):
            pass
        queue.outcome(ticket, ok=False, detail="x" * 5000)
    found = delivery(here.path, ticket.id)
    assert (found.outcome, len(found.detail or "")) == ("failed", 2000)
    assert kinds(here.path, ticket.id)[-1] == "outcome"
