"""What a screen reader says: every fact of the card in words, no sign and no column needed."""

from __future__ import annotations

from card_samples import NOW, a_brief, a_fact, a_review
from overread_briefs.brief import Recommendation, Step
from overread_console.flow.card import card_of
from overread_console.flow.panes import evidence_pane, steps_pane
from overread_console.flow.sentences import card_sentences, pane_sentences


def test_the_card_is_read_in_the_same_order_as_on_a_screen() -> None:
    said = Recommendation(option="approve", reason="first claim", confidence=0.62, doubt="the scan")
    lines = list(card_sentences(card_of(a_review(recommendation=said), NOW)))
    assert lines == [
        "Question: Refund $420.00 on order A-1009, 94 days after delivery?",
        "Action: payments.refund, high impact, irreversible. Tier: hard approval.",
        "Due: in 3 h 12 m. If nobody answers: senior refunds takes over.",
        "Why, by policy: refund-over-limit, amount 420 > 250.",
        "Why, in the agent's words: confidence-floor, confidence.",
        "Fact 1, contradicts: Carrier scan: delivered, signed. From carrier, 2 m old.",
        "The AI suggests: approve refund (0.62), because first claim.",
        "Its strongest doubt: the scan.",
        "You can choose:",
        "  a: approve refund. Then: agent pays now.",
        "  i: ask the agent. Then: it answers.",
        "  r: reject. Then: agent says no.",
        "  e: hand on. Then: senior refunds.",
    ]


def test_a_stale_or_masked_fact_says_so_in_words() -> None:
    fact = a_fact(stance="supports", max_age=60)
    review = a_review(a_brief(evidence=(fact,)), masked=frozenset({fact.id}))
    assert (
        "Fact 1, supports: Carrier scan: delivered, signed. From carrier, stale, 2 m old, masked."
        in list(card_sentences(card_of(review, NOW)))
    )


def test_what_an_agent_failed_at_is_a_word_not_a_sign() -> None:
    steps = (Step(text="Read the order"), Step(text="Asked the carrier", outcome="failed"))
    lines = list(pane_sentences(steps_pane(a_review(a_brief(accomplished=steps)))))
    assert lines[1:3] == ["Read the order", "Asked the carrier, failed"]


def test_evidence_is_read_out_exactly_as_it_is() -> None:
    own = "✓ delivered · signed\n■ by J. HARTE"
    pane = evidence_pane(a_review(a_brief(evidence=(a_fact(content=own),))), 1, NOW, unmasked={})
    assert pane is not None
    assert list(pane_sentences(pane))[-2:] == own.split("\n")
