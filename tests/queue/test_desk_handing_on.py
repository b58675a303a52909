"""What a reviewer does not decide: handed on, put away, given back, with words that travel."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House, brief, house
from journey import escalation_moves, kinds, pass_time, pick_up, row, settle
from overread_queue.errors import InvalidRequest, LeaseLost, NotAllowed, NotFound
from overread_queue.models import Ticket
from overread_queue.states import EscalationState

E = EscalationState


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


@pytest.fixture
def ticket(here: House) -> Ticket:
    with here.agent() as queue:
        return queue.submit(brief())


def test_the_senior_gets_it_with_a_fresh_deadline_and_the_words(
    here: House, ticket: Ticket
) -> None:
    pass_time(here, 3 * 3600)
    with here.desk() as ana, here.desk("sam") as sam:
        review = pick_up(ana, ticket)
        assert review.handling.senior_label == "Senior refunds"
        receipt = ana.decide(review, option="hand-on", reason="over my limit")
        assert (receipt.state, receipt.verdict) == ("handed_on", None)
        assert ana.waiting_ids() == ()
        (row_seen,) = sam.rows(sam.waiting_ids())
        assert (row_seen.pool, row_seen.hops) == ("seniors", 1)
        assert row_seen.deadline_at == here.clock.now() + 2 * 3600 * 1000
        hers = pick_up(sam, ticket)
        assert [(one.author, one.text) for one in hers.comments] == [("ana", "over my limit")]
        with pytest.raises(NotAllowed):
            ana.claim(ticket.id)
    assert (E.CLAIMED, E.WAITING) in escalation_moves(here.path)


def test_the_second_time_it_goes_to_the_owner_and_then_nobody_is_above(
    here: House, ticket: Ticket
) -> None:
    with here.desk() as ana, here.desk("sam") as sam, here.desk("olga") as olga:
        ana.hand_on(ana.claim(ticket.id), reason="over my limit")
        sam.hand_on(sam.claim(ticket.id), reason="a new kind of case")
        review = pick_up(olga, ticket)
        assert (review.item.pool, review.handling.senior_label) == ("owners", None)
        assert "hand-on" not in {option.key for option in review.options}
        with pytest.raises(InvalidRequest, match="nobody is above Desk owner"):
            olga.hand_on(review.item, reason="not me")
        with pytest.raises(InvalidRequest):
            olga.decide(review, option="hand-on", reason="not me")
        assert len(review.comments) == 2
    settle(here, ticket, "approve", reviewer="olga")
    with here.agent() as queue, queue.resume(ticket) as go:
        assert go.decision.envelope.role == "owner"


def test_from_the_owners_own_pool_nobody_is_above(here: House) -> None:
    """An action that the policy does not know starts with the owner."""
    with here.agent() as queue:
        ticket = queue.submit(brief(action_type="unheard.of"))
    with here.desk("olga") as olga, pytest.raises(InvalidRequest, match="nobody is above"):
        olga.hand_on(olga.claim(ticket.id), reason="not me")


def test_an_item_sleeps_inside_its_deadline_and_comes_back(here: House, ticket: Ticket) -> None:
    until = here.clock.now() + 3600 * 1000
    with here.desk() as ana:
        item = ana.claim(ticket.id)
        for when in (here.clock.now(), ticket.deadline_at, ticket.deadline_at + 1):
            with pytest.raises(InvalidRequest, match="deadline"):
                ana.snooze(item, until=when, reason="later")
        ana.snooze(item, until=until, reason="the carrier calls back")
        assert row(here.path, ticket.id).deadline_at == ticket.deadline_at
        pass_time(here, 3599)
        assert ana.waiting_ids() == ()
        pass_time(here, 1)
        assert ana.waiting_ids() == (ticket.id,)
        (comment,) = pick_up(ana, ticket).comments
        assert comment.text == "the carrier calls back"


def test_a_sleeping_item_still_breaches(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        ana.snooze(ana.claim(ticket.id), until=ticket.deadline_at - 1, reason="later")
        pass_time(here, 4 * 3600)
        assert ana.sweep() == 1
    assert row(here.path, ticket.id).pool == "seniors"


def test_an_item_is_given_back_undecided(here: House, ticket: Ticket) -> None:
    with here.desk() as ana, here.desk("ben") as ben:
        review = pick_up(ana, ticket)
        ana.release(review.item)
        with pytest.raises(LeaseLost):
            ana.release(review.item)
        with pytest.raises(LeaseLost):
            ana.decide(review, option="reject", reason="too late")
        assert ben.claim(ticket.id).id == ticket.id
    assert kinds(here.path, ticket.id)[-1] == "released"


def test_a_note_travels_with_the_item(here: House, ticket: Ticket) -> None:
    with here.desk() as ana, here.desk("ben") as ben:
        item = ana.claim(ticket.id)
        ana.comment(item, "Called Mrs Keller; she rings back at four.")
        pass_time(here, 60)
        ben.comment(ticket.id, "She rang: not her signature.")
        ana.release(item)
        seen = pick_up(ben, ticket).comments
        with pytest.raises(NotFound):
            ben.comment("no-such-id", "hello")
    assert [one.author for one in seen] == ["ana", "ben"]
    assert seen[1].at - seen[0].at == 60_000
    assert seen[0].text == "Called Mrs Keller; she rings back at four."


@pytest.mark.parametrize("words", ["", " \n ", "x" * 2001])
def test_empty_and_endless_words_are_refused(here: House, ticket: Ticket, words: str) -> None:
    with here.desk() as ana:
        item = ana.claim(ticket.id)
        until = here.clock.now() + 60_000
        with pytest.raises(InvalidRequest, match="2000 characters"):
            ana.comment(item, words)
        with pytest.raises(InvalidRequest, match="2000 characters"):
            ana.hand_on(item, reason=words)
        with pytest.raises(InvalidRequest, match="2000 characters"):
            ana.snooze(item, until=until, reason=words)
        assert row(here.path, ticket.id).state is E.CLAIMED
