"""Whose recommendation is shown only after a first judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from overread_queue.friction.drawing import drawn
from overread_queue.friction.reach import hard_approval, reaches
from overread_queue.policy.settings import Friction, Impact
from overread_queue.states import EscalationKind, Tier

Cause = Literal["policy", "drawn"]
_DOMAIN = b"overread.withhold.v1\0"


@dataclass(frozen=True, slots=True)
class Withholding:
    """Whether a recommendation is withheld, why, and how likely that was."""

    cause: Cause | None
    """None where it is shown at once."""
    probability: float
    """Of being withheld. Lets both arms be weighed when the pull of advice is estimated."""


def withholding(
    friction: Friction,
    *,
    kind: EscalationKind,
    tier: Tier,
    impact: Impact,
    irreversible: bool,
    key: bytes,
    escalation: str,
) -> Withholding:
    """Bound to the escalation's id: opening it again never draws again."""
    if not hard_approval(kind, tier):
        return Withholding(None, 0.0)
    if irreversible and reaches(impact, friction.withhold_from):
        return Withholding("policy", 1.0)
    chosen = drawn(key, _DOMAIN, escalation, friction.withhold_fraction)
    return Withholding("drawn" if chosen else None, friction.withhold_fraction)
