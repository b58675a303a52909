"""Who may decide on what: never one's own agents, lent roles for a while, named substitutes."""

from __future__ import annotations

import getpass
import json
from pathlib import Path

import pytest

from factories import POLICY, TYPES, House, brief, house
from journey import events, kinds, pass_time, pick_up, raw, settle
from overread_briefs import Compensation
from overread_queue import AgentQueue, LeadOffice, ReviewDesk
from overread_queue.doctor import examine
from overread_queue.errors import (
    Forged,
    InvalidRequest,
    NotAllowed,
    SelfApproval,
    Tampered,
)
from overread_queue.models import Ticket
from overread_queue.staffing import Staff
from overread_queue.states import Tier
from overread_queue.trust.keys import load_private
from overread_queue.trust.lending import Loan, folder, lend
from overread_queue.trust.people import Agent
from overread_queue.trust.roster import Roster, put_agent, put_reviewer

DAY = 86_400
SUBSTITUTE = """
[governance."payments.refund".hard_approval]
substitute = "senior"
"""


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


def staff(here: House, name: str) -> Staff:
    return Staff.open(here.path, reviewer=name, clock=here.clock)


def borrow(here: House, role: str, lender: str, borrower: str, *, days: float = 1) -> Loan:
    with staff(here, lender) as door:
        return door.lend(role, to=borrower, until=here.clock.now() + round(days * DAY) * 1000)


def ask(here: House, agent: str = "refund-agent", *, key: str = "k", **changes: object) -> Ticket:
    with here.agent(agent) as queue:
        return queue.submit(brief(agent=agent, **changes), key=key)  # type: ignore[arg-type]


def waiting(here: House, reviewer: str) -> tuple[str, ...]:
    with here.desk(reviewer) as desk:
        return desk.waiting_ids()


def role_of(here: House, ticket: Ticket) -> str:
    with here.agent() as queue:
        decision = queue.poll(ticket)
    assert decision is not None
    return decision.envelope.role


# -- one's own agents


@pytest.mark.parametrize("operator", ["ana", "Ana", "ANA"])
def test_an_operator_is_no_approver_however_the_name_is_written(here: House, operator: str) -> None:
    put_agent(here.places, Agent(name="bot", label="Bot", operator=operator, actions=TYPES))
    ticket = ask(here, "bot")
    assert ticket.id not in waiting(here, "ana")
    with here.desk("ana") as ana, pytest.raises(SelfApproval):
        ana.claim(ticket.id)
    settle(here, ticket, "approve", reviewer="ben")


def test_an_agents_agent_belongs_to_the_same_person(here: House) -> None:
    """Ana runs an agent, that one runs another, and so on: none of them is hers to approve."""
    for name, operator in (("second", "ana-agent"), ("third", "SECOND")):
        put_agent(here.places, Agent(name=name, label=name, operator=operator, actions=TYPES))
    ticket = ask(here, "third")
    with here.desk("ana") as ana, pytest.raises(SelfApproval):
        ana.claim(ticket.id)


def test_agents_that_run_each_other_belong_to_nobody(here: House) -> None:
    for name, operator in (("one", "two"), ("two", "one")):
        put_agent(here.places, Agent(name=name, label=name, operator=operator, actions=TYPES))
    with here.agent("one") as queue:
        ticket = ask(here, "one")
        assert settle(here, ticket, "approve").state == "recorded"
        decision = queue.poll(ticket)
    assert decision
    assert decision.envelope.reviewer == "ana"


def test_an_agent_that_comes_to_be_ones_own_cannot_use_an_earlier_approval(here: House) -> None:
    ticket = ask(here)
    settle(here, ticket, "approve")
    mine = Agent(name="refund-agent", label="R", operator="ana", actions=TYPES)
    put_agent(here.places, mine)
    with here.agent() as queue, pytest.raises(Forged, match="acts for ana"):
        queue.resume(ticket)


# -- each door


