"""A reviewer with a small screen: the whole card, in the order to read it, without scrolling."""

from __future__ import annotations

from dataclasses import replace

import pytest

from card_samples import (
    NOW,
    a_brief,
    a_fact,
    a_handling,
    a_review,
    an_option,
    the_fullest_brief,
)
from overread_briefs.brief import Recommendation, Trigger
from overread_briefs.budget import over_budget
from overread_briefs.width import cells
from overread_console.flow.card import card_of
from overread_console.flow.layout import CARD_HEIGHT, CARD_WIDTH, layout
from overread_console.flow.spans import plain
from overread_queue.models import Draft, Judgement, Review


def shown(review: Review, height: int = CARD_HEIGHT) -> list[str]:
    return [plain(line) for line in layout(card_of(review, NOW), CARD_WIDTH, height)]


def the_fullest_review() -> Review:
    brief = the_fullest_brief()
    assert over_budget(brief) == (), "the worst case must be one that submission accepts"
    reasons = [Trigger(kind="policy", rule=f"rule-{n}", observed=n, threshold=0) for n in range(6)]
    return a_review(
        brief,
        recommendation=brief.recommendation,
        handling=a_handling(triggers=tuple(reasons), on_silence="senior refunds takes over " * 4),
        draft=Draft(option="approve", parameters=None, reason=""),
    )


def test_the_fullest_card_within_budget_fits_21_lines_of_80_columns() -> None:
    lines = shown(the_fullest_review())
    assert len(lines) <= CARD_HEIGHT
    assert max(map(cells, lines)) <= CARD_WIDTH


def test_the_fullest_card_still_shows_every_option_and_every_fact_in_full() -> None:
    text = "\n".join(shown(the_fullest_review()))
    assert [text.count(f" {letter} ") > 0 for letter in "ambfghrie"] == [True] * 9
    for word in ("thirteenth", "parcel never came", "ninety days only"):
        assert word in text


def test_an_ordinary_card_has_air_and_reads_in_order() -> None:
    lines = shown(a_review())
    text = "\n".join(lines)
    order = ["Refund $420.00", "payments.refund", "due", "why", "facts", "AI", " a  approve"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert lines.count("") == 3


def test_the_tier_and_the_consequence_of_silence_are_words() -> None:
    text = "\n".join(shown(a_review()))
    assert "HARD APPROVAL" in text
    assert "in 3 h 12 m · if nobody answers: senior refunds takes over" in text


def test_a_contradiction_comes_first_and_a_stale_fact_says_so() -> None:
    old = a_fact("policy", title="Refund policy", stance="neutral", max_age=60)
    facts = [old.model_copy(update={"as_of": NOW - 41 * 86_400_000}), a_fact()]
    lines = [line for line in shown(a_review(a_brief(evidence=facts))) if "·" in line]
    contradiction = next(i for i, line in enumerate(lines) if "✗ 1 Carrier scan" in line)
    stale = next(i for i, line in enumerate(lines) if "⚠ 2 Refund policy" in line)
    assert contradiction < stale
    assert "stale 41 d" in lines[stale]


def test_the_agents_reasons_are_marked_as_the_agents_words() -> None:
    text = "\n".join(shown(a_review()))
    assert "why    refund-over-limit  amount 420 > 250" in text
    assert "agent says: confidence-floor" in text


def test_a_suggestion_is_always_called_one() -> None:
    said = Recommendation(option="approve", reason="first claim", confidence=0.62)
    text = "\n".join(shown(a_review(recommendation=said)))
    assert "AI     suggests approve refund (0.62): first claim" in text


@pytest.mark.parametrize("height", [10, 21, 40])
def test_nothing_is_lost_whatever_the_height(height: int) -> None:
    text = "\n".join(shown(a_review(), height))
    for label in ("approve refund", "reject", "ask the agent", "hand on"):
        assert label in text


def test_hidden_characters_become_marks_and_a_remark() -> None:
    brief = a_brief(
        question="Refund \x1b[2J\u202eA-1009?",
        options=[an_option(consequence="pays \u200bnow")],
    )
    text = "\n".join(shown(a_review(brief)))
    assert "⟪ESC⟫" in text
    assert "⟪RLO⟫" in text
    assert "⟪ZWSP⟫" in text
    assert "odd text in this brief: 3 hidden characters" in text
    assert not {"\x1b", "\u202e", "\u200b"} & set(text)


def test_the_fullest_card_fits_before_and_after_a_first_judgement_and_nothing_moves() -> None:
    shown_after = replace(
        the_fullest_review(), withheld=True, judgement=Judgement("reject", "medium", NOW)
    )
    before = replace(shown_after, judgement=None, recommendation=None)
    lines = [shown(before), shown(shown_after)]
    assert max(map(len, lines)) <= CARD_HEIGHT
    assert max(cells(line) for card in lines for line in card) <= CARD_WIDTH
    first, second = (
        next(at for at, line in enumerate(card) if line.startswith(" a ")) for card in lines
    )
    assert first == second
