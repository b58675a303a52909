"""What the agents' side gets to see of one escalation, and what it is judged by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from overread_queue.clock import Clock
from overread_queue.errors import NotFound, Tampered
from overread_queue.ground import Ground
from overread_queue.policy.model import Policy
from overread_queue.store import Transaction
from overread_queue.store.opinions import OpinionRow
from overread_queue.store.rows import DecisionRow, EscalationRow, PayloadRow, RunRow
from overread_queue.trust.roster import Roster


class Trusted(Protocol):
    """What a decision is verified by: read from the trust folder, which agents cannot write."""

    @property
    def clock(self) -> Clock: ...

    @property
    def desk_id(self) -> str: ...

    def roster(self) -> Roster: ...

    def policy(self) -> Policy:
        """The one in force now."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it was found, with all that it has to be compared with."""

    decision: DecisionRow
    payload: PayloadRow
    opinions: tuple[OpinionRow, ...]
    policy: Policy
    """The version that its escalation was submitted under."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """One escalation of an agent's own. Nothing in it is believed before it is verified."""

    found: EscalationRow
    run: RunRow
    successor: str | None
    answered: Answered | None


def dossier(ground: Ground, tx: Transaction, found: EscalationRow) -> Dossier:
    """Raises `Tampered` where something of it has gone."""
    run, successor = tx.runs.get(found.agent, found.run), tx.escalations.successor(found.id)
    if run is None:
        raise NotFound("run", found.run)
    answered = _answered(ground, tx, found)
    return Dossier(found, run, successor.id if successor else None, answered)


def _answered(ground: Ground, tx: Transaction, found: EscalationRow) -> Answered | None:
    decision = tx.decisions.get(found.id, found.attempt)
    if decision is None:
        return None
    payload = tx.payloads.get(found.id)
    if payload is None:
        raise Tampered(f"escalation {found.id} has lost its brief")
    policy = ground.policy_of(found.policy_sha256)
    return Answered(decision, payload, tuple(tx.opinions.about(found)), policy)
