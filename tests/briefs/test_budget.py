"""The first card is read in thirty seconds: what is too long is refused, and told by how much."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overread_briefs import Brief, InvalidBrief, card_facts, cells, over_budget, parse_brief
from overread_briefs.budget import words

MakeBrief = Callable[..., Brief]
MakeDocument = Callable[..., dict[str, Any]]


def faults(brief: Brief) -> list[tuple[str, str]]:
    return [(fault.field, fault.problem.partition(":")[0]) for fault in over_budget(brief)]


def fact(number: int, title: str, stance: str = "neutral") -> dict[str, Any]:
    return {
        "id": f"fact-{number}",
        "title": title,
        "content": "as it says",
        "source": "desk",
        "as_of": 0,
        "stance": stance,
    }


def option(number: int, consequence: str, label: str = "Approve") -> dict[str, Any]:
    return {
        "key": f"option-{number}",
        "label": label,
        "kind": "approve",
        "consequence": consequence,
    }


def recommendation(**parts: object) -> dict[str, Any]:
    return {"option": "approve", "reason": "first claim", "confidence": 0.6, **parts}


def test_a_brief_within_the_budget_has_no_faults(make_brief: MakeBrief) -> None:
    assert over_budget(make_brief()) == ()


def test_contradictions_come_first_on_the_card(make_brief: MakeBrief) -> None:
    shown = [item.id for item in card_facts(make_brief())]
    assert shown == ["carrier-scan", "mail", "policy"]


@pytest.mark.parametrize(
    ("parts", "field", "cut"),
    [
        ({"question": "why " * 14 + "now?"}, "question", "Cut 1 word"),
        ({"question": "why " * 20}, "question", "Cut 6 words"),
        (
            {"evidence": [fact(1, "a b c d e f g h i"), fact(2, "a " * 10), fact(3, "a " * 12)]},
            "evidence.2.title",
            "Cut 4 words",
        ),
        (
            {"options": [option(1, "go " * 13), option(2, "it " * 14), option(3, "a " * 10)]},
            "options.1.consequence",
            "Cut 2 words",
        ),
        (
            {"recommendation": recommendation(reason="so " * 12)},
            "recommendation.reason",
            "Cut 3 words",
        ),
        (
            {"recommendation": recommendation(doubt="or " * 13)},
            "recommendation.doubt",
            "Cut 1 word",
        ),
        (
            {"options": [option(1, "go", label="Approve the transfer")]},
            None,
            None,
        ),
        (
            {"options": [option(1, "go", label="Approve the transfers")]},
            "options.0.label",
            "Cut 9 characters",
        ),
        (
            {"options": [option(1, f"{'x' * 50} abcdef")]},
            "options.0.consequence",
            "Cut 6 characters",
        ),
        (
            {"evidence": [fact(1, f"{'x' * 44} {'y' * 44} zzz")]},
            "evidence.0.title",
            "Cut 3 characters",
        ),
    ],
)
def test_every_limit_names_the_field_and_what_to_cut(
    make_brief: MakeBrief, parts: dict[str, Any], field: str | None, cut: str | None
) -> None:
    if "options" in parts:
        parts = {**parts, "recommendation": None}
    expected = [(field, cut)] if field else []
    assert faults(make_brief(**parts)) == expected


def test_only_the_facts_on_the_card_count(make_brief: MakeBrief) -> None:
    long_title = "a " * 27
    below_the_card = [fact(1, "one"), fact(2, "two"), fact(3, "three"), fact(4, long_title)]
    assert faults(make_brief(evidence=below_the_card)) == []

    below_the_card[3]["stance"] = "contradicts"  # which brings it to the top
    assert faults(make_brief(evidence=below_the_card)) == [("evidence.3.title", "Cut 2 words")]


def test_titles_that_fit_alone_but_not_together(make_brief: MakeBrief) -> None:
    titles = [f"{'x' * 40} {'y' * length}" for length in (30, 9, 20)]
    facts = [fact(number, title) for number, title in enumerate(titles)]
    told = over_budget(make_brief(evidence=facts))
    assert [fault.field for fault in told] == ["evidence.1.title", "evidence.2.title"]
    assert [fault.problem.partition(":")[0] for fault in told] == [
        "Cut 9 characters",
        "Cut 20 characters",
    ]


def test_hidden_characters_cost_what_they_show(make_brief: MakeBrief) -> None:
    spaced = "\u00a0".join(["why"] * 10)
    assert faults(make_brief(question=spaced)) == [("question", "Cut 5 words")]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("  two   words ", 2),
        ("x" * 25, 1),
        ("x" * 26, 2),
        ("https://example.com/orders/A-1009/refunds/latest", 2),
        ("退款", 1),
        ("是否批准对订单的退款", 5),
        ("ทบทวนคำขอ", 2),
        ("환불을 승인할까요", 2),
        ("a⟪NBSP⟫b", 3),
    ],
)
def test_words(text: str, count: int) -> None:
    assert words(text) == count


def test_text_without_spaces_does_not_escape(make_brief: MakeBrief) -> None:
    question = "是否批准对订单的退款" * 4
    assert faults(make_brief(question=question)) == [("question", "Cut 6 words")]


@given(st.lists(st.from_regex(r"[a-z]{1,12}", fullmatch=True), min_size=1, max_size=24))
def test_cutting_as_told_is_enough(make_brief: MakeBrief, picked: list[str]) -> None:
    question = " ".join(picked)
    for fault in over_budget(make_brief(question=question)):
        count = int(fault.problem.split()[1])
        if "word" in fault.problem.split()[2]:
            question = " ".join(question.split()[:-count])
        else:
            question = question[:-count]
    assert over_budget(make_brief(question=question.strip())) == ()
    assert cells(question) <= 2 * 76 + 1


def test_a_brief_over_budget_is_refused_or_passed_on_with_its_faults(
    make_document: MakeDocument,
) -> None:
    data = json.dumps(make_document(question="why " * 20)).encode()
    with pytest.raises(InvalidBrief) as refusal:
        parse_brief(data)
    assert str(refusal.value) == "question: Cut 6 words: the question has 20, 14 at most."

    brief = parse_brief(data, budget="warn")
    assert over_budget(brief) == refusal.value.faults
    assert brief.question == "why " * 20
