"""The items of practice: what is shipped, what a burst draws, what is refused and how."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from overread_console.practice.burst import draw, load_items, shipped_folder
from overread_console.practice.items import InvalidPractice, PracticeItem
from practice_items import SOUND, WRONG, Members, members, own_folder


@pytest.fixture(scope="module")
def shipped() -> tuple[PracticeItem, ...]:
    return load_items(shipped_folder())


def test_every_plausible_way_to_be_wrong_is_among_the_shipped_items(
    shipped: tuple[PracticeItem, ...],
) -> None:
    assert {item.kind for item in shipped if not item.sound} == {
        "swapped beneficiary",
        "stale document",
        "wrong policy",
        "unit error",
        "missing step",
    }
    assert {item.kind for item in shipped if item.sound} == {"nothing wrong"}


def test_the_outside_of_a_card_does_not_give_the_answer_away(
    shipped: tuple[PracticeItem, ...],
) -> None:
    for sound in (True, False):
        same = [item.brief for item in shipped if item.sound is sound]
        contradicted = [
            any(fact.stance == "contradicts" for fact in brief.evidence) for brief in same
        ]
        assert any(contradicted)
        assert not all(contradicted)
        assert all(brief.recommendation and brief.recommendation.doubt for brief in same)


def test_a_burst_is_half_wrong_and_never_in_the_order_of_the_files(
    shipped: tuple[PracticeItem, ...],
) -> None:
    bursts = [draw(shipped, random.Random(seed)) for seed in range(12)]

    for burst in bursts:
        assert [item.sound for item in burst].count(True) == 3
        assert len({item.brief.question for item in burst}) == 6
    assert len({tuple(item.brief.question for item in burst) for burst in bursts}) == 12
    assert len({tuple(item.sound for item in burst) for burst in bursts}) > 3


def test_a_small_folder_of_ones_own_is_still_half_wrong(tmp_path: Path) -> None:
    own = load_items(own_folder(tmp_path, WRONG, SOUND, "export-ekdal"))

    drawn = draw(own, random.Random(1))

    assert sorted(item.sound for item in drawn) == [False, True]


def spoilt(change: Callable[[Members], object]) -> Callable[[Members], bytes]:
    def spoil(item: Members) -> bytes:
        change(item)
        return json.dumps(item).encode()

    return spoil


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda _: b"{", "It is not JSON"),
        (lambda _: b"[]", "Give an object"),
        (spoilt(lambda item: item.pop("brief")), "brief: It is missing"),
        (spoilt(lambda item: item.pop("look_for")), "look_for: It is missing"),
        (spoilt(lambda item: item.update(answer="reject")), "answer: No such field"),
        (spoilt(lambda item: item.update(right=[])), "right: "),
        (spoilt(lambda item: item.update(right=["yes"])), "right.0: "),
        (spoilt(lambda item: item.update(seen_in="nowhere")), "use an id of the evidence"),
        (spoilt(lambda item: item.update(quote="not there")), "copy words from its content"),
        (spoilt(lambda item: item["brief"].pop("question")), "brief.question: It is missing"),
        (
            spoilt(lambda item: item["brief"].update(question="really " * 20)),
            "brief.question: Cut 6 words",
        ),
        (
            spoilt(lambda item: item["brief"]["options"].pop(1)),
            "the brief offers no such option",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_to_change(
    tmp_path: Path, spoil: Callable[[Members], bytes], told: str
) -> None:
    own_folder(tmp_path)
    (tmp_path / "mine.json").write_bytes(spoil(members()))

    with pytest.raises(InvalidPractice, match=r"mine\.json: ") as refused:
        load_items(tmp_path)

    assert told in str(refused.value)


@pytest.mark.parametrize("names", [(WRONG,), (SOUND,)])
def test_a_folder_needs_both_sorts(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(InvalidPractice, match="some that are wrong and some that are right"):
        load_items(own_folder(tmp_path, *names))


def test_an_empty_folder_and_none_at_all_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InvalidPractice, match="0 items"):
        load_items(tmp_path)
    with pytest.raises(InvalidPractice, match="no such folder"):
        load_items(tmp_path / "gone")
