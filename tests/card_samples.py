"""Reviews made by hand, for what needs no desk: the card, its layout, its words."""

from __future__ import annotations

from dataclasses import replace

from overread_briefs.action import Action
from overread_briefs.brief import (
    Brief,
    Evidence,
    Option,
    Provenance,
    Recommendation,
    Software,
    Step,
    Trigger,
)
from overread_queue.models import Handling, Item, Review
from overread_queue.states import EscalationKind, Tier

NOW = 1_789_475_400_000
HOUR = 3_600_000


def an_action() -> Action:
    return Action(type="payments.refund", parameters={"order": "A-1009", "amount": 420.0})


def a_fact(id: str = "carrier-scan", **fields: object) -> Evidence:
    base = Evidence(
        id=id,
        title="Carrier scan: delivered, signed",
        content="DELIVERED\nsigned by: J. HARTE",
        source="carrier",
        as_of=NOW - 120_000,
        stance="contradicts",
    )
    return base.model_copy(update=fields)


def an_option(key: str = "approve", **fields: object) -> Option:
    base = Option(key=key, label="approve refund", kind="approve", consequence="agent pays now")
    return base.model_copy(update=fields)


REJECT = an_option("reject", label="reject", kind="reject", consequence="agent says no")
ASK = an_option("need-info", label="ask the agent", kind="need_info", consequence="it answers")
HAND_ON = an_option("hand-on", label="hand on", kind="escalate", consequence="senior refunds")


def a_brief(**fields: object) -> Brief:
    base = Brief(
        accomplished=[Step(text="Read the mails of the customer")],
        question="Refund $420.00 on order A-1009, 94 days after delivery?",
        triggers=[Trigger(kind="confidence", rule="confidence-floor")],
        evidence=[a_fact()],
        options=[an_option()],
        action=an_action(),
        agent=Software(name="refund-agent", version="2.4.1"),
        provenance=Provenance(source="Ticket 58-20931", at=NOW - HOUR),
    )
    return base.model_copy(update=fields)


def a_handling(**fields: object) -> Handling:
    base = Handling(
        kind=EscalationKind.APPROVAL,
        tier=Tier.HARD_APPROVAL,
        pool="refunds",
        pool_label="Refunds",
        role="refunds",
        impact="high",
        reversibility="irreversible",
        action_label="Refund a customer",
        sla_seconds=4 * 3600,
        deadline_at=NOW + 3 * HOUR + 12 * 60_000,
        on_silence="senior refunds takes over",
        senior_label="Senior refunds",
        triggers=(
            Trigger(
                kind="policy",
                rule="refund-over-limit",
                signal="amount",
                observed=420.0,
                comparison=">",
                threshold=250.0,
            ),
        ),
        policy_sha256="2" * 64,
        promoted=False,
    )
    return replace(base, **fields)


def a_review(brief: Brief | None = None, **fields: object) -> Review:
    brief = brief or a_brief()
    item = Item(
        id="0199-item",
        attempt=1,
        question=brief.question,
        tier=Tier.HARD_APPROVAL,
        pool="refunds",
        agent="refund-agent",
        action_type=brief.action.type,
        deadline_at=NOW + 3 * HOUR,
        expected_seconds=180,
        fence=1,
        lease_until=NOW + 300_000,
    )
    base = Review(
        id="0199-review",
        item=item,
        session="0199-session",
        brief=brief,
        brief_sha256="0" * 64,
        action_sha256="1" * 64,
        handling=a_handling(),
        options=(*brief.options, REJECT, ASK, HAND_ON),
        recommendation=None,
        comments=(),
        masked=frozenset(),
        previous=None,
        opened_at=NOW,
    )
    return replace(base, **fields)


def the_fullest_brief() -> Brief:
    """Every part as long as the budget lets it be, and one option more than a card needs."""
    titles = (
        "Carrier scan on the thirteenth says delivered and signed for",
        "Customer says that the parcel never came",
        "Refund policy of July, ninety days only",
    )
    stances = ("contradicts", "supports", "neutral")
    evidence = [
        a_fact(
            f"fact-{n}", title=title, stance=stance, source="a source with a long name", max_age=60
        )
        for n, (title, stance) in enumerate(zip(titles, stances, strict=True))
    ]
    options = [an_option()] + [
        an_option(
            f"change-{n}",
            label="change to less now",
            kind="modify",
            consequence="agent pays a part",
        )
        for n in range(5)
    ]
    return a_brief(
        question="Refund four hundred twenty dollars ninety-four days after delivery "
        "despite signature upon carrier's scan?",
        evidence=evidence,
        options=options,
        recommendation=Recommendation(
            option="approve",
            reason="longstanding customer, first claim, misdelivery plausible, address mismatch",
            confidence=0.62,
            doubt="the signature might be that of the customer's flat mate",
        ),
    )
