"""Which approvals a control reaches."""

from __future__ import annotations

from overread_queue.policy.settings import IMPACTS, Impact, Threshold
from overread_queue.states import EscalationKind, Tier


def hard_approval(kind: EscalationKind, tier: Tier) -> bool:
    """Whether an agent waits for a yes; a hard stop has none to give."""
    return kind is EscalationKind.APPROVAL and tier is Tier.HARD_APPROVAL


def reaches(impact: Impact, threshold: Threshold) -> bool:
    """Whether an impact is at least as severe as the threshold."""
    if threshold == "never":
        return False
    return IMPACTS.index(impact) >= IMPACTS.index(threshold)
