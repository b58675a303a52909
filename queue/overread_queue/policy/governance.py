"""Who answers for an action at a tier: the governance matrix, every cell of it filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from overread_briefs.fields import Identifier, Line, Part
from overread_queue.policy.durations import Duration, Pause
from overread_queue.states import Tier

FallbackKind = Literal["next_pool", "senior", "fail", "safe_default"]


class Governance(Part):
    """One cell of the matrix. What is left out follows from the action and its pool."""

    role: Identifier | None = None
    """Who approves: a role, never a person."""
    substitute: Identifier | None = None
    """The role that stands in."""
    sla: Duration | None = None
    latency_tolerance: Pause | None = None
    fallback: FallbackKind | None = None
    """What a breach of the SLA does."""
    on_silence: Line | None = None
    dual: bool = False
    """Two people, neither of whom sees the other's judgement."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """What a breach does to an item, and the pool it moves to, if it moves."""

    kind: FallbackKind
    pool: str | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """A cell of the matrix with nothing left open."""

    tier: Tier
    pool: str
    role: str
    substitute: str
    sla_seconds: int
    latency_tolerance_seconds: int
    fallback: Fallback
    on_silence: str
    dual: bool

    @property
    def two_people(self) -> bool:
        """Whether a decision takes two; what was done tentatively is confirmed by one."""
        return self.dual and self.tier is not Tier.SOFT_REVIEW
