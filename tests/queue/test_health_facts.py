"""What the chain tells: each thing that happens on a desk becomes the facts that it is."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest

from factories import House
from journey import pass_time, pick_up, settle
from overread_queue.errors import MoveRefused
from overread_queue.ground import Ground
from overread_queue.health.facts import (
    Acted,
    Breached,
    Closed,
    Fact,
    Moved,
    Proposed,
    Responded,
    Reviewed,
    Submitted,
    Taken,
)
from overread_queue.health.following import follow
from overread_queue.health.reading import facts
from overread_queue.states import EscalationKind, EscalationState, Tier
from overread_queue.sweep import Sweep
from tier_desks import asking, erase, hide, office, refund, tag, tier_house
from two_people import ask, dual_house, say

HOUR = 3600
F = TypeVar("F", bound=Fact)


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path)


def told(here: House) -> list[Fact]:
    with closing(Ground(here.places, here.clock)) as ground, ground.store.read() as tx:
        return list(facts(tx.health.told(tx.health.next(after=0, most=1_000_000))))


def sweep(here: House) -> None:
    with closing(Ground(here.places, here.clock)) as ground:
        Sweep(ground).run()


def only(kind: type[F], found: list[Fact]) -> list[F]:
    return [one for one in found if isinstance(one, kind)]


def test_an_approval_tells_of_its_proposal_its_look_and_its_end(here: House) -> None:
    with here.agent("bot") as agent:
        ticket = agent.submit(asking(refund()))
    pass_time(here, 60)
    settle(here, ticket, "approve")

    found = told(here)

    (asked,) = only(Proposed, found)
    assert (asked.action_type, asked.tier, asked.escalated) == (
        "payments.refund",
        Tier.HARD_APPROVAL,
        True,
    )
    (submitted,) = only(Submitted, found)
    assert (submitted.escalation, submitted.version) == (ticket.id, "1.4.0")
    (look,) = only(Reviewed, found)
    assert (look.answer, look.advised, look.followed) == ("approve", True, True)
    assert (look.judged, look.switched, look.challenged) == (False, None, False)
    assert (look.evidence, look.words > 10, look.undone) == (3, True, 0)
    (taken,), (responded,) = only(Taken, found), only(Responded, found)
    assert taken.waited_ms == responded.waited_ms == 60_000
    (closed,) = only(Closed, found)
    assert (closed.exit, closed.in_time, closed.waited_ms) == ("answered", True, 70_000)
    stays = [(one.left, one.stayed_ms) for one in only(Moved, found) if one.left]
    assert stays == [
        (EscalationState.WAITING, 60_000),
        (EscalationState.CLAIMED, 0),
        (EscalationState.HELD, 10_000),
    ]


def test_silence_is_a_breach_and_a_time_out_and_no_answer(here: House) -> None:
    with here.agent("bot") as agent:
        agent.submit(asking(erase()))
    pass_time(here, 8 * HOUR + 1)
    sweep(here)

    found = told(here)

    assert [one.fallback for one in only(Breached, found)] == ["fail"]
    (closed,) = only(Closed, found)
    assert (closed.exit, closed.in_time, closed.taken, closed.responded) == (
        "timed_out",
        False,
        False,
        False,
    )
    assert not only(Reviewed, found)
    assert not only(Responded, found)


def test_a_hand_on_counts_where_it_was_and_the_answer_where_it_went(here: House) -> None:
    with here.agent("bot") as agent:
        ticket = agent.submit(asking(refund()))
    with here.desk("ana") as desk:
        desk.hand_on(pick_up(desk, ticket).item, reason="above my limit")
    settle(here, ticket, "reject", reviewer="olga")

    looks = only(Reviewed, told(here))

    assert [(one.answer, one.pool) for one in looks] == [
        ("handed_on", "first"),
        ("reject", "owners"),
    ]
    assert [one.followed for one in looks] == [False, False]
    assert len(only(Responded, told(here))) == 1


def test_each_of_two_people_has_looked_and_only_the_first_has_responded_first(
    tmp_path: Path,
) -> None:
    here = dual_house(tmp_path / "two")
    ticket = ask(here)
    pass_time(here, 60)
    say(here, ticket, "ana")
    say(here, ticket, "ben")

    found = told(here)

    assert [(one.answer, one.evidence) for one in only(Reviewed, found)] == [("approve", 3)] * 2
    assert [one.waited_ms for one in only(Responded, found)] == [60_000]
    assert [one.exit for one in only(Closed, found)] == ["answered"]


def test_an_approval_taken_back_and_given_again_is_one_look(here: House) -> None:
    with here.agent("bot") as agent:
        ticket = agent.submit(asking(refund()))
    with here.desk("ana") as desk:
        review = pick_up(desk, ticket)
        desk.undo(desk.decide(review, option="approve"))
        desk.decide(desk.open(ticket.id), option="reject", reason="the parcel came")

    (look,) = only(Reviewed, told(here))
    assert (look.answer, look.undone, look.followed) == ("reject", 1, False)
    assert len(only(Responded, told(here))) == 1


def test_what_may_be_done_and_is_asked_all_the_same_counts_once_more_as_asked(here: House) -> None:
    with here.agent("bot") as agent:
        free, due = agent.propose(tag()), agent.propose(hide(), signals={"confidence": 0.9})
        agent.submit(asking(tag()), proposal=free.id)
        agent.submit(asking(hide()), proposal=due.id)

    asked = [(one.action_type, one.escalated) for one in only(Proposed, told(here))]

    assert asked == [("tag.add", False), ("listing.hide", True), ("tag.add", True)]


def test_how_it_turned_out_is_told(here: House) -> None:
    with here.agent("bot") as agent:
        ticket = agent.submit(asking(refund()))
    settle(here, ticket, "approve")
    with here.agent("bot") as agent:
        with agent.resume(ticket):
            pass
        agent.outcome(ticket, ok=False, detail="refused by the bank")

    assert [one.ok for one in only(Acted, told(here))] == [False]


def test_a_refused_move_is_told_by_its_name(here: House) -> None:
    with here.agent("bot") as agent:
        ticket = agent.submit(asking(refund()))
    settle(here, ticket, "reject")
    with here.desk() as desk, pytest.raises(MoveRefused):
        desk.claim(ticket.id)

    assert [one.refusal for one in only(Moved, told(here)) if one.refusal] == ["MoveRefused"]


def test_what_was_erased_still_counts(here: House) -> None:
    with here.agent("bot") as agent:
        ticket = agent.submit(asking(refund()))
    settle(here, ticket, "reject")
    with office(here) as lea:
        lea.erase(ticket.id, reason="asked for by the customer")

    (look,) = only(Reviewed, told(here))
    assert (look.answer, look.advised, look.words, look.evidence) == ("reject", False, 0, 0)
    assert look.kind is EscalationKind.APPROVAL


def test_every_event_is_followed_once(here: House) -> None:
    with here.agent("bot") as agent:
        settle(here, agent.submit(asking(refund())), "reject")
    with closing(Ground(here.places, here.clock)) as ground:
        with ground.store.read() as tx:
            seq, counted = tx.events.head()[0], tx.health.cursor()
        assert follow(ground) == seq - counted
        assert follow(ground) == 0
        with ground.store.read() as tx:
            assert tx.health.cursor() == seq
