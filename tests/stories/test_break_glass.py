"""Break glass: possible only where the policy says so, never quietly, and never for one's own."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

import command
from factories import POLICY, TYPES, House, brief, house
from journey import assert_chain_whole, events, pick_up, raw, settle
from overread_console.flow.desk_view import desk_lines, view_of
from overread_queue import LeadOffice
from overread_queue.errors import (
    Forged,
    InvalidRequest,
    MoveRefused,
    NotAllowed,
    NotFound,
    SelfApproval,
)
from overread_queue.models import Ticket
from overread_queue.setup import add_reviewer
from overread_queue.trust.people import Agent, Reviewer
from overread_queue.trust.roster import Roster, put_agent, put_reviewer

ALONE = POLICY.replace("[settings]", "[settings]\nbreak_glass = true")
TWO = '\n[governance."payments.refund".hard_approval]\ndual = true\n'
WHY = "the bank closes in ten minutes and nobody else is in"


@pytest.fixture(params=["", TWO], ids=["one person", "two people"])
def here(tmp_path: Path, request: pytest.FixtureRequest) -> House:
    """A desk with the leads lea and max, who work no pool."""
    return desk_with_leads(tmp_path, ALONE + request.param)


def desk_with_leads(folder: Path, policy: str) -> House:
    desk = house(folder, policy=policy)
    for name in ("lea", "max"):
        person = Reviewer(name=name, label=name, roles=("lead",), user=(getpass.getuser(),))
        add_reviewer(desk.places, person)
    return desk


def office(here: House, name: str = "lea") -> LeadOffice:
    return LeadOffice.open(here.path, reviewer=name, clock=here.clock)


def ask(here: House, agent: str = "refund-agent") -> Ticket:
    with here.agent(agent) as queue:
        return queue.submit(brief(agent=agent))


def broken(here: House, reason: str = WHY) -> Ticket:
    ticket = ask(here)
    with office(here) as lea:
        lea.break_glass(ticket.id, reason=reason)
    return ticket


def shown(here: House, reviewer: str) -> str:
    """The desk as a reviewer of any pool has it before them."""
    with here.desk(reviewer) as desk:
        lines = desk_lines(view_of(desk), here.clock.now(), filtered=False)
        return "\n".join("".join(span.text for span in line) for line in lines)


def test_a_lead_decides_alone_and_the_agent_can_act(here: House) -> None:
    ticket = broken(here)
    settle(here, ticket, "approve", reviewer="lea")
    with here.agent() as queue, queue.resume(ticket) as go:
        assert go.decision.envelope.reviewer == "lea"
        assert go.decision.envelope.role == "lead:break-glass"
    assert_chain_whole(here.path)


def test_it_comes_in_a_session_and_nothing_else_does(here: House) -> None:
    with here.agent() as queue:
        queue.submit(brief(amount=9), key="another")
    ticket = broken(here)
    with here.desk("lea") as lea:
        assert [item.id for item in lea.start_session().items] == [ticket.id]
    with here.desk("max") as other:
        assert other.start_session().items == ()


def test_everybody_sees_it_until_another_lead_has_looked(here: House) -> None:
    ticket = broken(here)
    settle(here, ticket, "approve", reviewer="lea")
    for reviewer in ("ana", "olga", "max"):
        told = next(one for one in shown(here, reviewer).splitlines() if "Glass broken" in one)
        assert "lea decides alone: Refund" in told
        assert told.endswith(" · no other lead has looked")
        assert len(told) <= 80
    with office(here) as lea, pytest.raises(NotAllowed, match="another lead has to look"):
        lea.look_at(ticket.id)
    with office(here, "max") as other:
        other.look_at(ticket.id)
        with pytest.raises(NotFound, match="broken glass"):
            other.look_at(ticket.id)
    assert "Glass broken" not in shown(here, "ana")
    told = [(e.kind, e.actor) for e in events(here.path, ticket.id) if "glass" in e.kind]
    assert told == [("glass_broken", "lead:lea"), ("glass_seen", "lead:max")]


def test_the_reason_travels_with_the_item(here: House) -> None:
    ticket = broken(here)
    with here.desk("lea") as lea:
        (comment,) = pick_up(lea, ticket).comments
    assert (comment.author, comment.text) == ("lea", WHY)


@pytest.mark.parametrize("reason", ["", "   \n"])
def test_without_a_reason_nothing_breaks(here: House, reason: str) -> None:
    with pytest.raises(InvalidRequest, match="say why"):
        broken(here, reason)
    assert "Glass broken" not in shown(here, "ana")


def test_once_another_lead_is_there_it_is_over(here: House) -> None:
    ticket = broken(here)
    with office(here, "max") as other:
        other.look_at(ticket.id)
    with here.desk("lea") as lea, pytest.raises(NotAllowed, match="not among lea's pools"):
        lea.claim(ticket.id)


def test_nobody_breaks_it_for_their_own_agent(here: House) -> None:
    put_agent(here.places, Agent(name="lea-bot", label="L", operator="lea", actions=TYPES))
    ticket = ask(here, "lea-bot")
    with office(here) as lea, pytest.raises(SelfApproval):
        lea.break_glass(ticket.id, reason=WHY)


def test_only_a_lead_breaks_it(here: House) -> None:
    ticket = ask(here)
    with office(here, "olga") as olga, pytest.raises(NotAllowed, match="ask a lead"):
        olga.break_glass(ticket.id, reason=WHY)


def test_what_is_closed_stays_closed(here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief())
        queue.withdraw(ticket)
    with office(here) as lea, pytest.raises(MoveRefused):
        lea.break_glass(ticket.id, reason=WHY)


def test_a_policy_that_does_not_say_so_does_not_allow_it(tmp_path: Path) -> None:
    here = desk_with_leads(tmp_path, POLICY)
    ticket = ask(here)
    with office(here) as lea, pytest.raises(NotAllowed, match="break_glass = true"):
        lea.break_glass(ticket.id, reason=WHY)


def test_a_policy_that_allows_it_no_more_takes_back_what_was_not_used(here: House) -> None:
    ticket = broken(here)
    settle(here, ticket, "approve", reviewer="lea")
    stricter = here.places.policy_file.read_text().replace("break_glass = true", "")
    here.places.policy_file.write_text(stricter)
    with here.agent() as queue, pytest.raises(Forged, match="does not let the role"):
        queue.resume(ticket)


def test_an_event_that_somebody_else_wrote_makes_nobody_a_lead(here: House) -> None:
    """The row gives ana what a lead would get; the agent's side asks for a lead's key."""
    ticket = broken(here)
    with raw(here.path) as db:
        db.execute("DROP TRIGGER event_is_fixed")
        db.execute("UPDATE event SET actor = 'lead:sam' WHERE kind = 'glass_broken'")
    with here.desk("sam") as sam, pytest.raises(NotAllowed):
        sam.claim(ticket.id)
    lea = Roster.load(here.places).reviewer("lea")
    with raw(here.path) as db:
        db.execute("UPDATE event SET actor = 'lead:lea' WHERE kind = 'glass_broken'")
    settle(here, ticket, "approve", reviewer="lea")
    put_reviewer(here.places, lea.model_copy(update={"roles": ("refunds",)}))
    with here.agent() as queue, pytest.raises(Forged, match="does not hold the role"):
        queue.resume(ticket)


def test_the_command_says_what_happens(tmp_path: Path) -> None:
    here = desk_with_leads(tmp_path, ALONE)
    ticket = ask(here)

    def glass(*words: str) -> command.Done:
        return command.run("break-glass", ticket.id, *words, "--db", here.path)

    assert glass("--as", "lea").returncode == 2
    done = glass("--reason", WHY, "--as", "lea")
    assert (done.returncode, done.stdout) == (0, f"{ticket.id} is yours alone to decide\n")
    assert "until another lead has looked" in done.stderr
    assert glass("--looked", "--as", "lea").returncode == 7
    assert glass("--looked", "--as", "max").returncode == 0
