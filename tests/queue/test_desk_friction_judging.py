"""A withheld recommendation: judged first, then shown, and told by nothing before that."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from factories import POLICY, House, brief, house
from frictionless import with_friction
from journey import events, kinds, pass_time, pick_up, raw
from overread_briefs import Recommendation
from overread_queue import ReviewDesk
from overread_queue.errors import InvalidRequest, JudgementFirst, LeaseLost
from overread_queue.friction.drawing import drawn
from overread_queue.models import Review, Ticket
from overread_queue.store.driver import sqlite3
from overread_queue.trust.keys import load_secret
from overread_queue.trust.people import AUDIT

WITHHOLDING = with_friction(POLICY, withhold_from="high")
REASON = "loyal customer, first claim"
DOUBT = "the signature may be real"


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path, policy=WITHHOLDING)


@pytest.fixture
def ticket(here: House) -> Ticket:
    return submit(here)


def submit(here: House, **changes: object) -> Ticket:
    said = Recommendation(option="approve", reason=REASON, confidence=0.62, doubt=DOUBT)
    asked = brief().model_copy(update={"recommendation": said, **changes})
    with here.agent() as queue:
        return queue.submit(asked)


def tells(review: Review) -> bool:
    """Whether anything in the review gives the recommendation away."""
    shown = repr(asdict(review)) + review.brief.model_dump_json()
    if review.previous:
        shown += review.previous.model_dump_json()
    return any(word in shown for word in (REASON, DOUBT, "0.62, doubt", "confidence=0.62"))


def judged(desk: ReviewDesk, review: Review, option: str = "reject") -> Review:
    return desk.judge(review, option=option, confidence="medium")


def test_judge_first_then_the_recommendation_then_approve(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        assert (review.withheld, review.recommendation) == (True, None)
        assert not tells(review)
        assert ana.standing(review).judge
        with pytest.raises(JudgementFirst):
            ana.decide(review, option="approve")
        with pytest.raises(JudgementFirst):
            ana.reveal(review)
        review = judged(ana, review)
        assert not tells(review), "the judgement is committed before anything is shown"
        assert review.judgement is not None
        assert (review.judgement.option, review.judgement.confidence) == ("reject", "medium")
        review = ana.reveal(review)
        assert not review.withheld
        assert review.recommendation is not None
        assert review.recommendation.doubt == DOUBT
        assert ana.decide(review, option="approve").state == "held"
    steps = [one for one in kinds(here.path, ticket.id) if one not in ("submitted", "claimed")]
    assert steps[:5] == [
        "opened",
        "refused:JudgementFirst",
        "refused:JudgementFirst",
        "judged",
        "revealed",
    ]


def test_saying_no_needs_no_judgement(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        assert ana.decide(review, option="reject", reason="no").state == "recorded"
    assert not [kind for kind in kinds(here.path) if kind.startswith("refused:")]


def test_a_judgement_is_made_once_and_stays(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = judged(ana, pick_up(ana, ticket))
        with pytest.raises(InvalidRequest, match="already"):
            judged(ana, review, "approve")
        ana.release(review.item)
        again = pick_up(ana, ticket)
        assert again.judgement == review.judgement
        assert not tells(again), "judged, and never revealed"
        assert tells(ana.reveal(again))
        ana.release(again.item)
        again = pick_up(ana, ticket)
        assert tells(again), "what was shown once is shown"
        ana.release(again.item)
    with here.desk("ben") as ben:
        theirs = pick_up(ben, ticket)
        assert theirs.judgement is None
        assert not tells(theirs), "each judges for themselves"
    with raw(here.path) as db:
        for change in ("UPDATE judgement SET option = 'approve'", "DELETE FROM judgement"):
            with pytest.raises(sqlite3.IntegrityError, match="first judgement"):
                db.execute(change)


def test_revealing_again_records_nothing_new(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = ana.reveal(judged(ana, pick_up(ana, ticket)))
        pass_time(here, 5)
        assert ana.reveal(review).recommendation == review.recommendation
        assert ana.open(review.item).recommendation == review.recommendation
    assert kinds(here.path).count("revealed") == 1
    with raw(here.path) as db:
        at, revealed_at = db.execute("SELECT at, revealed_at FROM judgement").fetchone()
    assert at == revealed_at


def test_judging_what_makes_no_sense(here: House, ticket: Ticket) -> None:
    with here.desk() as ana, here.desk("ben") as ben:
        review = pick_up(ana, ticket)
        with pytest.raises(InvalidRequest, match="no option 'shrug'"):
            judged(ana, review, "shrug")
        with pytest.raises(InvalidRequest, match="low, medium, high"):
            ana.judge(review, option="approve", confidence="total")  # type: ignore[arg-type]
        with pytest.raises(LeaseLost):
            judged(ben, review)
        with pytest.raises(LeaseLost):
            ben.reveal(review)
        ana.release(review.item)
        for late in (judged, ReviewDesk.reveal):
            with pytest.raises(LeaseLost):
                late(ana, review)
    assert "judged" not in kinds(here.path)


def test_nothing_to_judge(here: House) -> None:
    """A brief without a recommendation, and one that may show it."""
    bare = submit(here, recommendation=None)
    mail = submit(here, action=brief(action_type="mail.send").action)
    with here.desk() as ana:
        for ticket in (bare, mail):
            review = pick_up(ana, ticket)
            assert not review.withheld
            with pytest.raises(InvalidRequest, match="nothing is withheld"):
                judged(ana, review)
            assert ana.reveal(review).recommendation == review.recommendation
            assert ana.decide(review, option="approve").state == "held"


def test_a_revised_brief_tells_nothing_of_either(here: House, ticket: Ticket) -> None:
    with here.agent() as queue:
        said = Recommendation(option="approve", reason=REASON, confidence=0.7, doubt=DOUBT)
        second = queue.revise(
            ticket, brief(amount=12.5).model_copy(update={"recommendation": said})
        )
    with here.desk() as ana:
        review = pick_up(ana, second)
        assert review.previous is not None
        assert not tells(review)


def test_a_draft_from_before_tells_nothing(here: House, ticket: Ticket) -> None:
    """An approval that its console did not live to release, taken again by a colleague."""
    with here.desk() as ana:
        ana.decide(ana.reveal(judged(ana, pick_up(ana, ticket), "approve")), option="approve")
    pass_time(here, 311)
    with here.desk("ben") as ben:
        ben.sweep()
        review = pick_up(ben, ticket)
        assert review.draft is None
        assert not tells(review)


def test_the_draw_belongs_to_the_escalation(tmp_path: Path) -> None:
    here = house(tmp_path, policy=with_friction(POLICY, withhold_fraction=0.5))
    key = load_secret(here.places.key(AUDIT))
    tickets = [submit(here, question=f"Refund number {number}?") for number in range(16)]
    found = []
    with here.desk() as ana:
        for ticket in tickets:
            review = pick_up(ana, ticket)
            ana.release(review.item)
            again = pick_up(ana, ticket)
            assert again.withheld == review.withheld, "opening it again never draws again"
            ana.release(again.item)
            assert again.withheld == drawn(key, b"overread.withhold.v1\0", ticket.id, 0.5)
            found.append(again.withheld)
    assert True in found
    assert False in found
    with raw(here.path) as db:
        stored = db.execute(
            "SELECT withheld, withhold_probability FROM review ORDER BY opened_at, id"
        ).fetchall()
    assert {tuple(one) for one in stored} == {("drawn", 0.5), (None, 0.5)}
    opened = [json.loads(one.detail) for one in events(here.path) if one.kind == "opened"]
    assert {one["withheld"] for one in opened} == {"drawn", None}
    assert len({one["key"] for one in opened}) == 1
    assert all(one["probability"] == 0.5 for one in opened)


def test_asking_the_agent_draws_no_second_time(tmp_path: Path) -> None:
    here = house(tmp_path, policy=with_friction(POLICY, withhold_fraction=0.5))
    found: set[tuple[bool, bool]] = set()
    for number in range(12):
        ticket = submit(here, question=f"Refund number {number}?")
        with here.desk() as ana:
            before = pick_up(ana, ticket)
            ask = next(one.key for one in before.options if one.kind == "need_info")
            ana.decide(before, option=ask, reason="which order?")
        with here.agent() as queue:
            revised = queue.revise(ticket, brief(f"Refund number {number}, A-1009?"))
        with here.desk() as ana:
            found.add((before.withheld, pick_up(ana, revised).withheld))
    assert found == {(True, True), (False, False)}


def test_without_the_key_every_draw_that_is_possible_counts(tmp_path: Path) -> None:
    """A reviewer whose process may not read the desk's key is not spared the question."""
    here = house(tmp_path, policy=with_friction(POLICY, withhold_fraction=0.01))
    ticket = submit(here)
    with here.desk() as ana:
        here.places.key(AUDIT).chmod(0o644)
        assert pick_up(ana, ticket).withheld
        here.places.key(AUDIT).chmod(0o600)
    with raw(here.path) as db:
        look = db.execute("SELECT withheld, withhold_probability FROM review").fetchone()
    assert tuple(look) == ("drawn", 1.0)


def test_a_policy_that_withholds_nothing_shows_it_at_once(tmp_path: Path) -> None:
    here = house(tmp_path)
    ticket = submit(here)
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        assert not review.withheld
        assert tells(review)
