"""Whoever can write the database can stop work. They cannot make an action run.

Each attack is plain SQL with every guard dropped, as any program of the same user could send it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House, brief, house
from journey import UNDO_SECONDS, events, kinds, pass_time, pick_up, raw, settle
from overread_briefs import Action, action_sha256
from overread_briefs.decision import Envelope
from overread_queue.errors import (
    Forged,
    IntegrityError,
    LeaseLost,
    Replayed,
    StillPending,
    Tampered,
    TooEarly,
)
from overread_queue.models import Ticket
from overread_queue.store.driver import sqlite3
from overread_queue.trust.envelope import envelope_bytes, sign_envelope
from overread_queue.trust.keys import generate, load_private

GUARDS = (
    "run_moves",
    "run_is_final",
    "escalation_moves",
    "escalation_is_final",
    "payload_brief_is_fixed",
    "decision_is_fixed",
    "decision_stays",
    "event_follows",
    "event_is_fixed",
    "event_stays",
)
CLOSED = (
    "UPDATE escalation SET state = 'DECIDED', reviewer = NULL, lease_until = NULL,"
    " held_until = NULL, closed_at = 1 WHERE id = :id"
)
ANSWERED = "UPDATE run SET state = 'HUMAN_RESPONDED', holder = NULL, lease_until = NULL"
PLANT = (
    "INSERT OR REPLACE INTO decision (escalation, attempt, verdict, option, signer, nonce,"
    " envelope, signature, released_at)"
    " VALUES (:id, 1, 'approve', 'approve', 'ana', :nonce, :envelope, :signature, 1)"
)
DELIVER = "INSERT OR REPLACE INTO delivery (escalation, attempt, state) VALUES (:id, 1, 'pending')"


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


@pytest.fixture
def ticket(here: House) -> Ticket:
    with here.agent() as queue:
        return queue.submit(brief())


def attack(here: House, *statements: str, **values: object) -> None:
    with raw(here.path) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        for guard in GUARDS:
            db.execute(f"DROP TRIGGER IF EXISTS {guard}")
        for statement in statements:
            db.execute(statement, {name: values.get(name) for name in _parameters(statement)})


def _parameters(statement: str) -> set[str]:
    words = statement.replace(",", " ").replace(")", " ").replace("(", " ").split()
    return {word[1:] for word in words if word.startswith(":")}


def assert_refused(here: House, id: Ticket | str, error: type[IntegrityError]) -> None:
    """Neither poll nor wait nor resume hands anything out, and each refusal is written down."""
    before = kinds(here.path).count(f"refused:{error.__name__}")
    with here.agent() as queue:
        for call in (queue.poll, lambda one: queue.wait(one, timeout=0), queue.resume):
            with pytest.raises(error):
                call(id)
    refusals = [event for event in events(here.path) if event.kind == f"refused:{error.__name__}"]
    assert len(refusals) == before + 3
    assert refusals[-1].actor == "agent:refund-agent"


def plant(here: House, ticket: Ticket, envelope: bytes, signature: bytes) -> None:
    attack(
        here,
        PLANT,
        DELIVER,
        CLOSED,
        ANSWERED,
        id=ticket.id,
        nonce="f" * 32,
        envelope=envelope,
        signature=signature,
    )


def approval_of(here: House, ticket: Ticket, **changes: object) -> Envelope:
    """A true approval of another escalation, rewritten to be about this one."""
    with here.agent() as queue:
        other = queue.submit(brief(question="A small refund?", amount=1))
        settle(here, other, "approve")
        decision = queue.poll(other)
    assert decision is not None
    fields: dict[str, object] = {
        "escalation": ticket.id,
        "brief_sha256": ticket.brief_sha256,
        "action_sha256": ticket.action_sha256,
        **changes,
    }
    return decision.envelope.model_copy(update=fields)


def test_the_guards_stop_a_program_that_does_not_drop_them(here: House, ticket: Ticket) -> None:
    with raw(here.path) as db:
        for statement in (CLOSED, ANSWERED.replace("HUMAN_RESPONDED", "RESUMING")):
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(statement, {"id": ticket.id})
        names = {
            row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type='trigger'")
        }
    assert set(GUARDS) <= names


# -- the state columns


def test_a_state_that_says_decided_decides_nothing(here: House, ticket: Ticket) -> None:
    attack(here, CLOSED, ANSWERED, id=ticket.id)
    assert_refused(here, ticket, Forged)


def test_a_run_that_says_answered_hands_nothing_out(here: House, ticket: Ticket) -> None:
    attack(here, ANSWERED)
    with here.agent() as queue:
        assert queue.poll(ticket) is None
        with pytest.raises(StillPending):
            queue.resume(ticket)


# -- planted decisions


def test_a_decision_by_nobody(here: House, ticket: Ticket) -> None:
    envelope = envelope_bytes(approval_of(here, ticket))
    plant(here, ticket, envelope, b"")
    assert_refused(here, ticket, Forged)


def test_a_decision_signed_with_a_key_of_ones_own(here: House, ticket: Ticket) -> None:
    path = here.places.db.with_name("own-key")
    generate(path, "ana")
    envelope = approval_of(here, ticket)
    plant(here, ticket, envelope_bytes(envelope), sign_envelope(envelope, load_private(path)))
    assert_refused(here, ticket, Forged)


def test_a_true_signature_over_other_words(here: House, ticket: Ticket) -> None:
    envelope = approval_of(here, ticket)
    with raw(here.path) as db:
        signature = db.execute("SELECT signature FROM decision").fetchone()[0]
    plant(here, ticket, envelope_bytes(envelope), signature)
    assert_refused(here, ticket, Forged)


def test_the_desks_key_does_not_approve(here: House, ticket: Ticket) -> None:
    envelope = approval_of(here, ticket, reviewer="desk", role="desk")
    key = load_private(here.places.key("desk"))
    plant(here, ticket, envelope_bytes(envelope), sign_envelope(envelope, key))
    assert_refused(here, ticket, Forged)


def test_another_escalations_decision(here: House, ticket: Ticket) -> None:
    """A true approval, copied as it is to the place of another."""
    approval_of(here, ticket)
    with raw(here.path) as db:
        (true,) = db.execute("SELECT envelope, signature FROM decision").fetchall()
    plant(here, ticket, true["envelope"], true["signature"])
    assert_refused(here, ticket, Replayed)


def test_a_reviewer_of_another_pool_signs_in_vain(here: House, ticket: Ticket) -> None:
    """Sam is senior; with his true key he signs in a role that he does not hold."""
    envelope = approval_of(here, ticket, reviewer="sam")
    key = load_private(here.places.key("sam"))
    plant(here, ticket, envelope_bytes(envelope), sign_envelope(envelope, key))
    assert_refused(here, ticket, Forged)


def test_an_approval_that_claims_to_have_been_released_tomorrow(
    here: House, ticket: Ticket
) -> None:
    now = here.clock.now()
    envelope = approval_of(
        here, ticket, released_at=now + 3_600_000, expires_at=now + 7_200_000, decided_at=now
    )
    key = load_private(here.places.key("ana"))
    plant(here, ticket, envelope_bytes(envelope), sign_envelope(envelope, key))
    assert_refused(here, ticket, TooEarly)


# -- changed content

EDITS: dict[str, str] = {
    "another brief": "UPDATE payload SET brief = :brief",
    "a brief with its digest": "UPDATE payload SET brief = :brief",
    "no brief": "UPDATE payload SET brief = NULL",
    "a lower tier": "UPDATE escalation SET tier = 'notify', severity = 2",
    "another policy's digest": "UPDATE escalation SET policy_sha256 = :digest",
    "another action's digest": "UPDATE escalation SET action_sha256 = :digest",
}


@pytest.mark.parametrize("name", EDITS)
def test_content_changed_after_the_approval(here: House, ticket: Ticket, name: str) -> None:
    settle(here, ticket, "approve")
    other = brief(amount=9999).to_bytes()
    attack(here, EDITS[name], brief=other, digest="f" * 64)
    assert_refused(here, ticket.id, Tampered)
    assert_refused(here, ticket, Tampered)


def test_a_brief_changed_with_its_digests_is_seen_by_whoever_kept_the_ticket(
    here: House, ticket: Ticket
) -> None:
    """Before the approval: the reviewer would decide on other content than the agent sent."""
    with here.agent("ana-agent") as queue:
        bait = queue.submit(brief(agent="ana-agent", amount=9999))
    attack(
        here,
        "UPDATE payload SET brief = (SELECT brief FROM payload WHERE escalation = :bait)"
        " WHERE escalation = :id",
        "UPDATE escalation SET brief_sha256 = :brief_sha256, action_sha256 = :action_sha256"
        " WHERE id = :id",
        id=ticket.id,
        bait=bait.id,
        brief_sha256=bait.brief_sha256,
        action_sha256=bait.action_sha256,
    )
    settle(here, ticket, "approve")
    assert_refused(here, ticket, Tampered)


def test_a_brief_changed_before_the_review_is_not_shown(here: House, ticket: Ticket) -> None:
    attack(here, "UPDATE payload SET brief = :brief", brief=brief(amount=1).to_bytes())
    with here.desk() as ana:
        item = ana.claim(ticket.id)
        with pytest.raises(Tampered):
            ana.open(item)
    assert kinds(here.path)[-2:] == ["refused:Tampered", "released"]


def test_a_brief_changed_while_it_is_open_is_not_decided(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        attack(here, "UPDATE payload SET brief = :brief", brief=brief(amount=1).to_bytes())
        for option in ("approve", "reject"):
            with pytest.raises(Tampered):
                ana.decide(review, option=option, reason="as shown")
    assert not {"held", "decided"} & set(kinds(here.path))


def edited(amount: float, action_type: str = "payments.refund") -> bytes:
    parameters = brief().action.parameters | {"amount": amount}
    action = Action(type=action_type, parameters=parameters)
    return action.model_dump_json(by_alias=True, exclude_none=True).encode()


@pytest.mark.parametrize(
    "content",
    [edited(400.0), b"{}", b"not json", b"\xff", b"", None],
)
def test_a_changed_action_that_is_changed_again(
    here: House, ticket: Ticket, content: bytes | None
) -> None:
    settle(here, ticket, "change", parameters={"amount": 40.0})
    attack(here, "UPDATE payload SET edited_action = :content", content=content)
    assert_refused(here, ticket, Tampered)


def test_a_changed_action_is_the_proposed_one_with_other_parameters(
    here: House, ticket: Ticket
) -> None:
    """The signed digest covers no target and no compensation, so none are taken from the file."""
    settle(here, ticket, "change", parameters={"amount": 40.0})
    attack(here, "UPDATE payload SET edited_action = :content", content=edited(40.0, "mail.send"))
    with here.agent() as queue, queue.resume(ticket) as go:
        proposed = brief().action
        changed = {"parameters": proposed.parameters | {"amount": 40.0}}
        assert go.action == proposed.model_copy(update=changed)


def test_a_changed_action_planted_beside_an_approval_is_not_what_runs(
    here: House, ticket: Ticket
) -> None:
    settle(here, ticket, "approve")
    attack(here, "UPDATE payload SET edited_action = :content", content=edited(9999.0))
    with here.agent() as queue, queue.resume(ticket) as go:
        assert go.action == brief().action
        assert action_sha256(go.action) == ticket.action_sha256


def test_a_no_turned_into_a_yes_in_its_column(here: House, ticket: Ticket) -> None:
    """The column is for lists; the envelope says what was decided."""
    settle(here, ticket, "reject")
    attack(here, "UPDATE decision SET verdict = 'approve', option = 'approve'")
    with here.agent() as queue:
        decision = queue.poll(ticket)
        assert decision is not None
        assert decision.verdict == "reject"
        with pytest.raises(Exception, match="reject"):
            queue.resume(ticket)


# -- used decisions brought back


PENDING = "UPDATE delivery SET state = 'pending'"


@pytest.mark.parametrize("reset", [(PENDING,), (PENDING, ANSWERED)], ids=len)
def test_a_decision_that_was_carried_out_is_not_carried_out_again(
    here: House, ticket: Ticket, reset: tuple[str, ...]
) -> None:
    settle(here, ticket, "approve")
    with here.agent() as queue:
        with queue.resume(ticket):
            pass
        attack(here, *reset)
        with pytest.raises(Replayed):
            queue.resume(ticket)
    assert kinds(here.path)[-1] == "refused:Replayed"


def test_a_question_put_back_and_approved_again_is_carried_out_once(
    here: House, ticket: Ticket
) -> None:
    settle(here, ticket, "approve")
    with here.agent() as queue, queue.resume(ticket):
        pass
    attack(
        here,
        "DELETE FROM delivery",
        "DELETE FROM decision",
        "UPDATE escalation SET state = 'WAITING', closed_at = NULL",
        "UPDATE run SET state = 'PAUSED_PENDING_HUMAN'",
    )
    settle(here, ticket, "approve")
    with here.agent() as queue, pytest.raises(Replayed, match="another decision"):
        queue.resume(ticket)


# -- the reviewer's own transaction


def test_a_planted_trigger_cannot_turn_a_no_into_a_yes(here: House, ticket: Ticket) -> None:
    """While ana rejects one, a trigger copies her decision to another as an approval."""
    with here.agent() as queue:
        wanted = queue.submit(brief(question="A large refund?", amount=9999))
    attack(
        here,
        f"CREATE TRIGGER plant AFTER INSERT ON decision WHEN NEW.escalation <> '{wanted.id}' BEGIN"
        " INSERT INTO decision VALUES"
        f" ('{wanted.id}', 1, 'approve', 'approve', NEW.signer, NEW.nonce || 'x', NEW.envelope,"
        " NEW.signature, NEW.released_at);"
        " UPDATE escalation SET state = 'DECIDED', closed_at = 1, reviewer = NULL,"
        f" lease_until = NULL, held_until = NULL WHERE id = '{wanted.id}'; END",
    )
    settle(here, ticket, "reject")
    with here.agent() as queue:
        decision = queue.poll(ticket)
        assert decision is not None
        assert decision.verdict == "reject"
        for call in (queue.poll, queue.resume):
            with pytest.raises(Replayed):
                call(wanted)


def test_a_lease_taken_over_by_sql_decides_in_the_true_reviewers_name_only(
    here: House, ticket: Ticket
) -> None:
    with here.desk() as ana, here.desk("ben") as ben:
        review = pick_up(ana, ticket)
        ana.decide(review, option="approve")
        attack(here, "UPDATE escalation SET reviewer = 'ben'")
        pass_time(here, UNDO_SECONDS)
        assert ana.release_due() == ()
        assert ben.release_due() == ()
        with pytest.raises(LeaseLost):
            ana.decide(review, option="reject", reason="no")
    with here.agent() as queue:
        assert queue.poll(ticket) is None
