"""Acting first and being confirmed afterwards: what an agent takes back, and what it was told."""

from __future__ import annotations

from dataclasses import dataclass

from overread_briefs import Action, Decision
from overread_briefs.action import Compensation
from overread_briefs.decision import RELEASING, Verdict
from overread_queue.asking.delivery import submitted_brief
from overread_queue.errors import InvalidRequest, Replayed, StillPending, Tampered
from overread_queue.moves import Mover
from overread_queue.states import EscalationKind
from overread_queue.store import Transaction
from overread_queue.store.rows import EscalationRow, PayloadRow


@dataclass(frozen=True, slots=True)
class Rollback:
    """A tentative action to take back, because of an answer that was verified."""

    id: str
    """The escalation; `id/attempt` is the idempotency key of the compensating action."""
    verdict: Verdict
    """Why: somebody disagreed, or nobody confirmed in time."""
    reason: str
    action: Action
    """What was done."""
    compensation: Compensation
    """What takes it back."""


@dataclass(frozen=True, slots=True)
class Objection:
    """What a reviewer holds against an action that was only told of, or against its brief."""

    proposal: str
    action_type: str
    action_sha256: str
    reviewer: str
    at: int
    reason: str


def to_take_back(row: EscalationRow, payload: PayloadRow, decision: Decision) -> Rollback:
    """What a verified answer asks for. Raises `Tampered` for one that confirms."""
    if row.kind is not EscalationKind.SOFT_REVIEW or decision.releases:
        raise Tampered(f"escalation {row.id} is said to be taken back, but nobody signed that")
    action = submitted_brief(row, payload).action
    if action.compensation is None:
        raise Tampered(f"escalation {row.id} was tentative, but brings nothing to take it back")
    return Rollback(row.id, decision.verdict, payload.reason or "", action, action.compensation)


def note_rollback(mover: Mover, row: EscalationRow, *, ok: bool, detail: str) -> None:
    """Record how taking back went. Raises `Replayed` the second time."""
    if row.kind is not EscalationKind.SOFT_REVIEW:
        raise InvalidRequest(f"{row.id} was no tentative action; there is nothing to take back")
    decision = mover.tx.decisions.get(row.id, row.attempt)
    if decision is None:
        raise StillPending(row.id)
    if decision.verdict in RELEASING:
        raise InvalidRequest(f"{row.id} was confirmed, so it stands; there is nothing to take back")
    word = "done" if ok else "failed"
    if not mover.tx.decisions.finish(row.id, row.attempt, word, now=mover.now):
        raise Replayed(f"the rollback of {row.id} was recorded before")
    outcome = "ok" if ok else "failed"
    mover.tx.decisions.outcome(row.id, row.attempt, outcome=outcome, detail=detail, now=mover.now)
    mover.note("rolled_back", row, {"outcome": outcome})


def objections(tx: Transaction, agent: str, *, since: int) -> tuple[Objection, ...]:
    found = tx.actions.objections_to(agent, since=since)
    return tuple(
        Objection(one.action, one.action_type, one.action_sha256, one.reviewer, one.at, one.reason)
        for one in found
    )
