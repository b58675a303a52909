"""The few lines that a desk is compared with, whatever order things happen in."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.models import Receipt, Review
from overread_queue.states import EscalationState

E = EscalationState


@dataclass
class Known:
    """What the model knows of one escalation and its run."""

    deadline: int
    state: E = E.WAITING
    fence: int = 0
    who: str | None = None
    lease: int = 0
    held_until: int = 0
    verdict: str | None = None
    released: int = 0
    run_fence: int = 0
    run_lease: int = 0
    done: bool = False

    def free(self) -> None:
        self.state, self.who = E.WAITING, None

    def close(self, state: E, verdict: str | None, now: int) -> None:
        self.state, self.who, self.verdict, self.released = state, None, verdict, now


@dataclass(frozen=True)
class Look:
    who: str
    id: str
    review: Review


@dataclass(frozen=True)
class Held:
    who: str
    receipt: Receipt


EDGES = (
    "WAITING>CLAIMED",
    "CLAIMED>WAITING",
    "CLAIMED>HELD",
    "HELD>CLAIMED",
    "HELD>WAITING",
    "HELD>DECIDED",
    "CLAIMED>DECIDED",
    "WAITING>TIMED_OUT",
    "CLAIMED>TIMED_OUT",
    "WAITING>WITHDRAWN",
    "CLAIMED>WITHDRAWN",
    "run PAUSED_PENDING_HUMAN>HUMAN_RESPONDED",
    "run PAUSED_PENDING_HUMAN>TIMED_OUT",
    "run TIMED_OUT>FAILED",
    "run HUMAN_RESPONDED>RESUMING",
    "run RESUMING>RESUMING",
    "run RESUMING>COMPLETED",
)
"""Moves that a walk has to reach, or it proves nothing about them."""