def test_no_door_has_what_is_not_its_users() -> None:
    doors: dict[type, set[str]] = {
        AgentQueue: {"decide", "claim", "confirm", "activate", "lift", "lend", "revoke"},
        ReviewDesk: {"submit", "resume", "revise", "activate", "lift", "lend", "revoke"},
        LeadOffice: {"decide", "claim", "submit", "resume", "lend"},
        Staff: {"decide", "claim", "submit", "resume", "activate", "lift"},
    }
    for door, others in doors.items():
        assert not others & set(dir(door)), door


@pytest.mark.parametrize("door", [ReviewDesk, LeadOffice, Staff])
def test_a_door_opens_for_its_own_user_only(
    here: House, door: type[ReviewDesk | LeadOffice | Staff]
) -> None:
    ana = Roster.load(here.places).reviewer("ana")
    put_reviewer(here.places, ana.model_copy(update={"user": ("ana-s-account",)}))
    for name, why in (("ana", "open the desk as yourself"), ("refund-agent", "is not a reviewer")):
        with pytest.raises(NotAllowed, match=why):
            door.open(here.path, reviewer=name, clock=here.clock)


def test_an_agent_cannot_open_as_a_reviewer(here: House) -> None:
    with pytest.raises(NotAllowed, match="not a registered agent"):
        here.agent("ana")


def test_two_users_of_one_account_must_say_who_they_are(here: House) -> None:
    with pytest.raises(NotAllowed, match=f"{getpass.getuser()} is ana and ben"):
        ReviewDesk.open(here.path, clock=here.clock)


# -- lent roles


def test_a_lent_role_decides_and_says_whose_it_is(here: House) -> None:
    ticket = ask(here)
    assert waiting(here, "sam") == ()
    borrow(here, "refunds", "ana", "sam")
    assert waiting(here, "sam") == (ticket.id,)
    settle(here, ticket, "approve", reviewer="sam")
    assert role_of(here, ticket) == "refunds:lent-by:ana"
    with here.agent() as queue, queue.resume(ticket) as go:
        assert go.decision.envelope.reviewer == "sam"


def test_lending_is_written_down(here: House) -> None:
    loan = borrow(here, "refunds", "ana", "sam")
    event = events(here.path)[-1]
    assert (event.kind, event.actor) == ("role_lent", "lead:ana")
    assert json.loads(event.detail) == loan.model_dump(exclude={"desk"})


def test_a_loan_ends_by_itself_and_what_was_decided_stays(here: House) -> None:
    ticket = ask(here)
    borrow(here, "refunds", "ana", "sam")
    settle(here, ticket, "reject", reviewer="sam")
    pass_time(here, DAY)
    second = ask(here, key="later")
    assert waiting(here, "sam") == ()
    with here.desk("sam") as sam, pytest.raises(NotAllowed, match="not among sam's pools"):
        sam.claim(second.id)
    assert role_of(here, ticket) == "refunds:lent-by:ana"


def test_a_loan_that_ends_inside_the_undo_window_signs_nothing(here: House) -> None:
    ticket = ask(here)
    borrow(here, "refunds", "ana", "sam", days=60 / DAY)
    sam = here.desk("sam")
    sam.decide(pick_up(sam, ticket), option="approve")
    pass_time(here, 60)
    with pytest.raises(NotAllowed, match="does not hold the role"):
        sam.close()
    with here.agent() as queue:
        assert queue.poll(ticket) is None


def test_a_lender_can_end_it_and_move_the_end(here: House) -> None:
    first = borrow(here, "refunds", "ana", "sam")
    pass_time(here, 60)
    longer = borrow(here, "refunds", "ana", "sam", days=3)
    assert (longer.since, longer.until > first.until) == (first.since, True)
    assert len(list(folder(here.places).iterdir())) == 1
    with staff(here, "ana") as ana:
        ana.lend("refunds", to="sam", until=0)
        ask(here)
        assert waiting(here, "sam") == ()
        with pytest.raises(InvalidRequest, match="ends in the future"):
            ana.lend("refunds", to="sam", until=0)


