"""The two state machines: who moves what, and which moves exist. Nothing else decides that.

A move is made by one guarded statement in the store; a move that is not in these tables, or whose
starting state no longer holds, is refused with `MoveRefused` and counted by kind.
"""

from __future__ import annotations

from enum import StrEnum


class RunState(StrEnum):
    """The agent's workflow."""

    RUNNING = "RUNNING"
    """Submission puts a run here for the moment before it pauses; notices leave it here."""
    PAUSED_PENDING_HUMAN = "PAUSED_PENDING_HUMAN"
    """A blocking escalation is open. The desk moves it on; a crash leaves it waiting."""
    HUMAN_RESPONDED = "HUMAN_RESPONDED"
    """Every blocking escalation is answered. The agent takes it with `resume` or `acknowledge`."""
    RESUMING = "RESUMING"
    """An agent holds the run under a lease. A crashed one can be taken again once it lapses."""
    COMPLETED = "COMPLETED"
    """The agent said so. Final."""
    FAILED = "FAILED"
    """The agent said so, or nobody answered and the policy's fallback is to fail: that closes the
    run's other open approvals with it. Final."""
    TIMED_OUT = "TIMED_OUT"
    """The sweep passes through here on a breach, in the same commit as the fallback."""


class EscalationState(StrEnum):
    """One question in the queue."""

    WAITING = "WAITING"
    """Submitted, released, handed on, lapsed, or answered by the first of two people.
    `claimable_at` says from when it may be claimed."""
    CLAIMED = "CLAIMED"
    """Leased to one reviewer. A console that dies leaves it here until the lease lapses."""
    HELD = "HELD"
    """Approved, inside the undo window: unsigned, so nothing that an agent could use exists."""
    DECIDED = "DECIDED"
    """A signed envelope is stored. Final."""
    TIMED_OUT = "TIMED_OUT"
    """Nobody answered and the fallback ends here. Final; never a human no."""
    WITHDRAWN = "WITHDRAWN"
    """The agent took it back. Final."""
    SUPERSEDED = "SUPERSEDED"
    """A revised brief took its place. Final."""


OPEN = frozenset({EscalationState.WAITING, EscalationState.CLAIMED, EscalationState.HELD})
"""States in which an escalation still keeps its run paused."""

FINISHED = frozenset({RunState.COMPLETED, RunState.FAILED})

_R = RunState
RUN_MOVES: dict[tuple[RunState, RunState], str] = {
    (_R.RUNNING, _R.PAUSED_PENDING_HUMAN): "submission of a blocking escalation",
    (_R.PAUSED_PENDING_HUMAN, _R.HUMAN_RESPONDED): "the last open decision is released",
    (_R.PAUSED_PENDING_HUMAN, _R.TIMED_OUT): "the sweep, on a breach",
    (_R.TIMED_OUT, _R.PAUSED_PENDING_HUMAN): "the sweep: next pool or senior role",
    (_R.TIMED_OUT, _R.HUMAN_RESPONDED): "the sweep: a default that is safe",
    (_R.TIMED_OUT, _R.FAILED): "the sweep: fail with a clear error",
    (_R.HUMAN_RESPONDED, _R.RESUMING): "the agent takes the decision",
    (_R.RESUMING, _R.RESUMING): "the agent takes it again after the lease lapsed",
    (_R.RESUMING, _R.PAUSED_PENDING_HUMAN): "the next gate opens",
    (_R.RESUMING, _R.COMPLETED): "the agent is done",
    (_R.RESUMING, _R.FAILED): "the agent gave up",
    (_R.RUNNING, _R.COMPLETED): "the agent is done",
    (_R.RUNNING, _R.FAILED): "the agent gave up",
}

_E = EscalationState
ESCALATION_MOVES: dict[tuple[EscalationState, EscalationState], str] = {
    (_E.WAITING, _E.CLAIMED): "a reviewer claims it",
    (_E.CLAIMED, _E.WAITING): "release, snooze, hand on, an opinion, or a lapsed lease",
    (_E.CLAIMED, _E.HELD): "approve or modify, for the undo window",
    (_E.HELD, _E.CLAIMED): "undo",
    (_E.HELD, _E.WAITING): "one opinion of two, a lapsed lease, or the agent was stopped",
    (_E.HELD, _E.DECIDED): "signed and released",
    (_E.CLAIMED, _E.DECIDED): "a verdict that releases at once",
    (_E.WAITING, _E.TIMED_OUT): "the sweep, on a breach",
    (_E.CLAIMED, _E.TIMED_OUT): "the sweep, on a breach",
    (_E.WAITING, _E.WITHDRAWN): "the agent takes it back",
    (_E.CLAIMED, _E.WITHDRAWN): "the agent takes it back",
    (_E.WAITING, _E.SUPERSEDED): "the agent revises it",
    (_E.CLAIMED, _E.SUPERSEDED): "the agent revises it",
}


class EscalationKind(StrEnum):
    """What an answer is for."""

    APPROVAL = "approval"
    """The agent waits for it."""
    SOFT_REVIEW = "soft_review"
    """The agent has acted tentatively; it takes the action back unless somebody confirms."""
    AUDIT = "audit"
    """The agent has acted; somebody looks afterwards, and nothing waits for it."""


class Tier(StrEnum):
    """How much a person has to do with an action. Later is more severe."""

    AUTONOMOUS = "autonomous"
    """The agent acts; it is logged."""
    NOTIFY = "notify"
    """The agent acts; people see it and can object."""
    SOFT_REVIEW = "soft_review"
    """The agent acts tentatively; somebody must confirm within a window."""
    HARD_APPROVAL = "hard_approval"
    """The agent waits for an approval."""
    HARD_STOP = "hard_stop"
    """The agent may not do it at all; the task goes to a person."""

    @property
    def severity(self) -> int:
        """1 (autonomous) to 5 (hard stop)."""
        return list(Tier).index(self) + 1

    @property
    def blocks(self) -> bool:
        """Whether the agent's run is paused until somebody answers."""
        return self.severity >= Tier.HARD_APPROVAL.severity
