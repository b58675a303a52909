"""What an approval waits for: floors, reading, judging. Nothing else ever waits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import brief
from overread_queue.errors import (
    CapReached,
    ChallengeMissing,
    ClockWentBack,
    EvidenceUnread,
    JudgementFirst,
    NotAllowed,
    NotYet,
    TooSoon,
)
from overread_queue.friction.floors import floor_seconds, required_words
from overread_queue.friction.standing import Facts, refuse, standing
from overread_queue.models import Challenge, Judgement, Standing
from overread_queue.policy.settings import IMPACTS, Friction
from overread_queue.states import EscalationKind, Tier

ONE_BY_ONE = {
    EscalationKind.APPROVAL: Tier.HARD_APPROVAL,
    EscalationKind.SOFT_REVIEW: Tier.SOFT_REVIEW,
    EscalationKind.AUDIT: Tier.AUTONOMOUS,
}
THRESHOLDS = (*IMPACTS, "never")

DEFAULT = Friction()

pauses = st.integers(0, 120).map("{}s".format)
frictions = st.builds(
    Friction,
    floor_soft=pauses,
    floor_hard=pauses,
    floor_irreversible=pauses,
    words_per_minute=st.integers(100, 600),
    read_contradictions=st.booleans(),
    challenge_from=st.sampled_from(THRESHOLDS),
    challenge_least=st.integers(0, 60),
)
kinds = st.sampled_from(list(EscalationKind))
words = st.integers(0, 2000)
multipliers = st.floats(0.5, 4)


def floor(friction: Friction = DEFAULT, **given: object) -> float:
    usual = {
        "kind": EscalationKind.APPROVAL,
        "tier": Tier.HARD_APPROVAL,
        "irreversible": False,
        "words": 0,
        "multiplier": 1.0,
    }
    return floor_seconds(friction, **(usual | given))


def test_the_floors_are_those_of_the_guide() -> None:
    assert floor() == 20
    assert floor(irreversible=True) == 45
    assert floor(kind=EscalationKind.SOFT_REVIEW, tier=Tier.SOFT_REVIEW) == 0
    assert floor(kind=EscalationKind.AUDIT, tier=Tier.AUTONOMOUS, words=500) == 0


def test_a_hard_stop_has_no_approval_that_could_wait() -> None:
    assert floor(tier=Tier.HARD_STOP, irreversible=True, words=500) == 0


def test_nobody_reads_faster_than_three_hundred_words_a_minute() -> None:
    assert floor(words=85) == 20
    assert floor(words=150) == 30
    assert floor(words=300, irreversible=True) == 60


def test_whoever_needs_twice_the_time_gets_it_and_a_fast_reader_waits_like_everybody() -> None:
    assert floor(words=150, multiplier=2.0) == 60
    assert floor(words=150, multiplier=0.5) == 30


@given(frictions, kinds, st.booleans(), words, multipliers)
def test_a_floor_is_none_at_all_or_never_below_the_time_to_read(
    friction: Friction, kind: EscalationKind, irreversible: bool, words: int, multiplier: float
) -> None:
    tier = ONE_BY_ONE[kind]
    found = floor(
        friction,
        kind=kind,
        tier=tier,
        irreversible=irreversible,
        words=words,
        multiplier=multiplier,
    )
    assert found == 0 or found >= words / friction.words_per_minute * 60


@given(frictions, kinds, st.booleans(), words, words, multipliers, st.floats(1, 2))
def test_more_to_read_or_more_time_to_read_it_never_opens_sooner(
    friction: Friction,
    kind: EscalationKind,
    irreversible: bool,
    words: int,
    more: int,
    multiplier: float,
    longer: float,
) -> None:
    where = {"kind": kind, "tier": ONE_BY_ONE[kind], "irreversible": irreversible}
    before = floor(friction, words=words, multiplier=multiplier, **where)
    assert floor(friction, words=words + more, multiplier=multiplier, **where) >= before
    assert floor(friction, words=words, multiplier=multiplier * longer, **where) >= before


def test_required_words_are_the_card_and_all_of_what_contradicts() -> None:
    plain = brief()
    scan = plain.evidence[1]
    assert scan.stance == "contradicts"
    seen = required_words(plain, plain.options, "it fails")
    longer = scan.model_copy(
        update={"content": f"{scan.content} and eight words more about the same van"}
    )
    changed = plain.model_copy(update={"evidence": (plain.evidence[0], longer, plain.evidence[2])})
    assert required_words(changed, plain.options, "it fails") == seen + 8
    assert required_words(plain, plain.options, "it fails, and is tried again") == seen + 4
    assert required_words(plain, plain.options[:1], "it fails") < seen


def test_what_supports_is_not_required_reading_beyond_its_title() -> None:
    plain = brief()
    mail = plain.evidence[0].model_copy(update={"content": "a long complaint " * 100})
    longer = plain.model_copy(update={"evidence": (mail, *plain.evidence[1:])})
    assert required_words(longer, (), "") == required_words(plain, (), "")


READY = Facts(
    friction=Friction(),
    kind=EscalationKind.APPROVAL,
    tier=Tier.HARD_APPROVAL,
    impact="high",
    irreversible=True,
    words=60,
    multiplier=1.0,
    active_ms=45_000,
    contradicting=frozenset({"carrier-scan"}),
    opened=frozenset({"carrier-scan", "customer-mail"}),
    withheld=True,
    judgement=Judgement("approve", "medium", 1),
    challenge=Challenge("the signature is not the customer's", weakest="customer-mail"),
    paying=frozenset({"approve", "change"}),
)
"""One irreversible refund, reviewed as it should be."""


def test_an_honest_review_is_let_through() -> None:
    refuse(READY, "approve")
    assert not standing(READY).shut
    assert not standing(READY).challenge


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"capped": "the day's limit of 60 items is reached"}, CapReached),
        ({"clock_back_ms": 1}, ClockWentBack),
        ({"judgement": None}, JudgementFirst),
        ({"active_ms": 44_999}, TooSoon),
        ({"opened": frozenset({"customer-mail"})}, EvidenceUnread),
        ({"challenge": None}, ChallengeMissing),
        ({"challenge": Challenge("the signature is not theirs")}, ChallengeMissing),
        ({"challenge": Challenge("  ", missing="a delivery photo")}, ChallengeMissing),
        ({"judgement": Judgement("reject", "low", 1)}, ChallengeMissing),
    ],
)
def test_each_shortcut_is_refused_by_its_name(
    change: dict[str, object], refusal: type[Exception]
) -> None:
    facts = replace(READY, **change)
    with pytest.raises(refusal):
        refuse(facts, "approve")
    for free in ("reject", "need-info", "hand-on"):
        refuse(facts, free)


def test_what_no_reading_mends_is_said_first() -> None:
    facts = replace(
        READY, capped="the day's limit of 60 items is reached", judgement=None, active_ms=0
    )
    with pytest.raises(CapReached, match="rejecting, asking and handing on still work"):
        refuse(facts, "approve")
    with pytest.raises(JudgementFirst):
        refuse(replace(facts, capped=""), "approve")


def test_a_changed_mind_says_why_once() -> None:
    facts = replace(READY, judgement=Judgement("change", "low", 1))
    assert standing(facts).changed == {"approve"}
    refuse(facts, "change")
    with pytest.raises(ChallengeMissing, match="what changed since your first judgement"):
        refuse(facts, "approve")
    assert facts.challenge
    for nothing in (" ", "\u200b", "…", "\u3164"):
        blank = replace(facts, challenge=replace(facts.challenge, changed=nothing))
        assert standing(blank).changed == {"approve"}
    told = replace(facts, challenge=replace(facts.challenge, changed="the amount is right"))
    assert standing(told).changed == frozenset()
    refuse(told, "approve")


def test_a_changed_mind_is_explained_only_where_a_challenge_is_due() -> None:
    changed = replace(READY, judgement=Judgement("reject", "low", 1))
    assert not passes(changed, "approve")
    assert passes(replace(changed, impact="medium"), "approve")


def test_a_refusal_before_the_last_second_does_not_say_zero() -> None:
    with pytest.raises(TooSoon, match="in 1 s of reading"):
        refuse(replace(READY, active_ms=44_999), "approve")


def test_a_policy_that_asks_nothing_gets_nothing() -> None:
    off = Friction(
        floor_hard="0s", floor_irreversible="0s", read_contradictions=False, challenge_from="never"
    )
    facts = replace(
        READY,
        friction=off,
        active_ms=0,
        opened=frozenset(),
        withheld=False,
        judgement=None,
        challenge=None,
    )
    assert not passes(replace(facts, friction=Friction()), "approve")
    assert passes(facts, "approve")
    assert standing(facts) == Standing()


judgements = st.none() | st.builds(
    Judgement, st.sampled_from(["approve", "change", "reject"]), st.just("low"), st.just(1)
)
challenges = st.none() | st.builds(
    Challenge,
    st.sampled_from(["", "the signature is not the customer's"]),
    weakest=st.sampled_from([None, "carrier-scan"]),
    changed=st.sampled_from(["", "the amount is right"]),
)
evidence = st.frozensets(st.sampled_from(["carrier-scan", "bank-account"]))
kinds_and_tiers = st.sampled_from([*ONE_BY_ONE.items(), (EscalationKind.APPROVAL, Tier.HARD_STOP)])


@st.composite
def situations(draw: st.DrawFn) -> Facts:
    kind, tier = draw(kinds_and_tiers)
    return Facts(
        friction=draw(frictions),
        kind=kind,
        tier=tier,
        impact=draw(st.sampled_from(IMPACTS)),
        irreversible=draw(st.booleans()),
        words=draw(words),
        multiplier=draw(multipliers),
        active_ms=draw(st.integers(0, 500_000)),
        contradicting=draw(evidence),
        opened=draw(evidence),
        withheld=draw(st.booleans()),
        judgement=draw(judgements),
        challenge=draw(challenges),
        paying=frozenset({"approve", "change"}),
        capped=draw(st.sampled_from(["", "", "the day's limit of 60 items is reached"])),
        clock_back_ms=draw(st.sampled_from([0, 0, 5000])),
    )


def passes(facts: Facts, option: str) -> bool:
    try:
        refuse(facts, option)
    except (NotYet, NotAllowed):
        return False
    return True


@given(situations(), st.sampled_from(["approve", "change"]))
def test_what_a_face_is_told_is_what_the_decision_asks(facts: Facts, option: str) -> None:
    told = standing(facts)
    open_now = not (told.shut or told.challenge or option in told.changed or facts.clock_back_ms)
    assert passes(facts, option) is open_now


@given(situations(), st.sampled_from(["reject", "need-info", "hand-on", "take-over"]))
def test_whatever_does_not_approve_never_waits(facts: Facts, option: str) -> None:
    assert passes(facts, option)


@given(situations(), frictions, st.sampled_from(["approve", "change"]))
def test_more_friction_never_lets_through_what_less_refused(
    facts: Facts, other: Friction, option: str
) -> None:
    mine = facts.friction
    stricter = mine.model_copy(
        update={
            "floor_soft": max(mine.floor_soft, other.floor_soft),
            "floor_hard": max(mine.floor_hard, other.floor_hard),
            "floor_irreversible": max(mine.floor_irreversible, other.floor_irreversible),
            "words_per_minute": min(mine.words_per_minute, other.words_per_minute),
            "read_contradictions": mine.read_contradictions or other.read_contradictions,
            "challenge_from": min(mine.challenge_from, other.challenge_from, key=THRESHOLDS.index),
            "challenge_least": max(mine.challenge_least, other.challenge_least),
        }
    )
    assert passes(facts, option) or not passes(replace(facts, friction=stricter), option)
