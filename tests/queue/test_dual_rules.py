"""What becomes of each answer, whoever gives it and in whatever order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overread_briefs.decision import RELEASING, Envelope, Verdict
from overread_queue.release import Answer
from overread_queue.reviewing.dual import Next, next_step
from trust_factory import envelope

GIVEN, SMALLER = "a" * 64, "b" * 64
Said = tuple[Verdict, str]
YES: Said = ("approve", GIVEN)
NO: Said = ("reject", GIVEN)
LESS: Said = ("modify", SMALLER)
OTHER: Said = ("modify", "c" * 64)


def opinion(said: Said) -> Envelope:
    return envelope(verdict=said[0], action_sha256=said[1])


def step(*said: Said, binding: bool = True) -> Next:
    """What becomes of the last of these."""
    *earlier, (verdict, action) = said
    answer = Answer(verdict, verdict, action, decided_at=0)
    return next_step([opinion(one) for one in earlier], answer, binding=binding)


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        ((YES,), Next.ASK_ANOTHER),
        ((NO,), Next.ASK_ANOTHER),
        ((YES, YES), Next.DECIDE),
        ((NO, NO), Next.DECIDE),
        ((LESS, LESS), Next.DECIDE),
        ((LESS, OTHER), Next.ASK_SENIOR),
        ((YES, LESS), Next.ASK_SENIOR),
        ((NO, YES), Next.ASK_SENIOR),
        ((NO, YES, YES), Next.DECIDE),
        ((YES, LESS, NO), Next.DECIDE),
        ((NO, LESS, YES), Next.ASK_ANOTHER),
        ((NO, LESS, YES, LESS), Next.DECIDE),
    ],
)
def test_what_becomes_of_the_last_answer(said: tuple[Said, ...], becomes: Next) -> None:
    assert step(*said) is becomes


def test_where_the_lot_asked_for_two_a_third_decides_alone() -> None:
    assert step(NO, LESS, YES, binding=False) is Next.DECIDE
    assert step(NO, YES, binding=False) is Next.ASK_SENIOR


@given(st.lists(st.sampled_from([YES, NO, LESS, OTHER]), min_size=1, max_size=6))
def test_no_order_of_answers_releases_what_only_one_person_wanted(answers: list[Said]) -> None:
    said: list[Said] = []
    for one in answers:
        if step(*said, one) is Next.DECIDE:
            assert one in said or one[0] not in RELEASING
            assert said
            return
        said.append(one)
    assert len(set(said)) == len(said)
