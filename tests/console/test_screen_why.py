"""Why this tier: everything that asked for one is named, and the most severe comes first."""

from __future__ import annotations

from card_samples import NOW, a_brief, a_handling, a_review, an_action
from overread_briefs.brief import Trigger
from overread_console.flow.spans import plain
from overread_console.flow.why import why_lines
from overread_queue.models import Review
from overread_queue.states import EscalationKind, Tier
from policy_factory import TODAY, Table, parameter, policy, rule, table


def review(tier: Tier, *rules: str, **handling: object) -> Review:
    """A credit that these rules brought to a person."""
    action = an_action().model_copy(update={"type": "credit", "reversibility": "reversible"})
    triggers = tuple(Trigger(kind="policy", rule=one) for one in ("risk-map", *rules))
    known = {"kind": EscalationKind.APPROVAL, "pool": "refunds", **handling}
    return a_review(
        a_brief(action=action), handling=a_handling(tier=tier, triggers=triggers, **known)
    )


def told(one: Review, content: Table, *, overloaded: bool = False) -> list[str]:
    return [plain(line) for line in why_lines(one, policy(content), NOW, overloaded=overloaded)]


def test_rules_watchlists_and_what_every_policy_has_are_told_most_severe_first() -> None:
    content = table(
        rules=[rule("big", "soft_review", parameter("amount", ">", 10), note="above petty cash")],
        watchlists=[
            {
                "id": "odd-money",
                "parameter": "currency",
                "entries": ["GBP"],
                "tier": "hard_approval",
            }
        ],
    )
    lines = told(review(Tier.HARD_STOP, "big", "odd-money", "agent-actions"), content)
    start = lines.index("why hard stop")
    assert lines[start + 2 : start + 7] == [
        "hard stop: this agent may not propose such an action",
        "hard approval: watchlist odd-money",
        "soft review: rule big (above petty cash)",
        "autonomous: the risk map, for low impact, reversible",
        "the most severe counts",
    ]


def test_an_exemption_says_who_let_it_through_more_mildly_and_until_when() -> None:
    exemption = {
        "id": "trial",
        "action": "credit",
        "owner": "lead",
        "expires": TODAY,
        "reason": "a trial in May",
    }
    content = table(
        rules=[rule("big", "hard_approval", parameter("amount", ">", 10))], exemptions=[exemption]
    )
    soft = review(Tier.SOFT_REVIEW, "big", kind=EscalationKind.SOFT_REVIEW)
    assert f"exemption: one tier less by trial, until {TODAY}: a trial in May" in told(
        soft, content
    )
    hard = review(Tier.HARD_APPROVAL, "big")
    assert not any(line.startswith("exemption") for line in told(hard, content))


def test_where_it_was_before_and_two_people_are_told() -> None:
    content = table(governance={"credit": {"hard_approval": {"dual": True}}})
    moved = review(Tier.HARD_APPROVAL, pool="lead", pool_label="Lead", role="lead")
    lines = told(moved, content)
    assert "before: Refunds; it was full, late, or handed it on" in lines
    assert "decided by: two people, neither sees the other's judgement" in lines


def test_the_order_is_told_as_it_is() -> None:
    one = review(Tier.HARD_APPROVAL)
    assert told(one, table())[-1].startswith("order: urgent first")
    assert told(one, table(), overloaded=True)[-1] == (
        "⚠ not everything can be done in time: the costliest comes first"
    )
