"""Cards of every tier fit 80×24 whole, and say what an answer is for."""

from __future__ import annotations

import pytest

from card_samples import NOW, a_brief, a_fact, a_handling, a_review, the_fullest_brief
from overread_briefs.brief import Trigger
from overread_briefs.width import cells
from overread_console.flow.card import card_of
from overread_console.flow.layout import CARD_HEIGHT, CARD_WIDTH, layout
from overread_console.flow.panes import evidence_pane
from overread_console.flow.sentences import card_sentences
from overread_console.flow.spans import plain
from overread_queue.models import Review
from overread_queue.reviewing.options import options_for
from overread_queue.states import EscalationKind, Tier

SOFT = (EscalationKind.SOFT_REVIEW, Tier.SOFT_REVIEW)
STOP = (EscalationKind.APPROVAL, Tier.HARD_STOP)
AUDIT = (EscalationKind.AUDIT, Tier.SOFT_REVIEW)


def full_review(kind: EscalationKind, tier: Tier) -> Review:
    brief = the_fullest_brief()
    reasons = tuple(Trigger(kind="policy", rule=f"rule-{n}", observed=n) for n in range(6))
    handling = a_handling(
        kind=kind, tier=tier, triggers=reasons, on_silence="the agent takes it back " * 4
    )
    options = options_for(brief, kind, tier, "Senior refunds")
    waits = kind is EscalationKind.APPROVAL
    suggested = brief.recommendation if waits else None
    return a_review(brief, handling=handling, options=options, recommendation=suggested)


def shown(review: Review) -> list[str]:
    return [plain(line) for line in layout(card_of(review, NOW))]


@pytest.mark.parametrize(("kind", "tier"), [SOFT, STOP, AUDIT])
def test_the_fullest_card_of_any_tier_fits(kind: EscalationKind, tier: Tier) -> None:
    lines = shown(full_review(kind, tier))
    assert len(lines) <= CARD_HEIGHT
    assert max(map(cells, lines)) <= CARD_WIDTH


@pytest.mark.parametrize(
    ("kind", "tier", "badge", "standing", "letters"),
    [
        (*SOFT, "◧ SOFT REVIEW", "the agent has acted: confirm it, or it is taken back", "aer"),
        (*STOP, "■ HARD STOP", "the agent may not do this at all", "tire"),
        (*AUDIT, "□ AUDIT", "the agent has acted by itself", "aer"),
    ],
)
def test_a_card_says_what_has_happened_and_what_each_key_does(
    kind: EscalationKind, tier: Tier, badge: str, standing: str, letters: str
) -> None:
    card = card_of(full_review(kind, tier), NOW)
    text = "\n".join(shown(full_review(kind, tier)))
    assert badge in text
    assert standing in text
    assert "".join(choice.letter for choice in card.choices) == letters


def test_what_was_done_already_comes_with_no_suggestion() -> None:
    review = full_review(*SOFT)
    assert not any(
        "AI" in line or "suggest" in line for line in card_sentences(card_of(review, NOW))
    )
    assert not any(line.startswith(" AI") for line in shown(review))


def test_an_approval_has_nothing_to_say_beside_its_options() -> None:
    assert card_of(a_review(), NOW).standing == ""


def test_the_time_of_evidence_reads_as_a_moment() -> None:
    pane = evidence_pane(a_review(a_brief(evidence=(a_fact(),))), 1, NOW, unmasked={})
    assert pane is not None
    assert any(plain(line).startswith("as of 2 m ago (") for line in pane.lines)
