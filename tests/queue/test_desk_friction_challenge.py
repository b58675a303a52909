"""The challenge: an approval names what it hangs on, in words about this case."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import POLICY, House, brief, house
from frictionless import with_friction
from journey import events, kinds, pick_up, raw, settle
from overread_queue import ReviewDesk
from overread_queue.errors import Boilerplate, ChallengeMissing, InvalidRequest, LeaseLost
from overread_queue.models import Review, Ticket

CHALLENGING = with_friction(POLICY, challenge_from="high")
WRONG_IF = "the signature on the carrier's scan turns out to be the customer's own"


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path, policy=CHALLENGING)


@pytest.fixture
def ticket(here: House) -> Ticket:
    return submit(here, 1)


def submit(here: House, number: int, **more: str) -> Ticket:
    with here.agent() as queue:
        return queue.submit(brief(amount=number, **more), key=f"refund-{number}")  # type: ignore[arg-type]


def challenge(desk: ReviewDesk, review: Review, wrong_if: str = WRONG_IF, **more: object) -> Review:
    return desk.challenge(review, weakest="carrier-scan", wrong_if=wrong_if, **more)  # type: ignore[arg-type]


def stored(here: House) -> list[tuple[object, ...]]:
    """What the desk keeps of each challenge, by the item's key."""
    columns = "weakest, missing, wrong_if, changed, boilerplate"
    there = "challenge AS c JOIN escalation AS e ON e.id = c.escalation"
    with raw(here.path) as db:
        return [tuple(one) for one in db.execute(f"SELECT {columns} FROM {there} ORDER BY e.key")]


def test_an_approval_needs_its_challenge(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        assert ana.standing(review).challenge
        assert not ana.standing(review).shut, "it is asked on the way, not beforehand"
        with pytest.raises(ChallengeMissing, match="weakest"):
            ana.decide(review, option="approve")
        review = challenge(ana, review)
        assert review.challenge is not None
        assert (review.challenge.weakest, review.challenge.wrong_if) == ("carrier-scan", WRONG_IF)
        assert not ana.standing(review).challenge
        assert ana.decide(review, option="approve").state == "held"
    assert stored(here) == [("carrier-scan", None, WRONG_IF, "", None)]
    assert kinds(here.path).count("refused:ChallengeMissing") == 1


def test_what_is_missing_counts_as_a_weakest_point(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        ana.challenge(review, weakest="missing: a photo of the door", wrong_if=WRONG_IF)
        assert ana.decide(review, option="change", parameters={"amount": 5}).state == "held"
    assert stored(here)[0][:2] == (None, "a photo of the door")


@pytest.mark.parametrize(
    "weakest", ["", "missing:", "missing:  ", "missing: \u200b", "missing: …", "the scan", "bank"]
)
def test_a_weakest_point_exists(here: House, ticket: Ticket, weakest: str) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        with pytest.raises(InvalidRequest, match="customer-mail, carrier-scan, bank-account"):
            ana.challenge(review, weakest=weakest, wrong_if=WRONG_IF)
    assert stored(here) == []


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("", "too short"),
        ("it is wrong", "too short"),
        ("wrong wrong wrong wrong wrong wrong", "too short"),
        ("Refund $420.00 on order A-1009?  refund", "copied"),
    ],
)
def test_words_that_say_nothing_are_refused_and_counted(
    here: House, ticket: Ticket, words: str, kind: str
) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        with pytest.raises(Boilerplate) as refused:
            challenge(ana, review, words, keep=True)
        assert (refused.value.kind, refused.value.may_keep) == (kind, False)
        with pytest.raises(ChallengeMissing):
            ana.decide(review, option="approve")
    (event,) = [one for one in events(here.path) if one.kind == "refused:Boilerplate"]
    assert event.detail == f'{{"kind":"{kind}"}}', "the kind, and never the words"
    assert stored(here) == []


def test_the_same_words_again_are_refused_and_nearly_the_same_are_marked(here: House) -> None:
    first, second, third = (submit(here, number) for number in (1, 2, 3))
    with here.desk() as ana:
        challenge(ana, pick_up(ana, first))
        review = pick_up(ana, second)
        with pytest.raises(Boilerplate) as refused:
            challenge(ana, review, f"{WRONG_IF.upper()}!", keep=True)
        assert refused.value.kind == "repeat"
        near = WRONG_IF.replace("turns out", "really turns out")
        with pytest.raises(Boilerplate) as refused:
            challenge(ana, review, near)
        assert (refused.value.kind, refused.value.may_keep) == ("near-duplicate", True)
        challenge(ana, review, near, keep=True)
        assert ana.decide(review, option="approve").state == "held"
    with here.desk("ben") as ben:
        challenge(ben, pick_up(ben, third))
    assert [one[-1] for one in stored(here)] == [None, "near-duplicate", None]


def test_it_can_be_written_better_until_the_decision(here: House, ticket: Ticket) -> None:
    better = "the parcel was handed to a neighbour who has it still"
    with here.desk() as ana:
        review = challenge(ana, pick_up(ana, ticket))
        review = challenge(ana, review, better)
        assert challenge(ana, review, better).challenge == review.challenge, "no repeat of itself"
        ana.decide(review, option="approve")
        with pytest.raises(LeaseLost):
            challenge(ana, review)
    assert stored(here) == [("carrier-scan", None, better, "", None)]


def test_it_outlives_giving_the_item_back(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        ana.release(challenge(ana, pick_up(ana, ticket)).item)
        review = pick_up(ana, ticket)
        assert review.challenge is not None
        ana.release(review.item)
    with here.desk("ben") as ben:
        assert pick_up(ben, ticket).challenge is None, "each holds their own"


@pytest.mark.parametrize("option", ["reject", "need-info"])
def test_saying_no_needs_none(here: House, ticket: Ticket, option: str) -> None:
    assert settle(here, ticket, option).state == "recorded"


def test_lesser_impact_asks_for_none(here: House) -> None:
    ticket = submit(here, 1, action_type="mail.send")
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        with pytest.raises(InvalidRequest, match="asks for no challenge"):
            challenge(ana, review)
        assert ana.decide(review, option="approve").state == "held"


def test_a_changed_mind_says_what_changed(tmp_path: Path) -> None:
    here = house(
        tmp_path, policy=with_friction(POLICY, challenge_from="high", withhold_from="high")
    )
    ticket = submit(here, 1)
    with here.desk() as ana:
        review = ana.judge(pick_up(ana, ticket), option="reject", confidence="high")
        review = challenge(ana, ana.reveal(review))
        assert ana.standing(review).changed == {"approve", "change"}
        with pytest.raises(ChallengeMissing, match="what changed"):
            ana.decide(review, option="approve")
        review = challenge(ana, review, changed="the carrier has called and withdrawn its scan")
        assert ana.standing(review).changed == frozenset()
        assert ana.decide(review, option="approve").state == "held"
    assert stored(here)[0][3].startswith("the carrier has called")  # type: ignore[attr-defined]


def test_far_too_many_words(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        with pytest.raises(InvalidRequest, match="2000 characters"):
            challenge(ana, review, changed="x" * 2001)


def test_what_changed_is_words_or_nothing(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        for nothing in (" ", "…", "\u200b"):
            with pytest.raises(InvalidRequest, match="what changed"):
                challenge(ana, review, changed=nothing)
        challenge(ana, review, changed="")
    assert [one[3] for one in stored(here)] == [""]
