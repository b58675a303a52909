"""What time does: deadlines take the policy's fallback, and doing it twice changes nothing."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from factories import House, brief, house
from journey import (
    assert_chain_whole,
    events,
    kinds,
    pass_time,
    pick_up,
    row,
    run_moves,
    settle,
)
from overread_queue.errors import MoveRefused, NotApproved, OverreadError
from overread_queue.models import Ticket
from overread_queue.states import EscalationState, RunState

E, R = EscalationState, RunState
HOUR = 3600


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


def asked(here: House, action_type: str, *, run: str | None = None, amount: float = 1) -> Ticket:
    with here.agent() as queue:
        return queue.submit(brief(action_type=action_type, run=run, amount=amount))


def test_before_the_deadline_nothing_happens(here: House) -> None:
    """Half of its time is noticed once, and changes neither where it waits nor until when."""
    ticket = asked(here, "mail.send")
    with here.desk() as ana:
        pass_time(here, HOUR / 2 - 1)
        assert ana.sweep() == 0
        pass_time(here, 1)
        assert [ana.sweep(), ana.sweep()] == [1, 0]
        pass_time(here, HOUR / 2 - 1)
        assert ana.sweep() == 0
    waiting = row(here.path, ticket.id)
    assert (waiting.state, waiting.pool) == (E.WAITING, "refunds")
    assert waiting.deadline_at == ticket.deadline_at
    assert kinds(here.path, ticket.id) == ["submitted", "promoted"]


def test_a_senior_takes_over_with_a_new_deadline(here: House) -> None:
    ticket = asked(here, "payments.refund")
    pass_time(here, 4 * HOUR)
    with here.desk() as ana, here.desk("sam") as sam:
        assert ana.sweep() == 1
        assert ana.sweep() == 0
        assert ana.waiting_ids() == ()
        review = pick_up(sam, ticket)
    assert review.item.pool == "seniors"
    assert review.item.deadline_at == here.clock.now() + 4 * HOUR * 1000
    assert review.handling.on_silence == "Desk owner takes over"
    assert run_moves(here.path)[-2:] == [
        (R.PAUSED_PENDING_HUMAN, R.TIMED_OUT),
        (R.TIMED_OUT, R.PAUSED_PENDING_HUMAN),
    ]
    breach = next(event for event in events(here.path) if event.kind == "breached")
    assert json.loads(breach.detail) == {"pool": "refunds", "fallback": "senior"}
    assert breach.actor == "desk"
    with here.agent() as queue:
        assert queue.poll(ticket) is None


def test_after_the_last_pool_it_fails(here: House) -> None:
    ticket = asked(here, "payments.refund")
    with here.desk() as ana:
        for pool in ("seniors", "owners"):
            pass_time(here, 4 * HOUR)
            ana.sweep()
            assert row(here.path, ticket.id).pool == pool
        pass_time(here, 4 * HOUR)
        ana.sweep()
    with here.agent() as queue:
        decision = queue.poll(ticket)
        assert decision is not None
        assert decision.verdict == "timed_out"
        assert queue.status(ticket).run_state is R.FAILED


def test_a_claimed_item_moves_on_under_the_reviewers_hands(here: House) -> None:
    ticket = asked(here, "payments.refund")
    with here.desk() as ana:
        pass_time(here, 4 * HOUR - 60)
        review = pick_up(ana, ticket)
        pass_time(here, 60)
        assert ana.sweep() == 1
        with pytest.raises(OverreadError):
            ana.decide(review, option="reject", reason="too late")
    assert "decided" not in kinds(here.path)


def test_a_held_approval_in_its_undo_window_is_not_timed_out(here: House) -> None:
    ticket = asked(here, "mail.send")
    with here.desk() as ana:
        pass_time(here, HOUR - 5)
        ana.decide(pick_up(ana, ticket), option="approve")
        pass_time(here, 5)
        assert ana.sweep() == 0
        pass_time(here, 5)
        (receipt,) = ana.release_due()
    assert receipt.verdict == "approve"


def test_failing_tells_the_agent_that_nobody_answered(here: House) -> None:
    ticket = asked(here, "mail.send")
    pass_time(here, HOUR)
    with here.desk() as ana:
        assert ana.sweep() == 1
    with here.agent() as queue:
        decision = queue.wait(ticket, timeout=0)
        assert decision is not None
        assert (decision.verdict, decision.envelope.option) == ("timed_out", "fail")
        assert (decision.envelope.reviewer, decision.envelope.role) == ("desk", "desk")
        assert "Nobody answered" in decision.reason
        assert queue.status(ticket).state is E.TIMED_OUT
        assert queue.status(ticket).run_state is R.FAILED
        with pytest.raises(NotApproved):
            queue.resume(ticket)
        queue.acknowledge(ticket)
        with pytest.raises(MoveRefused):
            queue.revise(ticket, brief(amount=2))
    assert run_moves(here.path)[-2:] == [
        (R.PAUSED_PENDING_HUMAN, R.TIMED_OUT),
        (R.TIMED_OUT, R.FAILED),
    ]


def test_a_safe_default_lets_the_run_go_on_without_its_action(here: House) -> None:
    ticket = asked(here, "content.hide")
    pass_time(here, 2 * HOUR)
    with here.desk() as ana:
        assert ana.sweep() == 1
    with here.agent() as queue:
        decision = queue.wait(ticket, timeout=0)
        assert decision is not None
        assert (decision.verdict, decision.envelope.option) == ("timed_out", "safe-default")
        assert not decision.releases
        assert queue.status(ticket).run_state is R.HUMAN_RESPONDED
        queue.acknowledge(ticket)
        assert queue.status(ticket).run_state is R.COMPLETED
    assert (R.TIMED_OUT, R.HUMAN_RESPONDED) in run_moves(here.path)


def test_a_safe_default_waits_for_the_other_question_of_its_run(here: House) -> None:
    asked(here, "content.hide", run="two")
    other = asked(here, "payments.refund", run="two", amount=2)
    pass_time(here, 2 * HOUR)
    with here.desk() as ana:
        ana.sweep()
    with here.agent() as queue:
        assert queue.status(other).run_state is R.PAUSED_PENDING_HUMAN
        settle(here, other, "reject")
        assert queue.status(other).run_state is R.HUMAN_RESPONDED


def test_a_run_that_fails_takes_its_other_questions_with_it(here: House) -> None:
    """Nobody is left reviewing for a run that is over, and the agent has an answer to each."""
    late = asked(here, "mail.send", run="two")
    other = asked(here, "payments.refund", run="two", amount=2)
    elsewhere = asked(here, "payments.refund", run="three", amount=3)
    with here.desk() as ana:
        review = pick_up(ana, other)
        pass_time(here, HOUR)
        ana.sweep()
        with pytest.raises(OverreadError):
            ana.decide(review, option="approve")
    with here.agent() as queue:
        answers = [queue.poll(one) for one in (late, other)]
        assert [one and one.verdict for one in answers] == ["timed_out", "timed_out"]
        assert answers[1] is not None
        assert "Another question of its run" in answers[1].reason
        assert queue.status(other).run_state is R.FAILED
        assert queue.status(elsewhere).state is E.WAITING
    assert run_moves(here.path).count((R.TIMED_OUT, R.FAILED)) == 1


def test_two_questions_of_a_run_that_are_late_together_fail_it_once(here: House) -> None:
    for amount in (1, 2):
        asked(here, "mail.send", run="two", amount=amount)
    pass_time(here, HOUR)
    with here.desk() as ana:
        assert [ana.sweep(), ana.sweep()] == [1, 0]
    seen = kinds(here.path)
    assert (seen.count("timed_out"), seen.count("breached")) == (2, 1)
    assert not [kind for kind in seen if kind.startswith("refused")]


def test_an_approval_in_its_undo_window_is_released_before_its_run_fails(here: House) -> None:
    asked(here, "mail.send", run="two")
    other = asked(here, "payments.refund", run="two", amount=2)
    with here.desk() as ana:
        pass_time(here, HOUR - 5)
        ana.decide(pick_up(ana, other), option="approve")
        ana.sweep()
        pass_time(here, 5)
        assert ana.sweep() == 0
        pass_time(here, 5)
        (receipt,) = ana.release_due()
        assert ana.sweep() == 1
    assert receipt.verdict == "approve"
    with here.agent() as queue:
        assert queue.status(other).run_state is R.FAILED


def test_silence_is_never_a_no(here: House) -> None:
    for action_type in ("payments.refund", "mail.send", "content.hide", "data.erase"):
        asked(here, action_type)
    with here.desk() as ana:
        for _ in range(5):
            pass_time(here, 8 * HOUR)
            ana.sweep()
    with here.agent() as queue:
        verdicts = [queue.status(row.id).verdict for row in queue.escalations()]
    assert verdicts == ["timed_out"] * 4


def test_two_sweeps_at_once_change_nothing_twice(here: House) -> None:
    """Threads with a connection each, as two consoles have."""
    tickets = [
        asked(here, action_type, amount=amount)
        for action_type in ("payments.refund", "mail.send", "content.hide")
        for amount in range(1, 5)
    ]
    with here.agent() as queue, here.desk() as ana:
        queue.withdraw(tickets[0])
        ana.claim(tickets[1].id)
    pass_time(here, 4 * HOUR)
    start = threading.Barrier(4)
    done: list[int] = []

    def sweep() -> None:
        with here.desk() as desk:
            start.wait(timeout=60)
            done.append(desk.sweep())

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen = kinds(here.path)
    assert (seen.count("breached"), seen.count("rerouted")) == (11, 3)
    assert (seen.count("timed_out"), seen.count("answered")) == (8, 1)
    assert sum(done) == 12
    assert_chain_whole(here.path)


def test_a_long_backlog_is_swept_in_one_go(here: House) -> None:
    with here.agent() as queue:
        for amount in range(1, 206):
            queue.submit(brief(action_type="mail.send", amount=amount))
    pass_time(here, HOUR)
    with here.desk() as ana:
        assert ana.sweep() == 205
        assert ana.sweep() == 0
