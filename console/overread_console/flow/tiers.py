"""Each tier as a reviewer meets it: a sign, its name, and what it means for agent and person."""

from __future__ import annotations

from typing import NamedTuple

from overread_queue.states import EscalationKind, Tier


class TierLook(NamedTuple):
    """A sign always stands beside its word."""

    sign: str
    name: str
    short: str
    """For the narrow column of a list."""
    meaning: str
    unanswered: str
    """What has not happened when the deadline passes."""


_AUDIT = TierLook(
    "□",
    "audit",
    "AUDIT",
    "the agent has acted by itself, and nothing waits for you: say whether it was right",
    "if nobody looks",
)
_LOOKS = {
    Tier.HARD_STOP: TierLook(
        "■",
        "hard stop",
        "STOP",
        "the agent may not do this at all: the task goes to a person",
        "if nobody answers",
    ),
    Tier.HARD_APPROVAL: TierLook(
        "■",
        "hard approval",
        "HARD",
        "the agent waits, and does nothing before you decide",
        "if nobody answers",
    ),
    Tier.SOFT_REVIEW: TierLook(
        "◧",
        "soft review",
        "SOFT",
        "the agent has acted: confirm it, or it is taken back",
        "if nobody confirms",
    ),
}


def look_of(kind: EscalationKind, tier: Tier) -> TierLook:
    """How an escalation of that kind and tier is shown. Milder tiers come only as audits."""
    return _AUDIT if kind is EscalationKind.AUDIT else _LOOKS.get(tier, _AUDIT)
