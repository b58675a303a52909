"""From a choice to a signed decision: held, undone, released, changed, refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from factories import House, brief, default_options, house
from journey import (
    LEASE_SECONDS,
    UNDO_SECONDS,
    escalation_moves,
    events,
    kinds,
    pass_time,
    pick_up,
    raw,
    row,
    settle,
)
from overread_briefs import Action, Option, action_sha256
from overread_queue.errors import InvalidRequest, LeaseLost, MoveRefused, NotFound, Tampered
from overread_queue.models import Draft, Ticket
from overread_queue.states import EscalationState, RunState

E = EscalationState


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


def asked(here: House, *, action_type: str = "payments.refund", amount: float = 420.0) -> Ticket:
    with here.agent() as queue:
        return queue.submit(brief(action_type=action_type, amount=amount))


# -- held, undone, released


def test_an_approval_is_held_then_signed(here: House) -> None:
    ticket = asked(here)
    with here.desk() as ana:
        receipt = ana.decide(pick_up(ana, ticket), option="approve")
        assert (receipt.state, receipt.verdict) == ("held", "approve")
        assert receipt.release_at == here.clock.now() + UNDO_SECONDS * 1000
        decided_at = here.clock.now()
        pass_time(here, UNDO_SECONDS)
        (released,) = ana.release_due()
        assert (released.state, released.escalation) == ("recorded", ticket.id)
        assert ana.release_due() == ()
    with here.agent() as queue:
        decision = queue.poll(ticket)
    assert decision is not None
    assert decision.envelope.decided_at == decided_at
    assert decision.envelope.released_at == decided_at + UNDO_SECONDS * 1000
    assert (decision.envelope.reviewer, decision.envelope.role) == ("ana", "refunds")


def test_an_undo_brings_it_back_with_the_choice_kept(here: House) -> None:
    ticket = asked(here)
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        receipt = ana.decide(review, option="approve", reason="signature on file")
        pass_time(here, UNDO_SECONDS - 1)
        item = ana.undo(receipt)
        assert item.fence == review.item.fence
        again = ana.open(item)
        assert again.draft == Draft("approve", None, "signature on file")
        ana.decide(again, option="reject", reason="not his signature")
        with pytest.raises(MoveRefused):
            ana.undo(receipt)
    with here.agent() as queue:
        decision = queue.poll(ticket)
    assert decision is not None
    assert decision.verdict == "reject"
    assert kinds(here.path, ticket.id) == [
        "submitted",
        "claimed",
        "opened",
        "held",
        "undone",
        "decided",
        "refused:MoveRefused",
    ]


def test_after_the_window_there_is_no_undo(here: House) -> None:
    ticket = asked(here)
    with here.desk() as ana:
        receipt = ana.decide(pick_up(ana, ticket), option="approve")
        pass_time(here, UNDO_SECONDS)
        with pytest.raises(LeaseLost):
            ana.undo(receipt)
        ana.release_due()
        with pytest.raises(MoveRefused):
            ana.undo(receipt)


def test_a_console_that_dies_while_holding_leaves_a_draft_and_no_decision(here: House) -> None:
    ticket = asked(here)
    dead = here.desk()
    dead.decide(
        pick_up(dead, ticket), option="change", parameters={"amount": 40.0}, reason="one of two"
    )
    pass_time(here, UNDO_SECONDS + LEASE_SECONDS)
    with here.desk() as ana, here.desk("ben") as ben:
        assert ana.release_due() == ()
        assert ana.sweep() == 1
        assert ben.sweep() == 0
        assert pick_up(ben, ticket).draft is None
        ben.release(ticket.id)
        assert pick_up(ana, ticket).draft == Draft("change", {"amount": 40.0}, "one of two")
    with here.agent() as queue:
        assert queue.poll(ticket) is None
    assert (E.HELD, E.WAITING) in escalation_moves(here.path)
    assert "refused:LeaseLost" not in kinds(here.path)


def test_the_choice_that_is_signed_is_the_latest_whatever_the_clock_says(here: House) -> None:
    """A clock that jumped back between two looks must not bring the first look's draft back."""
    ticket = asked(here)
    pass_time(here, 2 * 3600)
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        ana.undo(ana.decide(review, option="change", parameters={"amount": 400.0}))
        ana.release(ticket.id)
        pass_time(here, -3600)
        ana.decide(pick_up(ana, ticket), option="change", parameters={"amount": 5.0})
        pass_time(here, UNDO_SECONDS)
        assert len(ana.release_due()) == 1
    with here.agent() as queue:
        decision = queue.poll(ticket)
    assert decision is not None
    assert decision.action.parameters["amount"] == 5.0


