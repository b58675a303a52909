"""What came in and how long it took, added up: what staffing and prices are reckoned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from overread_queue.policy.model import UNKNOWN_REVIEW_SECONDS, Policy
from overread_queue.states import EscalationKind, Tier

ENOUGH = 30
"""Reviews from which their own mean time is believed; below, what the policy expects."""


@dataclass(frozen=True, slots=True)
class Work:
    """Items of one sort over a period."""

    pool: str
    """Into which they came."""
    action_type: str
    kind: EscalationKind
    tier: Tier
    items: int
    """Submitted."""
    reviews: int
    """Looks that came to an answer, by whomever."""
    active_ms: int
    """Of these looks together."""

    @property
    def looks(self) -> int:
        """Reviews to give: what still waits asks for one too, and some items ask for several."""
        return max(self.items, self.reviews)

    @property
    def is_measured(self) -> bool:
        return self.reviews >= ENOUGH

    def seconds(self, policy: Policy) -> float:
        """Active time of one look: as measured, or as the policy expects where too few were."""
        if self.is_measured:
            return self.active_ms / 1000 / self.reviews
        rule = policy.actions.get(self.action_type)
        return rule.minutes * 60 if rule else UNKNOWN_REVIEW_SECONDS


def looks(works: Sequence[Work]) -> int:
    return sum(one.looks for one in works)


def mean_seconds(policy: Policy, works: Sequence[Work]) -> float:
    """Of all looks; 0 where there are none. A mean, as queues grow by their mean."""
    total = looks(works)
    return sum(one.looks * one.seconds(policy) for one in works) / total if total else 0.0