def test_what_is_borrowed_is_not_lent_on(here: House) -> None:
    borrow(here, "refunds", "ana", "sam")
    with staff(here, "sam") as sam, pytest.raises(NotAllowed, match="only somebody who holds"):
        sam.lend("refunds", to="olga", until=here.clock.now() + 60_000)


def test_nobody_lends_what_is_not_theirs_or_to_nobody(here: House) -> None:
    until = here.clock.now() + 60_000
    with staff(here, "ana") as ana:
        with pytest.raises(NotAllowed, match="only somebody who holds"):
            ana.lend("owner", to="sam", until=until)
        with pytest.raises(InvalidRequest, match="cannot borrow it"):
            ana.lend("refunds", to="ana", until=until)
        with pytest.raises(NotAllowed, match="is not a reviewer"):
            ana.lend("refunds", to="refund-agent", until=until)
    assert not folder(here.places).exists()


@pytest.mark.parametrize(("lender", "borrower"), [("ana", "sam"), ("ben", "ana")])
def test_a_loan_never_counts_for_an_agent_of_either(
    here: House, lender: str, borrower: str
) -> None:
    """Ana runs ana-agent: neither does she lend her way around that, nor borrow it."""
    ticket = ask(here, "ana-agent")
    borrow(here, "refunds", lender, borrower)
    assert ticket.id not in waiting(here, borrower)
    with here.desk(borrower) as desk, pytest.raises(NotAllowed):
        desk.claim(ticket.id)


def test_a_lender_who_leaves_takes_the_loan_along(here: House) -> None:
    ticket = ask(here)
    borrow(here, "refunds", "ana", "sam")
    with staff(here, "olga") as olga, pytest.raises(NotAllowed, match="ask a lead"):
        olga.revoke("ana")
    ana = Roster.load(here.places).reviewer("ana")
    put_reviewer(here.places, ana.model_copy(update={"revoked_at": here.clock.now()}))
    assert ticket.id not in waiting(here, "sam")


def test_a_loan_that_the_lender_did_not_sign_lends_nothing(here: House) -> None:
    """Whoever writes the folder writes the file; only ana's key makes it hers."""
    ticket, now = ask(here), here.clock.now()
    desk = Roster.load(here.places).desk.id
    terms = {"role": "refunds", "borrower": "sam", "since": now, "until": now + 60_000}
    loans = (
        (Loan(desk=desk, lender="ana", **terms), "sam"),
        (Loan(desk="another-desk", lender="ana", **terms), "ana"),
        (Loan(desk=desk, lender="olga", **terms), "olga"),
    )
    for loan, signer in loans:
        lend(here.places, loan, load_private(here.places.key(signer)))
        assert waiting(here, "sam") == ()
        (path,) = folder(here.places).iterdir()
        faults = [one.text for one in examine(here.path) if one.name == "loans"]
        assert faults == [f"{path} is by nobody who could lend; delete it"]
        path.unlink()
    borrow(here, "refunds", "ana", "sam")
    (path,) = folder(here.places).iterdir()
    path.write_text(path.read_text().replace("refunds", "owner"))
    assert waiting(here, "sam") == ()
    path.write_text("{")
    assert waiting(here, "sam") == ()
    with here.desk("sam") as sam, pytest.raises(NotAllowed):
        sam.claim(ticket.id)


def test_a_decision_in_a_role_that_was_never_lent_is_forged(here: House) -> None:
    """Sam's own key, and a loan that is gone when the agent looks."""
    ticket = ask(here)
    borrow(here, "refunds", "ana", "sam")
    settle(here, ticket, "approve", reviewer="sam")
    for path in folder(here.places).iterdir():
        path.unlink()
    with here.agent() as queue, pytest.raises(Forged, match="does not hold the role"):
        queue.resume(ticket)
    assert "refused:Forged" in kinds(here.path, ticket.id)


