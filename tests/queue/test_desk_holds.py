"""The reviewer's key signs what the reviewer chose and saw in this console, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories import House, brief, house
from journey import UNDO_SECONDS, pass_time, pick_up, raw, row
from overread_briefs import Brief, action_sha256, brief_sha256
from overread_queue.errors import LeaseLost, Tampered
from overread_queue.models import Ticket
from overread_queue.states import EscalationState


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


def ask(here: House, key: str = "k") -> Ticket:
    with here.agent() as queue:
        return queue.submit(brief(), key=key)


def answered_by_anybody(here: House, ticket: Ticket) -> bool:
    with raw(here.path) as db:
        found = db.execute("SELECT 1 FROM decision WHERE escalation = ?", (ticket.id,)).fetchall()
    return bool(found)


def answered(here: House, ticket: Ticket) -> bool:
    with here.agent() as queue:
        return queue.poll(ticket.id) is not None


def test_a_hold_written_into_the_database_is_not_signed(here: House) -> None:
    ticket = ask(here)
    with here.desk() as ana:
        with raw(here.path) as db:
            now = here.clock.now()
            db.execute(
                "UPDATE escalation SET state = 'CLAIMED', reviewer = 'ana', fence = 77,"
                " lease_until = ? WHERE id = ?",
                (now + 600_000, ticket.id),
            )
            db.execute(
                "UPDATE escalation SET state = 'HELD', held_until = ? WHERE id = ?",
                (now - 1, ticket.id),
            )
            db.execute(
                "INSERT INTO review (id, escalation, attempt, reviewer, fence, opened_at, option)"
                " VALUES ('planted', ?, 1, 'ana', 77, ?, 'approve')",
                (ticket.id, now),
            )
        assert ana.release_due() == ()
    assert not answered(here, ticket)


def test_a_draft_changed_inside_the_window_changes_nothing(here: House) -> None:
    ticket = ask(here)
    with here.desk() as ana:
        ana.decide(pick_up(ana, ticket), option="change", parameters={"amount": 10})
        with raw(here.path) as db:
            db.execute("UPDATE review SET parameters = ?", (json.dumps({"amount": 400}),))
        pass_time(here, UNDO_SECONDS)
        assert len(ana.release_due()) == 1
    with here.agent() as queue:
        decision = queue.poll(ticket)
    assert decision is not None
    assert decision.action.parameters["amount"] == 10


def test_a_brief_changed_under_an_open_review_is_not_signed(here: House) -> None:
    ticket = ask(here)
    other = brief(amount=9999.0)
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        swap(here, ticket, other)
        with pytest.raises(Tampered, match="not what was opened"):
            ana.decide(review, option="approve")
        with pytest.raises(Tampered, match="not what was opened"):
            ana.decide(review, option="reject", reason="not this one")
    assert not answered(here, ticket)


def test_a_brief_changed_inside_the_window_is_not_signed(here: House) -> None:
    ticket = ask(here)
    with here.desk() as ana:
        ana.decide(pick_up(ana, ticket), option="approve")
        swap(here, ticket, brief(amount=9999.0))
        pass_time(here, UNDO_SECONDS)
        with pytest.raises(Tampered, match="not what was opened"):
            ana.release_due()
        assert ana.release_due() == ()
    assert not answered(here, ticket)


def test_another_console_does_not_sign_what_this_one_held(here: House) -> None:
    """Whoever held it may have died wanting to undo it: the lease lapses, the draft is kept."""
    ticket = ask(here)
    with here.desk() as first, here.desk() as second:
        first.decide(pick_up(first, ticket), option="approve")
        pass_time(here, UNDO_SECONDS)
        assert second.release_due() == ()
        assert len(first.release_due()) == 1


def test_leaving_one_console_leaves_the_other_its_items(here: House) -> None:
    ticket = ask(here)
    with here.desk() as working:
        session = working.start_session()
        review = working.open(session.items[0])
        with here.desk() as passing:
            assert passing.overview().mine == 1
        working.decide(review, option="reject", reason="signed for at the door")
    assert answered(here, ticket)


def test_what_is_undone_in_a_later_session_is_kept_alive_there(here: House) -> None:
    ticket = ask(here)
    ask(here, "another")
    with here.desk() as ana:
        first = ana.start_session(max_items=1)
        receipt = ana.decide(ana.open(first.items[0]), option="approve")
        ana.end_session(first)
        second = ana.start_session(max_items=1)
        ana.undo(receipt)
        kept = {item.id for item in ana.heartbeat(second)}
        assert first.items[0].id in kept
        ana.end_session(second)
    assert row(here.path, ticket.id).state is EscalationState.WAITING


def test_a_stale_claim_is_not_given_back_by_its_old_console(here: House) -> None:
    ticket = ask(here)
    with here.desk("ben") as ben:
        with here.desk() as old:
            old.claim(ticket.id)
            pass_time(here, 301)
            ben.sweep()
            item = ben.claim(ticket.id)
            with pytest.raises(LeaseLost):
                old.release(ticket.id)
        assert ben.open(item).item.id == ticket.id


def swap(here: House, ticket: Ticket, other: Brief) -> None:
    data = other.to_bytes()
    with raw(here.path) as db:
        db.execute("DROP TRIGGER payload_brief_is_fixed")
        db.execute("UPDATE payload SET brief = ? WHERE escalation = ?", (data, ticket.id))
        db.execute(
            "UPDATE escalation SET brief_sha256 = ?, action_sha256 = ? WHERE id = ?",
            (brief_sha256(data), action_sha256(other.action), ticket.id),
        )


def test_another_console_of_the_same_reviewer_cannot_take_it_back_and_choose_anew(
    here: House,
) -> None:
    """The first console would still sign what was chosen there."""
    ticket = ask(here)
    with here.desk() as ana, here.desk() as again:
        receipt = ana.decide(pick_up(ana, ticket), option="approve")
        with pytest.raises(LeaseLost):
            again.undo(receipt)
        ana.undo(receipt)
        review = again.open(ticket.id)
        again.decide(review, option="change", parameters={"amount": 5.0})
        pass_time(here, UNDO_SECONDS)
        assert ana.release_due() == ()
        (released,) = again.release_due()
        assert released.verdict == "modify"


def test_an_approval_that_may_not_be_released_keeps_no_session_open(here: House) -> None:
    ticket, other = ask(here), ask(here, "other")
    with here.desk() as ana:
        session = ana.start_session()
        assert {one.id for one in session.items} == {ticket.id, other.id}
        ana.decide(ana.open(ticket.id), option="approve")
        ana.stop("refund-agent")
        pass_time(here, UNDO_SECONDS)
        assert ana.end_session(session).opened == 1
        assert ana.start_session().items != ()
    assert not answered_by_anybody(here, ticket)
