"""Mechanisms by which approval systems have misfired, each tried here."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacker import approval, plant
from factories import House, brief, house
from journey import UNDO_SECONDS, kinds, pass_time, pick_up, settle
from overread_queue.errors import Forged, LeaseLost, MoveRefused, Replayed


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


def test_answers_to_several_open_questions_of_a_run_reach_each_its_own(here: House) -> None:
    with here.agent() as queue:
        small, large = (queue.submit(brief(run="r", amount=n)) for n in (1, 400))
        settle(here, large, "approve", reviewer="ben")
        settle(here, small, "reject", reason="too small")
        answers = [queue.poll(one) for one in (small, large)]
        assert [one and one.verdict for one in answers] == ["reject", "approve"]
        with queue.resume(large) as go:
            assert go.action.parameters["amount"] == 400


def test_equal_questions_in_two_runs_are_not_answered_together(here: House) -> None:
    with here.agent() as queue:
        first, second = (queue.submit(brief(run=run), key=run) for run in ("a", "b"))
        assert first.action_sha256 == second.action_sha256
        settle(here, first, "approve")
        assert queue.poll(second) is None


def test_an_approval_carried_out_does_not_fire_again_at_the_next_gate(here: House) -> None:
    with here.agent() as queue:
        first = queue.submit(brief(run="r", amount=1))
        settle(here, first, "approve")
        with queue.resume(first):
            second = queue.submit(brief(run="r", amount=2))
        settle(here, second, "approve")
        with queue.resume(second) as go:
            assert go.action.parameters["amount"] == 2
        for done in (first, second):
            with pytest.raises(Replayed):
                queue.resume(done)


def test_the_same_action_on_a_later_turn_is_asked_again(here: House) -> None:
    with here.agent() as queue:
        first = queue.submit(brief(), key="turn-1")
        settle(here, first, "approve")
        with queue.resume(first):
            pass
        later = queue.submit(brief(), key="turn-2")
        assert later.id != first.id
        assert queue.poll(later) is None


def test_a_key_pressed_twice_decides_once(here: House) -> None:
    with here.agent() as queue, here.desk() as ana:
        ticket = queue.submit(brief())
        review = pick_up(ana, ticket)
        ana.decide(review, option="reject", reason="no")
        with pytest.raises((LeaseLost, MoveRefused)):
            ana.decide(review, option="reject", reason="no")
    assert kinds(here.path, ticket.id).count("decided") == 1


def test_two_windows_of_one_reviewer_sign_once(here: House) -> None:
    with here.agent() as queue, here.desk() as one, here.desk() as other:
        ticket = queue.submit(brief())
        review = pick_up(one, ticket)
        one.decide(review, option="approve")
        with pytest.raises((LeaseLost, MoveRefused)):
            other.decide(review, option="approve")
        pass_time(here, UNDO_SECONDS)
        assert other.release_due() == ()
        assert len(one.release_due()) == 1


def test_a_no_needs_its_signature_as_well(here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief())
        plant(here, ticket, approval(here, ticket, verdict="reject"), b"")
        with pytest.raises(Forged):
            queue.acknowledge(ticket)