def test_one_poisoned_item_does_not_keep_the_others_held(here: House) -> None:
    tickets = [asked(here, amount=amount) for amount in (1, 2, 3)]
    with here.desk() as ana:
        for ticket in tickets:
            ana.decide(pick_up(ana, ticket), option="approve")
        _change_brief(here, tickets[0])
        pass_time(here, UNDO_SECONDS)
        with pytest.raises(Tampered):
            ana.release_due()
        assert [row(here.path, one.id).state for one in tickets] == [E.HELD, E.DECIDED, E.DECIDED]
        pass_time(here, LEASE_SECONDS)
        ana.sweep()
        assert row(here.path, tickets[0].id).state is E.WAITING
        with pytest.raises(Tampered):
            pick_up(ana, tickets[0])


def _change_brief(here: House, ticket: Ticket) -> None:
    with raw(here.path) as db:
        db.execute("DROP TRIGGER payload_brief_is_fixed")
        other = brief(amount=9999).to_bytes()
        db.execute("UPDATE payload SET brief = ? WHERE escalation = ?", (other, ticket.id))


@pytest.mark.parametrize(
    ("option", "verdict"),
    [("reject", "reject"), ("need-info", "need_info")],
)
def test_other_verdicts_are_recorded_at_once(here: House, option: str, verdict: str) -> None:
    ticket = asked(here)
    with here.desk() as ana:
        receipt = ana.decide(pick_up(ana, ticket), option=option, reason="who signed?")
        assert (receipt.state, receipt.verdict) == ("recorded", verdict)
    with here.agent() as queue:
        decision = queue.wait(ticket, timeout=0)
        assert decision is not None
        assert (decision.verdict, decision.reason) == (verdict, "who signed?")
        assert queue.status(ticket).run_state is RunState.HUMAN_RESPONDED


def test_a_closed_review_decides_nothing_more(here: House) -> None:
    ticket = asked(here)
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        ana.decide(review, option="reject", reason="no")
        with pytest.raises(MoveRefused):
            ana.decide(review, option="approve")
        with pytest.raises(NotFound):
            ana.decide(replace(review, id="no-such-review"), option="approve")
    assert kinds(here.path).count("decided") == 1


def test_while_it_is_held_there_is_no_second_choice(here: House) -> None:
    ticket = asked(here)
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        ana.decide(review, option="approve")
        for option in ("approve", "reject"):
            with pytest.raises(LeaseLost):
                ana.decide(review, option=option, reason="twice")
        with pytest.raises(LeaseLost):
            ana.release(review.item)
        pass_time(here, UNDO_SECONDS)
        (receipt,) = ana.release_due()
    assert receipt.verdict == "approve"


# -- hard stop


def test_a_hard_stop_offers_no_approval(here: House) -> None:
    ticket = asked(here, action_type="data.erase")
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        assert [one.key for one in review.options] == [
            "take-over",
            "hand-back",
            "abandon",
            "hand-on",
        ]
        for option in ("approve", "change"):
            with pytest.raises(InvalidRequest, match="take-over, hand-back, abandon"):
                ana.decide(review, option=option, parameters={"amount": 1.0})
        receipt = ana.decide(review, option="take-over")
        assert (receipt.verdict, receipt.state) == ("taken_over", "recorded")


@pytest.mark.parametrize(("option", "verdict"), [("hand-back", "need_info"), ("abandon", "reject")])
def test_a_stopped_task_is_handed_back_or_abandoned(here: House, option: str, verdict: str) -> None:
    ticket = asked(here, action_type="data.erase")
    settle(here, ticket, option, reason="ask the owner first")
    with here.agent() as queue:
        assert queue.acknowledge(ticket).verdict == verdict


