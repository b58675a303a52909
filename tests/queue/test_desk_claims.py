"""Who has what on the screen: batches, leases, fences, and consoles that die or double."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House, brief, house
from journey import (
    LEASE_SECONDS,
    UNDO_SECONDS,
    escalation_moves,
    events,
    kinds,
    pass_time,
    pick_up,
    row,
    settle,
)
from overread_queue.errors import LeaseLost, MoveRefused, NotAllowed, NotFound, SelfApproval
from overread_queue.models import Ticket
from overread_queue.states import EscalationState

E = EscalationState


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


def submitted(here: House, count: int, *, action_type: str = "payments.refund") -> list[Ticket]:
    with here.agent() as queue:
        return [
            queue.submit(brief(action_type=action_type, amount=1 + number))
            for number in range(count)
        ]


# -- sessions


def test_a_session_takes_no_more_than_was_asked_for(here: House) -> None:
    submitted(here, 9)
    with here.desk() as ana:
        session = ana.start_session(max_items=4)
        assert (len(session.items), session.expected_seconds) == (4, 4 * 180)
        again = ana.start_session(max_items=15, max_minutes=7)
        assert (len(again.items), again.expected_seconds) == (2, 2 * 180)
        assert len(ana.start_session(max_minutes=0.5).items) == 1


def test_a_session_is_never_larger_than_the_policy_says(here: House) -> None:
    submitted(here, 18)
    with here.desk() as ana:
        assert len(ana.start_session(max_items=18, max_minutes=480).items) == 25 // 3


def test_an_empty_desk_gives_an_empty_session(here: House) -> None:
    with here.desk() as ana:
        assert ana.start_session().items == ()


def test_urgent_comes_first_then_tier_then_least_slack(here: House) -> None:
    """A mail breaches within the session; a stop is severe; of two refunds the older has less."""
    (mail,) = submitted(here, 1, action_type="mail.send")
    pass_time(here, 1800)
    (refund,) = submitted(here, 1)
    pass_time(here, 600)
    with here.agent() as queue:
        later = queue.submit(brief(amount=300))
        stop = queue.submit(brief(action_type="data.erase"))
    with here.desk() as ana:
        wanted = (mail.id, stop.id, refund.id, later.id)
        assert ana.waiting_ids() == wanted
        assert tuple(item.id for item in ana.start_session().items) == wanted


def test_two_reviewers_never_share_an_item(here: House) -> None:
    tickets = submitted(here, 7)
    with here.desk() as ana, here.desk("ben") as ben:
        hers = {item.id for item in ana.start_session(max_items=4).items}
        his = {item.id for item in ben.start_session(max_items=15).items}
        assert not hers & his
        assert hers | his == {ticket.id for ticket in tickets}
        assert ben.start_session().items
        assert {item.id for item in ana.start_session().items} == hers
        with pytest.raises(LeaseLost):
            ben.claim(min(hers))
        with pytest.raises(LeaseLost):
            ben.open(min(hers))
        glance = ana.overview()
        assert (glance.ready, glance.mine, glance.claimed_by_others) == (0, 4, 3)


def test_one_item_is_claimed_into_the_open_session(here: House) -> None:
    first, second = submitted(here, 2)
    with here.desk() as ana:
        session = ana.start_session(max_items=1)
        other = ({first.id, second.id} - {session.items[0].id}).pop()
        ana.claim(other)
        assert {item.id for item in ana.heartbeat(session)} == {first.id, second.id}


def test_ending_a_session_gives_back_what_was_not_decided(here: House) -> None:
    submitted(here, 3)
    with here.desk() as ana:
        session = ana.start_session()
        ana.decide(ana.open(session.items[0]), option="reject", reason="no")
        ana.decide(ana.open(session.items[1]), option="approve")
        summary = ana.end_session(session)
        assert summary.verdicts == {"reject": 1}
        assert [row(here.path, item.id).state for item in session.items] == [
            E.DECIDED,
            E.HELD,
            E.WAITING,
        ]
        with pytest.raises(NotFound):
            ana.end_session(type(session)("no-such-session", "ana", 0, (), 0))


def test_closing_the_console_gives_items_back_and_keeps_the_held_one(here: House) -> None:
    held, waiting = submitted(here, 2)
    with here.desk() as ana:
        ana.start_session()
        ana.decide(ana.open(held.id), option="approve")
    assert row(here.path, held.id).state is E.HELD
    assert row(here.path, waiting.id).state is E.WAITING


def test_closing_the_console_releases_what_is_due(here: House) -> None:
    (ticket,) = submitted(here, 1)
    with here.desk() as ana:
        ana.decide(pick_up(ana, ticket), option="approve")
        pass_time(here, UNDO_SECONDS)
    assert row(here.path, ticket.id).state is E.DECIDED


# -- leases


def test_a_console_that_dies_gives_its_items_back(here: House) -> None:
    (ticket,) = submitted(here, 1)
    dead = here.desk()
    review = pick_up(dead, ticket)
    with here.desk("ben") as ben:
        pass_time(here, LEASE_SECONDS - 1)
        assert ben.sweep() == 0
        pass_time(here, 1)
        assert ben.sweep() == 1
        assert ben.sweep() == 0
        his = pick_up(ben, ticket)
        assert his.item.fence == review.item.fence + 1
        for option in ("approve", "reject"):
            with pytest.raises(LeaseLost):
                dead.decide(review, option=option, reason="stale")
        for call in (dead.release, dead.open):
            with pytest.raises(LeaseLost):
                call(review.item)
        ben.decide(his, option="reject", reason="no")
    dead.close()
    assert kinds(here.path).count("decided") == 1
    assert (E.CLAIMED, E.WAITING) in escalation_moves(here.path)


def test_a_heartbeat_keeps_the_lease(here: House) -> None:
    (ticket,) = submitted(here, 1)
    with here.desk() as ana, here.desk("ben") as ben:
        session = ana.start_session()
        for _ in range(3):
            pass_time(here, LEASE_SECONDS - 1)
            (item,) = ana.heartbeat(session)
            assert item.lease_until == here.clock.now() + LEASE_SECONDS * 1000
        assert ben.sweep() == 0
        ana.decide(ana.open(session.items[0]), option="reject", reason="no")
        assert ana.heartbeat(session) == ()
        assert row(here.path, ticket.id).state is E.DECIDED


def test_a_lapsed_lease_decides_nothing_even_before_the_sweep(here: House) -> None:
    (ticket,) = submitted(here, 1)
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        pass_time(here, LEASE_SECONDS)
        with pytest.raises(LeaseLost):
            ana.decide(review, option="reject", reason="no")
        with pytest.raises(LeaseLost):
            ana.decide(review, option="approve")
    assert "decided" not in kinds(here.path)


def test_a_second_console_of_the_same_reviewer_takes_over(here: House) -> None:
    tickets = submitted(here, 2)
    with here.desk() as first, here.desk() as second:
        session = first.start_session()
        review = first.open(session.items[0])
        taken = second.start_session()
        assert {item.id for item in taken.items} == {ticket.id for ticket in tickets}
        assert first.heartbeat(session) == ()
        item = review.item
        until = here.clock.now() + 60_000
        for stale in (
            lambda: first.decide(review, option="reject", reason="no"),
            lambda: first.release(item),
            lambda: first.open(item),
            lambda: first.hand_on(item, reason="not mine"),
            lambda: first.snooze(item, until=until, reason="later"),
            lambda: first.unmask(review, "bank-account"),
        ):
            with pytest.raises(LeaseLost):
                stale()
        assert {one.id for one in second.heartbeat(taken)} == {ticket.id for ticket in tickets}
        second.decide(second.open(item.id), option="reject", reason="no")


def test_an_undo_of_another_reviewers_approval_is_refused(here: House) -> None:
    (ticket,) = submitted(here, 1)
    with here.desk() as ana, here.desk("ben") as ben:
        receipt = ana.decide(pick_up(ana, ticket), option="approve")
        with pytest.raises(LeaseLost):
            ben.undo(receipt)
        assert row(here.path, ticket.id).state is E.HELD


# -- who may claim what


def test_another_pools_item_is_not_allowed(here: House) -> None:
    (ticket,) = submitted(here, 1)
    with here.desk("sam") as sam:
        assert sam.waiting_ids() == ()
        assert sam.start_session().items == ()
        with pytest.raises(NotAllowed, match="refunds is not among sam's pools"):
            sam.claim(ticket.id)
    assert events(here.path)[-1].kind == "refused:NotAllowed"


def test_nobody_decides_for_an_agent_that_acts_for_them(here: House) -> None:
    with here.agent("ana-agent") as queue:
        ticket = queue.submit(brief(agent="ana-agent"))
    with here.desk() as ana, here.desk("ben") as ben:
        assert ana.waiting_ids() == ()
        assert ana.overview().ready == 0
        assert ana.start_session().items == ()
        with pytest.raises(SelfApproval, match="ana-agent acts for ana"):
            ana.claim(ticket.id)
        assert ben.waiting_ids() == (ticket.id,)
    settle(here, ticket, "approve", reviewer="ben")
    assert "refused:SelfApproval" in kinds(here.path)


def test_a_single_operator_desk_says_so_and_allows_it(tmp_path: Path) -> None:
    here = house(tmp_path, single_operator=True)
    with here.agent("ana-agent") as queue:
        ticket = queue.submit(brief(agent="ana-agent"))
        with here.desk() as ana:
            assert ana.single_operator
        settle(here, ticket, "approve")
        with queue.resume(ticket) as go:
            assert go.decision.envelope.reviewer == "ana"


def test_what_is_gone_or_asleep_is_not_claimed(here: House) -> None:
    (ticket,) = submitted(here, 1)
    with here.desk() as ana:
        with pytest.raises(NotFound):
            ana.claim("no-such-id")
        until = here.clock.now() + 60_000
        ana.snooze(ana.claim(ticket.id), until=until, reason="the carrier calls back")
        assert ana.waiting_ids() == ()
        with pytest.raises(MoveRefused):
            ana.claim(ticket.id)
        glance = ana.overview()
        assert (glance.ready, glance.batching, glance.next_batch_at) == (0, 1, until)
