"""What happened, one fact at a time, in the order of the chain: what every measure is made of.

A fact holds no name of a reviewer and no word of a brief. Blind tests never become facts.
Times are UTC milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from overread_queue.states import EscalationKind, EscalationState, Tier

Answer = Literal[
    "approve", "modify", "reject", "need_info", "taken_over", "confirmed", "disagreed", "handed_on"
]
"""How a look ended that came to something. A hand-on is an answer of its own kind."""
OVERRIDES: frozenset[Answer] = frozenset(
    {"modify", "reject", "need_info", "taken_over", "disagreed", "handed_on"}
)
"""Anything but letting the agent do, or have done, exactly what it proposed."""
Exit = Literal["answered", "timed_out", "withdrawn", "superseded"]


@dataclass(frozen=True, slots=True)
class About:
    """Where a fact belongs."""

    seq: int
    """Of the event that it was read off."""
    at: int
    agent: str
    action_type: str


@dataclass(frozen=True, slots=True)
class Proposed(About):
    """An agent asked how far it may go."""

    version: str
    tier: Tier
    escalated: bool
    """Somebody has to look, or was asked to. The random sample does not count."""


@dataclass(frozen=True, slots=True)
class Submitted(About):
    """A question came onto the desk."""

    escalation: str
    version: str
    """Of the agent and its model, as the brief says; empty where nobody said."""
    pool: str
    tier: Tier
    kind: EscalationKind


@dataclass(frozen=True, slots=True)
class Reviewed(About):
    """A look that came to an answer, an opinion of two included."""

    pool: str
    tier: Tier
    kind: EscalationKind
    answer: Answer
    advised: bool
    """The brief had a recommendation."""
    followed: bool | None
    """The option chosen is the one recommended; None without a recommendation."""
    judged: bool
    """There was a first judgement, before the recommendation was shown."""
    switched: bool | None
    """The first judgement differed from the recommendation, and the answer then followed it; None
    where the first judgement agreed, or there was none."""
    challenged: bool
    boilerplate: bool
    """The challenge was flagged as boilerplate and kept."""
    active_ms: int
    wall_ms: int
    words: int
    """Of the brief's first card."""
    evidence: int
    """Pieces of evidence …"""
    opened: int
    """… and how many were opened."""
    undone: int

    @property
    def had_choice(self) -> bool:
        """Whoever looked could have let the agent go on. At a hard stop nobody can."""
        return self.tier is not Tier.HARD_STOP


@dataclass(frozen=True, slots=True)
class Taken(About):
    """The first time that a person claimed an open question."""

    pool: str
    tier: Tier
    kind: EscalationKind
    waited_ms: int
    """Since it was submitted."""


@dataclass(frozen=True, slots=True)
class Responded(About):
    """The first time that a person answered an open question, gave an opinion or handed it on. An
    answer that is held for its undo window is one already."""

    pool: str
    tier: Tier
    kind: EscalationKind
    waited_ms: int
    """Since it was submitted."""


@dataclass(frozen=True, slots=True)
class Closed(About):
    """A question left the desk."""

    pool: str
    tier: Tier
    kind: EscalationKind
    exit: Exit
    waited_ms: int
    in_time: bool
    """Before its first deadline."""
    taken: bool = True
    """Somebody had claimed it …"""
    responded: bool = True
    """… and had answered, given an opinion or handed it on."""


@dataclass(frozen=True, slots=True)
class Breached(About):
    """A deadline passed, and the policy's fallback fired."""

    pool: str
    fallback: str


@dataclass(frozen=True, slots=True)
class Acted(About):
    """What became of an action that was let through."""

    ok: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A move of one of the state machines, or a refused one (`refusal` names the error)."""

    seq: int
    at: int
    refusal: str | None
    left: EscalationState | None = None
    """The state that an escalation left for another one …"""
    stayed_ms: int = 0
    """… and how long it was in it."""


Fact = Proposed | Submitted | Reviewed | Taken | Responded | Closed | Breached | Acted | Moved