# -- substitutes


def test_a_named_substitute_works_the_pool_it_stands_in_for(tmp_path: Path) -> None:
    here = house(tmp_path, policy=POLICY + SUBSTITUTE)
    ticket = ask(here)
    mail = ask(here, key="mail", action_type="mail.send")
    assert waiting(here, "sam") == (ticket.id,)
    with here.desk("sam") as sam:
        assert sam.waiting_ids("Refund") == (ticket.id,)
        with pytest.raises(NotAllowed, match="not among sam's pools"):
            sam.claim(mail.id)
        assert [item.id for item in sam.start_session().items] == [ticket.id]
        assert sam.overview().mine == 1
    settle(here, ticket, "approve", reviewer="sam")
    assert role_of(here, ticket) == "senior"
    with here.agent() as queue, queue.resume(ticket):
        pass


def test_without_a_named_substitute_seniors_wait_for_their_turn(here: House) -> None:
    ask(here)
    assert waiting(here, "sam") == ()


def test_a_substitute_stands_in_only_where_the_item_began(tmp_path: Path) -> None:
    """Once it has moved on, it is the other pool's."""
    here = house(tmp_path, policy=POLICY + SUBSTITUTE.replace("senior", "refunds", 1))
    ticket = ask(here)
    with here.desk("ana") as ana:
        ana.hand_on(ana.claim(ticket.id), reason="above my head")
    assert ticket.id not in waiting(here, "ben")
    assert waiting(here, "sam") == (ticket.id,)


def test_a_substitute_never_stands_in_for_their_own_agent(tmp_path: Path) -> None:
    here = house(tmp_path, policy=POLICY + SUBSTITUTE)
    put_agent(here.places, Agent(name="sam-bot", label="S", operator="sam", actions=TYPES))
    ticket = ask(here, "sam-bot")
    assert waiting(here, "sam") == ()
    with here.desk("sam") as sam, pytest.raises(SelfApproval):
        sam.claim(ticket.id)


def test_the_database_cannot_lend_a_role(here: House) -> None:
    """Moving an item into another pool gives nobody its role in the agent's eyes."""
    ticket = ask(here)
    with raw(here.path) as db:
        db.execute("UPDATE escalation SET pool = 'owners' WHERE id = :id", {"id": ticket.id})
    settle(here, ticket, "approve", reviewer="olga")
    with here.agent() as queue:
        decision = queue.poll(ticket)
    assert decision is not None
    assert decision.envelope.role == "owner", "a role that the policy lets decide, and says so"


@pytest.mark.parametrize("kind", ["audit", "soft_review"])
def test_an_approval_is_not_passed_off_as_a_look_at_what_was_done(here: House, kind: str) -> None:
    """Otherwise "it was right", which asks little of a reviewer, would be an approval."""
    ticket = ask(here)
    with raw(here.path) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("UPDATE escalation SET kind = :kind", {"kind": kind})
    with here.desk("ana") as ana, pytest.raises(Tampered, match="which cannot be"):
        pick_up(ana, ticket)


def test_a_look_at_what_was_done_never_becomes_an_approval(tmp_path: Path) -> None:
    listing = '"Hide a listing"\nimpact = '
    milder = POLICY.replace(f'{listing}"high"', f'{listing}"medium"')
    here = house(tmp_path, policy=milder)
    hide = brief(action_type="content.hide")
    back = Compensation(type="content.show", parameters={})
    action = hide.action.model_copy(update={"reversibility": "compensable", "compensation": back})
    with here.agent() as queue:
        ticket = queue.submit(hide.model_copy(update={"action": action}))
    assert ticket.tier is Tier.SOFT_REVIEW
    settle(here, ticket, "confirm")
    with raw(here.path) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("UPDATE escalation SET kind = 'approval'")
    with here.agent() as queue, pytest.raises(Tampered, match="which cannot be"):
        queue.resume(ticket)