# -- modify


def test_a_change_is_bound_to_the_changed_action(here: House) -> None:
    ticket = asked(here)
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        shown = ana.preview(review, "change", {"amount": 40.0})
        ana.release(ticket.id)
    settle(here, ticket, "change", parameters={"amount": 40.0})
    with here.agent() as queue, queue.resume(ticket) as go:
        assert go.action == shown
        assert go.action.parameters == {"order": "A-1009", "amount": 40.0, "currency": "USD"}
        assert go.decision.verdict == "modify"
        assert go.decision.envelope.action_sha256 == action_sha256(shown) != ticket.action_sha256


@pytest.mark.parametrize(
    ("option", "parameters", "words"),
    [
        ("change", {"amount": 421.0}, "420"),
        ("change", {"amount": 0}, "0.01"),
        ("change", {"amount": "40"}, "number"),
        ("change", {"order": "A-1010"}, "order"),
        ("change", {"iban": "DE00"}, "iban"),
        ("change", {"amount": 420.0}, "approve it instead"),
        ("change", None, "which parameters"),
        ("change", {}, "which parameters"),
        ("approve", {"amount": 40.0}, "changes no parameters"),
        ("reject", {"amount": 40.0}, "changes no parameters"),
        ("no-such-option", None, "approve, change, reject"),
    ],
)
def test_a_change_that_is_not_permitted_is_refused_in_words(
    here: House, option: str, parameters: dict[str, object] | None, words: str
) -> None:
    ticket = asked(here)
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        with pytest.raises(InvalidRequest, match=words):
            ana.preview(review, option, parameters)
        with pytest.raises(InvalidRequest, match=words):
            ana.decide(review, option=option, parameters=parameters, reason="because")
    assert row(here.path, ticket.id).state is E.WAITING


def test_a_ready_made_change_needs_no_typing(here: House) -> None:
    half = Option(
        key="half",
        label="Refund half",
        kind="modify",
        consequence="agent issues $210.00",
        patch={"amount": 210.0},
    )
    with here.agent() as queue:
        ticket = queue.submit(brief(options=(*default_options()[:1], half)))
        settle(here, ticket, "half")
        with queue.resume(ticket) as go:
            assert go.action.parameters["amount"] == 210.0
            assert isinstance(go.action, Action)


# -- words


@pytest.mark.parametrize("option", ["reject", "need-info", "hand-on"])
@pytest.mark.parametrize("reason", ["", "  \n", "x" * 2001])
def test_a_no_has_its_reason(here: House, option: str, reason: str) -> None:
    ticket = asked(here)
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        with pytest.raises(InvalidRequest, match=r"reason|question"):
            ana.decide(review, option=option, reason=reason)
        assert row(here.path, ticket.id).state is E.CLAIMED


def test_an_approval_needs_none(here: House) -> None:
    ticket = asked(here)
    settle(here, ticket, "approve", reason="")
    with here.agent() as queue:
        assert queue.poll(ticket) is not None


def test_what_the_reviewer_wrote_stays_out_of_the_chain(here: House) -> None:
    """Events hold ids, digests and numbers: text for people can be erased, the chain cannot."""
    ticket = asked(here)
    settle(here, ticket, "reject", reason="Mrs Keller told me so")
    assert all("Keller" not in event.detail for event in events(here.path))
    with raw(here.path) as db:
        assert db.execute("SELECT reason FROM payload").fetchone()[0] == "Mrs Keller told me so"


def test_the_event_names_the_envelope_that_was_signed(here: House) -> None:
    ticket = asked(here)
    settle(here, ticket, "reject")
    (decided,) = [event for event in events(here.path) if event.kind == "decided"]
    detail = json.loads(decided.detail)
    assert (detail["verdict"], detail["option"]) == ("reject", "reject")
    assert decided.actor == "reviewer:ana"
    with here.agent() as queue:
        decision = queue.poll(ticket.id)
    assert decision is not None
    heads = {event.hash for event in events(here.path) if event.seq < decided.seq}
    assert decision.envelope.audit_head in heads
