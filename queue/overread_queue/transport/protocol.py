"""What `AgentQueue` asks of either way to a desk.

Verification, the ledger of used decisions and the order in which things happen are the door's own,
and the same over both. A transport brings and fetches, and believes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from overread_queue.asking.dossier import Dossier, Trusted
from overread_queue.asking.proposing import Asked
from overread_queue.asking.submission import Submission
from overread_queue.asking.tentative import Objection
from overread_queue.models import Halt, Proposal, Row, Status, Ticket
from overread_queue.routing.pressure import Depth
from overread_queue.states import EscalationState, RunState
from overread_queue.store.rows import EscalationRow


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits in every pool, how many people are at work, and what stops the agent."""

    depths: Mapping[str, Depth]
    reviewers: int
    shut: frozenset[str]
    """Pools that nobody works any more today."""
    halted: Halt | None


class Hold(Protocol):
    """A run that this process holds under a lease, to act on one decision."""

    @property
    def lease_seconds(self) -> int: ...

    def extend(self) -> None:
        """Push the end of the lease out. Raises `LeaseLost`."""

    def finish(self, target: RunState) -> None:
        """Close the delivery and end the run, unless it has gone on to its next gate.

        Raises `LeaseLost` if somebody else took the decision over.
        """

    def give_back(self) -> None:
        """Let the decision be taken again at once."""


class Waiter(Protocol):
    """Sleeps until there may be something to look at."""

    def wait(self, seconds: float) -> bool:
        """True if woken before the time was over."""


class Transport(Protocol):
    """One agent's way to one desk. Ids are those of escalations of its own: everything else raises
    `NotFound` or `NotAllowed`."""

    @property
    def trusted(self) -> Trusted: ...

    @property
    def ledger(self) -> Path:
        """Where this agent remembers the decisions that it has used."""

    def close(self) -> None: ...

    def recording(self, about: str | None = None) -> AbstractContextManager[None]:
        """A refusal inside is counted at the desk, and raised all the same."""

    def check_going(self) -> None:
        """Raises `Halted` while this agent, or the whole desk, is stopped."""

    def check_heard(self) -> None:
        """Raises `DeskSilent` where nobody can tell whether somebody has stopped the agent."""

    def propose(self, asked: Asked) -> Proposal: ...

    def submit(self, submission: Submission) -> Ticket: ...

    def withdraw(self, found: EscalationRow, *, reason: str, signature: bytes | None) -> None: ...

    def dossier(self, id: str) -> Dossier: ...

    def status(self, id: str) -> Status: ...

    def escalations(self, state: EscalationState | None, *, most: int) -> tuple[Row, ...]: ...

    def listen(self, id: str | None) -> AbstractContextManager[Waiter]:
        """Woken for one escalation, or for any of this agent's."""

    def take(self, found: EscalationRow, *, giving_up: bool) -> Hold:
        """Take the run to act on a decision. Raises `LeaseHeld`, `Replayed`, `MoveRefused`, and
        `Halted` unless it is taken in order to give it up."""

    def acknowledge(self, found: EscalationRow, *, finish: bool) -> None: ...

    def finish(self, found: EscalationRow, target: RunState) -> None:
        """End a run that never paused. Raises `LeaseLost` for one that needs a lease."""

    def outcome(self, id: str, *, ok: bool, detail: str) -> None:
        """Raises `StillPending`."""

    def undelivered(self, id: str, *, tries: int, trouble: str) -> None:
        """Tell the desk that an answer could not be brought to the agent's runtime yet."""

    def rollbacks(self) -> tuple[str, ...]:
        """Escalations that are said to be taken back, oldest first; nobody has verified it."""

    def rolled_back(self, id: str, *, ok: bool, detail: str) -> None: ...

    def objections(self, *, since: int) -> tuple[Objection, ...]: ...

    def backlog(self) -> Backlog: ...
