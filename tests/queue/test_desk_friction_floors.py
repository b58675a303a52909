"""An approval takes time and reading, by the clock of whoever gives it; a no takes neither."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories import POLICY, House, brief, house
from frictionless import with_friction
from journey import events, kinds, pass_time, pick_up, raw, row
from overread_queue import ReviewDesk
from overread_queue.clock import ManualClock
from overread_queue.errors import (
    ClockWentBack,
    EvidenceUnread,
    LeaseLost,
    MoveRefused,
    TooSoon,
)
from overread_queue.models import Review, Ticket
from overread_queue.setup import add_reviewer
from overread_queue.states import EscalationState
from overread_queue.trust.people import Reviewer
from tier_desks import asking as tier_brief
from tier_desks import hide, policy, tier_house

FLOORS = with_friction(POLICY, floor_hard="20s", floor_irreversible="45s", read_contradictions=True)
CONTRADICTS = "carrier-scan"


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path, policy=FLOORS)


@pytest.fixture
def ticket(here: House) -> Ticket:
    with here.agent() as queue:
        return queue.submit(brief())


def read_for(here: House, desk: ReviewDesk, review: Review, seconds: float) -> None:
    pass_time(here, seconds)
    desk.active(review)


def refusals(here: House) -> list[str]:
    return [kind for kind in kinds(here.path) if kind.startswith("refused:")]


def test_an_irreversible_approval_opens_after_its_floor(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        ana.evidence_opened(review, CONTRADICTS)
        assert ana.standing(review).seconds_left == 45
        read_for(here, ana, review, 44)
        with pytest.raises(TooSoon) as refused:
            ana.decide(review, option="approve")
        assert refused.value.seconds_left == 1
        assert row(here.path, ticket.id).state is EscalationState.CLAIMED
        pass_time(here, 1)
        assert not ana.standing(review).shut
        assert ana.decide(review, option="approve").state == "held"
    assert refusals(here) == ["refused:TooSoon"]


def test_changing_pays_as_approving_does(here: House, ticket: Ticket) -> None:
    with here.desk() as ana, pytest.raises(TooSoon):
        ana.decide(pick_up(ana, ticket), option="change", parameters={"amount": 10})


@pytest.mark.parametrize("option", ["reject", "need-info", "hand-on"])
def test_everything_but_letting_it_go_on_is_open_at_once(
    here: House, ticket: Ticket, option: str
) -> None:
    with here.desk() as ana:
        receipt = ana.decide(pick_up(ana, ticket), option=option, reason="not like this")
    assert receipt.state in ("recorded", "handed_on")
    assert refusals(here) == []


def test_what_contradicts_has_to_be_opened(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        read_for(here, ana, review, 45)
        assert ana.standing(review).unread == (CONTRADICTS,)
        ana.evidence_opened(review, "customer-mail")
        with pytest.raises(EvidenceUnread) as refused:
            ana.decide(review, option="approve")
        assert refused.value.evidence == (CONTRADICTS,)
        ana.evidence_opened(review, CONTRADICTS)
        assert ana.decide(review, option="approve").state == "held"
    assert refusals(here) == ["refused:EvidenceUnread"]


def test_the_required_words_are_read_at_a_possible_speed(tmp_path: Path) -> None:
    """A contradiction of 600 words takes two minutes at least, whatever the floor says."""
    here = house(tmp_path, policy=FLOORS)
    asked = brief()
    first, scan, *others = asked.evidence
    long = scan.model_copy(update={"content": "word " * 600})
    with here.agent() as queue:
        ticket = queue.submit(asked.model_copy(update={"evidence": (first, long, *others)}))
    with here.desk() as ana:
        assert ana.standing(pick_up(ana, ticket)).seconds_left > 120


def test_a_reviewers_own_time_scales_the_floor(here: House, ticket: Ticket) -> None:
    slow = Reviewer(name="kim", label="Kim", roles=("refunds",), time_multiplier=2)
    add_reviewer(here.places, slow)
    with here.desk("kim") as kim:
        assert kim.standing(pick_up(kim, ticket)).seconds_left == 90


def test_a_silence_counts_a_minute_and_no_more(here: House, ticket: Ticket) -> None:
    """A standing that is asked for is no sign of life."""
    slow = Reviewer(name="kim", label="Kim", roles=("refunds",), time_multiplier=2)
    add_reviewer(here.places, slow)
    with here.desk("kim") as kim:
        review = pick_up(kim, ticket)
        pass_time(here, 30)
        assert kim.standing(review).seconds_left == 60
        pass_time(here, 90)
        assert kim.standing(review).seconds_left == 30
        kim.evidence_opened(review, CONTRADICTS)
        with pytest.raises(TooSoon):
            kim.decide(review, option="approve")


def test_nobody_reads_while_they_are_gone(here: House, ticket: Ticket) -> None:
    """As long as that, or as far as that: a clock that jumps ahead opens nothing."""
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        ana.evidence_opened(review, CONTRADICTS)
        pass_time(here, 600)
        assert ana.standing(review).seconds_left == 45
        ana.active(review)
        read_for(here, ana, review, 1)
        assert ana.standing(review).seconds_left == 44


def test_a_second_console_does_not_read_twice_as_fast(here: House, ticket: Ticket) -> None:
    with here.desk() as ana, here.desk() as also_ana:
        review = pick_up(ana, ticket)
        again = also_ana.open(ticket.id)
        assert again.id == review.id
        also_ana.evidence_opened(again, CONTRADICTS)
        read_for(here, ana, review, 30)
        also_ana.active(again)
        ana.open(review.item)
        also_ana.open(again.item)
        with pytest.raises(TooSoon) as refused:
            also_ana.decide(again, option="approve")
        assert refused.value.seconds_left == 15
        read_for(here, ana, review, 15)
        assert ana.decide(review, option="approve").state == "held", "what one opened, both did"
    with raw(here.path) as db:
        assert db.execute("SELECT active_ms FROM review").fetchone()[0] == 45_000


def test_another_session_elsewhere_ends_the_review_here(here: House, ticket: Ticket) -> None:
    with here.desk() as ana, here.desk() as also_ana:
        review = ana.open(ana.start_session().items[0])
        ana.evidence_opened(review, CONTRADICTS)
        read_for(here, ana, review, 45)
        also_ana.start_session()
        with pytest.raises(LeaseLost):
            ana.decide(review, option="approve")
    assert "refused:LeaseLost" in refusals(here)


def test_a_new_look_starts_its_own_time(here: House, ticket: Ticket) -> None:
    """Whoever gives it back and takes it again reads it again; an old look cannot be replayed."""
    with here.desk() as ana:
        old = pick_up(ana, ticket)
        ana.evidence_opened(old, CONTRADICTS)
        read_for(here, ana, old, 45)
        ana.release(old.item)
        new = pick_up(ana, ticket)
        with pytest.raises(LeaseLost):
            ana.decide(old, option="approve")
        with pytest.raises(TooSoon):
            ana.decide(new, option="approve")
    assert refusals(here) == ["refused:LeaseLost", "refused:TooSoon"]


def test_reading_on_after_the_lease_changes_nothing(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        pass_time(here, 301)
        with pytest.raises(LeaseLost):
            ana.decide(review, option="approve")
        ana.sweep()
    assert row(here.path, ticket.id).state is EscalationState.WAITING


def test_approving_twice_and_for_somebody_else(here: House, ticket: Ticket) -> None:
    with here.desk() as ana, here.desk("ben") as ben:
        review = pick_up(ana, ticket)
        ana.evidence_opened(review, CONTRADICTS)
        read_for(here, ana, review, 45)
        with pytest.raises(LeaseLost):
            ben.decide(review, option="approve")
        with pytest.raises(LeaseLost):
            ben.standing(review)
        ana.decide(review, option="approve")
        with pytest.raises(LeaseLost):
            ana.decide(review, option="approve")
        pass_time(here, 10)
        ana.release_due()
        with pytest.raises(MoveRefused):
            ana.decide(review, option="approve")
    refused = [one for one in kinds(here.path, ticket.id) if one.startswith("refused:")]
    assert refused == ["refused:LeaseLost", "refused:LeaseLost", "refused:MoveRefused"]


def test_nobody_reads_two_cards_at_once_at_two_consoles(here: House, ticket: Ticket) -> None:
    with here.agent() as queue:
        other = queue.submit(brief(amount=7.0))
    with here.desk() as left, here.desk() as right:
        first, second = pick_up(left, ticket), pick_up(right, other)
        left.evidence_opened(first, CONTRADICTS)
        right.evidence_opened(second, CONTRADICTS)
        for _ in range(45):
            pass_time(here, 1)
            left.active(first)
            right.active(second)
        assert left.decide(first, option="approve").state == "held"
        with pytest.raises(TooSoon) as refused:
            right.decide(second, option="approve")
        assert refused.value.seconds_left == right.standing(second).seconds_left == 45
        read_for(here, right, second, 45)
        assert right.decide(second, option="approve").state == "held"


def test_going_to_another_card_and_back_costs_nothing(here: House, ticket: Ticket) -> None:
    with here.agent() as queue:
        other = queue.submit(brief(amount=7.0))
    with here.desk() as ana:
        first = pick_up(ana, ticket)
        ana.evidence_opened(first, CONTRADICTS)
        read_for(here, ana, first, 30)
        read_for(here, ana, pick_up(ana, other), 50)
        first = ana.open(first.item)
        read_for(here, ana, first, 15)
        assert ana.decide(first, option="approve").state == "held"


def test_a_clock_that_went_back_has_measured_nothing(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        ana.evidence_opened(review, CONTRADICTS)
        read_for(here, ana, review, 50)
        pass_time(here, -20)
        ana.active(review)
        with pytest.raises(ClockWentBack) as refused:
            ana.decide(review, option="approve")
        assert refused.value.seconds == 20
        with pytest.raises(ClockWentBack):
            ana.decide(ana.open(review.item), option="approve")
        pass_time(here, -3600)
        with pytest.raises(ClockWentBack):
            ana.decide(review, option="approve")
        assert ana.decide(review, option="reject", reason="no").state == "recorded"
    assert refusals(here) == ["refused:ClockWentBack"] * 3


def test_taking_an_approval_back_keeps_what_was_read(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        ana.evidence_opened(review, CONTRADICTS)
        read_for(here, ana, review, 45)
        ana.undo(ana.decide(review, option="approve"))
        ana.undo(ana.decide(ana.open(ticket.id), option="approve"))
        assert ana.decide(ana.open(ticket.id), option="approve").state == "held"
    with raw(here.path) as db:
        undone, opened = db.execute("SELECT undone, evidence FROM review").fetchone()
    assert (undone, json.loads(opened)) == (2, [CONTRADICTS])


@pytest.mark.parametrize("seconds", [0, 5])
def test_a_confirmation_takes_what_the_policy_says(tmp_path: Path, seconds: int) -> None:
    here = tier_house(
        tmp_path, with_friction(policy(), floor_soft=f"{seconds}s", floor_irreversible="45s")
    )
    with here.agent("bot") as queue:
        ticket = queue.submit(tier_brief(hide()))
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        floor = ana.standing(review).seconds_left
        assert (floor > 0) == (seconds > 0)
        if floor:
            with pytest.raises(TooSoon):
                ana.confirm(review)
            read_for(here, ana, review, floor)
        assert ana.confirm(review).state == "held"


def test_refusals_say_when_but_never_what(here: House, ticket: Ticket) -> None:
    assert isinstance(here.clock, ManualClock)
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        with pytest.raises(TooSoon):
            ana.decide(review, option="change", parameters={"amount": 7}, reason="my secret words")
    (refusal,) = [one for one in events(here.path) if one.kind == "refused:TooSoon"]
    assert (refusal.actor, refusal.escalation, refusal.detail) == (
        "reviewer:ana",
        ticket.id,
        "{}",
    )
