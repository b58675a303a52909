"""A reviewer decides on what was submitted, by the rules in the trust folder, and signs that alone.

The database is altered before, during and after the look; nothing of it gets into the signature.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from attacker import refusals, used, write
from factories import POLICY, House, brief, house
from frictionless import FRICTIONLESS
from journey import UNDO_SECONDS, kinds, pass_time, pick_up, row
from overread_briefs import Action
from overread_queue.errors import (
    Halted,
    LeaseLost,
    MoveRefused,
    NotAllowed,
    NotFound,
    StillPending,
    Tampered,
    TooSoon,
)
from overread_queue.models import Ticket
from overread_queue.office import LeadOffice
from overread_queue.policy.load import policy_sha256
from overread_queue.states import EscalationState

E = EscalationState
Do = Callable[[House, Ticket], None]


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


@pytest.fixture
def ticket(here: House) -> Ticket:
    with here.agent() as queue:
        return queue.submit(brief())


def sql(*statements: str, **values: object) -> Do:
    return lambda here, ticket: write(here, *statements, id=ticket.id, **values)


def praised(here: House, ticket: Ticket) -> None:
    """A recommendation that the agent never gave."""
    plain = brief(recommendation=False).to_bytes()
    assert plain != brief().to_bytes()
    write(here, "UPDATE payload SET brief = :brief", brief=plain)


LAX = POLICY.replace('undo = "10s"', 'undo = "0s"').encode()
CONTENT: dict[str, Do] = {
    "another brief": sql("UPDATE payload SET brief = :b", b=brief(amount=1).to_bytes()),
    "another recommendation": praised,
    "no brief": sql("UPDATE payload SET brief = NULL"),
    "a brief that is none": sql("UPDATE payload SET brief = x'7b7d'"),
    "another action's digest": sql("UPDATE escalation SET action_sha256 = :d", d="f" * 64),
    "another brief's digest": sql("UPDATE escalation SET brief_sha256 = :d", d="f" * 64),
    "a lower tier": sql(
        "UPDATE escalation SET tier = 'soft_review', severity = 3, kind = 'soft_review'"
    ),
    "a soft review in name": sql("UPDATE escalation SET kind = 'soft_review'"),
    "an audit in name": sql("UPDATE escalation SET kind = 'audit'"),
    "a policy that was never in force": sql(
        "INSERT INTO policy (sha256, body, seen_at) VALUES (:sha256, :body, 1)",
        "UPDATE escalation SET policy_sha256 = :sha256",
        sha256=policy_sha256(LAX),
        body=LAX,
    ),
}


@pytest.mark.parametrize("name", CONTENT)
def test_what_was_altered_is_not_opened(here: House, ticket: Ticket, name: str) -> None:
    CONTENT[name](here, ticket)
    with here.desk() as ana:
        item = ana.claim(ticket.id)
        with pytest.raises(Tampered):
            ana.open(item)
    assert "refused:Tampered" in kinds(here.path)


@pytest.mark.parametrize("name", CONTENT)
@pytest.mark.parametrize("option", ["approve", "reject"])
def test_what_is_altered_while_it_is_open_is_not_decided(
    here: House, ticket: Ticket, name: str, option: str
) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        CONTENT[name](here, ticket)
        with pytest.raises(Tampered):
            ana.decide(review, option=option, reason="as shown")
    assert not {"held", "decided"} & set(kinds(here.path))
    assert not used(here)


@pytest.mark.parametrize("name", CONTENT)
def test_what_is_altered_while_it_is_held_is_not_signed(
    here: House, ticket: Ticket, name: str
) -> None:
    with here.desk() as ana:
        ana.decide(pick_up(ana, ticket), option="approve")
        CONTENT[name](here, ticket)
        pass_time(here, UNDO_SECONDS)
        with pytest.raises(Tampered):
            ana.release_due()
    assert "decided" not in kinds(here.path)


HELD: dict[str, Do] = {
    "the draft's option": sql("UPDATE review SET option = 'reject'"),
    "the draft's parameters": sql("""UPDATE review SET parameters = '{"amount": 1}'"""),
    "the draft's reason": sql("UPDATE review SET reason = 'because'"),
    "an action beside it": sql(
        "UPDATE payload SET edited_action = :a",
        a=Action(type="mail.send").model_dump_json().encode(),
    ),
}


@pytest.mark.parametrize("name", HELD)
def test_what_was_chosen_is_signed_whatever_the_draft_says(
    here: House, ticket: Ticket, name: str
) -> None:
    with here.desk() as ana:
        ana.decide(pick_up(ana, ticket), option="change", parameters={"amount": 40.0})
        HELD[name](here, ticket)
        pass_time(here, UNDO_SECONDS)
        ana.release_due()
    with here.agent() as queue, queue.resume(ticket) as go:
        assert go.action.parameters["amount"] == 40.0
        assert go.action.type == "payments.refund"


def test_the_undo_window_is_not_cut_short(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        receipt = ana.decide(pick_up(ana, ticket), option="approve")
        write(here, "UPDATE escalation SET held_until = 1")
        assert ana.release_due() == ()
        write(here, "UPDATE escalation SET held_until = :at", at=here.clock.now() + 10_000)
        ana.undo(receipt)
    assert refusals(here, ticket.id) == {StillPending}


@pytest.mark.parametrize("state", [E.HELD, E.DECIDED])
def test_an_approval_that_was_undone_stays_undone(here: House, ticket: Ticket, state: E) -> None:
    """The window is over and the lease lives, as if nobody had taken it back."""
    with here.desk() as ana:
        ana.undo(ana.decide(pick_up(ana, ticket), option="approve"))
        closed = state is E.DECIDED
        write(
            here,
            "UPDATE escalation SET state = :state, held_until = :held, closed_at = :closed,"
            " reviewer = :who, lease_until = :lease",
            state=state.value,
            held=None if closed else 1,
            closed=1 if closed else None,
            who=None if closed else "ana",
            lease=None if closed else here.clock.now() + 3_600_000,
        )
        pass_time(here, UNDO_SECONDS)
        assert ana.release_due() == ()
    assert not used(here)
    assert StillPending in refusals(here, ticket.id) or closed


STOLEN: dict[str, Do] = {
    "the lease": sql("UPDATE escalation SET reviewer = 'ben'"),
    "the fence": sql("UPDATE escalation SET fence = fence + 1"),
    "the lease's end": sql("UPDATE escalation SET lease_until = 1"),
    "the look": sql("UPDATE review SET closed_at = 1, outcome = 'released'"),
    "the look's owner": sql("UPDATE review SET reviewer = 'ben'"),
    "the item": sql(
        "UPDATE escalation SET state = 'WITHDRAWN', closed_at = 1, reviewer = NULL,"
        " lease_until = NULL"
    ),
}


@pytest.mark.parametrize("name", STOLEN)
def test_whoever_lost_it_decides_nothing(here: House, ticket: Ticket, name: str) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        STOLEN[name](here, ticket)
        with pytest.raises((LeaseLost, MoveRefused, NotFound)):
            ana.decide(review, option="approve")
    assert not {"held", "decided"} & set(kinds(here.path))


def test_a_session_that_was_stolen_decides_in_nobodys_name(here: House, ticket: Ticket) -> None:
    with here.desk() as ana, here.desk("ben") as ben:
        session = ana.start_session()
        write(here, "UPDATE session SET reviewer = 'ben'", "UPDATE escalation SET reviewer = 'ben'")
        assert ana.heartbeat(session) == ()
        review = ben.open(ticket.id)
        ben.decide(review, option="approve")
        pass_time(here, UNDO_SECONDS)
        (receipt,) = ben.release_due()
    with here.agent() as queue:
        decision = queue.poll(ticket)
        assert decision is not None
        assert decision.envelope.reviewer == "ben", "who pressed the key is who signed"
    assert receipt.state == "recorded"


def test_minutes_that_nobody_spent_are_not_counted(tmp_path: Path) -> None:
    strict = POLICY.replace(
        FRICTIONLESS, '\n[friction]\nwithhold_from = "never"\nwithhold_fraction = 0\n'
    )
    assert strict != POLICY
    here = house(tmp_path, policy=strict)
    with here.agent() as queue:
        ticket = queue.submit(brief())
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        write(here, "UPDATE review SET active_ms = 3600000")
        pass_time(here, 1)
        with pytest.raises(TooSoon):
            ana.decide(review, option="approve")
    assert row(here.path, ticket.id).state is not E.HELD


# -- stopped


def stopped(here: House) -> None:
    with here.desk() as ana:
        ana.stop("refund-agent", reason="it repeats itself")


STARTED: dict[str, tuple[str, ...]] = {
    "the row is gone": ("DELETE FROM halt",),
    "the row says lifted": ("UPDATE halt SET lifted_at = 1, lifted_by = 'lea'",),
    "the row names another": ("UPDATE halt SET agent = 'ana-agent'",),
}


@pytest.mark.parametrize("name", STARTED)
def test_who_was_stopped_stays_stopped(here: House, ticket: Ticket, name: str) -> None:
    stopped(here)
    write(here, *STARTED[name])
    assert refusals(here, ticket) == {Halted}
    with here.agent() as queue, pytest.raises(Halted):
        queue.submit(brief(amount=2))


def test_no_row_makes_anybody_a_lead(here: House) -> None:
    stopped(here)
    write(here, "UPDATE event SET actor = 'lead:ana'", "UPDATE halt SET by = 'lea'")
    door = LeadOffice.open(here.path, reviewer="ana", clock=here.clock)
    with door as office, pytest.raises(NotAllowed, match="lead"):
        office.lift("refund-agent")
