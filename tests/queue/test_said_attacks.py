"""Who can write the file makes no approval look considered: what was not said is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacker import write
from factories import POLICY, House, brief, house
from frictionless import with_friction
from journey import assert_chain_whole, pick_up, raw
from overread_briefs import Recommendation
from overread_queue import ReviewDesk
from overread_queue.audit.verify import verify
from overread_queue.errors import ChallengeMissing, Forged, JudgementFirst
from overread_queue.models import Review, Ticket

RULES = with_friction(POLICY, withhold_from="high", challenge_from="high")
WRONG_IF = "the signature on the carrier's scan turns out to be the customer's own"
JUDGEMENT = (
    "INSERT OR REPLACE INTO judgement (escalation, attempt, reviewer, option, confidence, at,"
    " active_ms, revealed_at, signature) SELECT id, attempt, :who, 'approve', 'high', 1, 60000, 2,"
    " :signature FROM escalation"
)
CHALLENGE = (
    "INSERT OR REPLACE INTO challenge (escalation, attempt, reviewer, at, weakest, wrong_if,"
    " changed, signature) SELECT id, attempt, :who, 1, 'carrier-scan', 'nothing at all', '',"
    " :signature FROM escalation"
)


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path, policy=RULES)


@pytest.fixture
def ticket(here: House) -> Ticket:
    said = Recommendation(option="approve", reason="loyal customer", confidence=0.62)
    with here.agent() as queue:
        return queue.submit(brief().model_copy(update={"recommendation": said}))


def plant(here: House, statement: str, signature: bytes = b"") -> None:
    write(here, statement, who="ana", signature=signature)


def damage(here: House) -> set[str]:
    return {one.kind for one in verify(here.places).damage} - {"schema_altered"}


def considered(desk: ReviewDesk, review: Review) -> Review:
    """Judged, revealed and challenged, as an approval here asks for."""
    review = desk.reveal(desk.judge(review, option="reject", confidence="low"))
    return desk.challenge(review, weakest="carrier-scan", wrong_if=WRONG_IF, changed="I called")


def test_what_was_said_is_signed_and_leaves_nothing_to_find(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        assert ana.decide(considered(ana, pick_up(ana, ticket)), option="approve").state == "held"
    assert_chain_whole(here.path)


def test_a_planted_judgement_reveals_nothing_counts_for_nothing_and_is_found(
    here: House, ticket: Ticket
) -> None:
    plant(here, JUDGEMENT)
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        assert (review.withheld, review.recommendation, review.judgement) == (True, None, None)
        with pytest.raises(JudgementFirst):
            ana.reveal(review)
        with pytest.raises(JudgementFirst):
            ana.decide(review, option="approve")
        with pytest.raises(Forged, match="audit verify"):
            ana.judge(review, option="approve", confidence="low")
        assert ana.decide(review, option="reject", reason="odd").state == "recorded"
    assert damage(here) == {"said_forged"}


def test_a_planted_challenge_is_asked_for_and_found(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = ana.judge(pick_up(ana, ticket), option="approve", confidence="low")
        review = ana.reveal(review)
        plant(here, CHALLENGE)
        assert ana.standing(review).challenge
        with pytest.raises(ChallengeMissing):
            ana.decide(review, option="approve")
        assert damage(here) == {"said_forged"}
        review = ana.challenge(review, weakest="carrier-scan", wrong_if=WRONG_IF)
        assert ana.decide(review, option="approve").state == "held"
    assert damage(here) == set(), "her own words took its place"


def test_no_event_that_says_erased_excuses_words_that_are_there(
    here: House, ticket: Ticket
) -> None:
    plant(here, CHALLENGE)
    with raw(here.path) as db:
        db.execute(
            "INSERT INTO event (seq, at, actor, kind, escalation, detail, previous, hash)"
            " SELECT max(seq) + 1, 1, 'desk', 'erased', ?, '{}', hash, printf('%064d', 1)"
            " FROM event",
            (ticket.id,),
        )
    assert "said_forged" in damage(here)


CHANGED = {
    "its option": "UPDATE judgement SET option = 'approve'",
    "its confidence": "UPDATE judgement SET confidence = 'high'",
    "its time": "UPDATE judgement SET at = at - 1",
    "its reviewer": "UPDATE judgement SET reviewer = 'ben'",
    "its signature": "UPDATE judgement SET signature = (SELECT signature FROM challenge)",
    "the challenge's words": "UPDATE challenge SET wrong_if = 'it were raining'",
    "the challenge's weakest point": "UPDATE challenge SET weakest = 'bank-account'",
    "the challenge's mark": "UPDATE challenge SET boilerplate = 'near'",
}


@pytest.mark.parametrize("what", CHANGED)
def test_what_was_said_and_changed_afterwards_is_found(
    here: House, ticket: Ticket, what: str
) -> None:
    with here.desk() as ana:
        considered(ana, pick_up(ana, ticket))
    write(here, CHANGED[what])
    assert damage(here) == {"said_forged"}


def test_what_was_said_about_one_question_counts_for_no_other(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        considered(ana, pick_up(ana, ticket))
    with raw(here.path) as db:
        signature = db.execute("SELECT signature FROM judgement").fetchone()[0]
    with here.agent() as queue:
        said = Recommendation(option="approve", reason="loyal customer", confidence=0.62)
        other = queue.submit(brief(amount=7).model_copy(update={"recommendation": said}))
    plant(here, JUDGEMENT, signature)
    with here.desk() as ana, pytest.raises(JudgementFirst):
        ana.decide(pick_up(ana, other), option="approve")


def test_a_look_that_is_said_to_withhold_nothing_withholds(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        write(here, "UPDATE review SET withheld = NULL, opened_at = 1")
        with pytest.raises(JudgementFirst):
            ana.decide(review, option="approve")
        assert ana.open(ticket.id).recommendation is None
