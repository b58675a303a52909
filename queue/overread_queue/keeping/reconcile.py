"""After going back: what agents did in the meantime is known from their own ledgers of used
decisions, so that nobody is asked again about what was done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from overread_queue.moves import Mover
from overread_queue.places import Places
from overread_queue.states import EscalationState
from overread_queue.transport.effects import acknowledge
from overread_queue.trust.ledger import Ledger, Use

E = EscalationState
REASON = "An agent acted on a decision that the backup does not have."


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the ledgers told, by id of the escalation."""

    finished: tuple[str, ...]
    """Its decision is in the backup, and was carried out since."""
    withdrawn: tuple[str, ...]
    """Its decision is lost, but was acted on: the question is closed, never asked again."""
    unknown: tuple[str, ...]
    """Asked and acted on after the backup: nothing on the desk tells of it any more. An agent
    that asks the same again gets a new question."""


def reconcile(mover: Mover, places: Places) -> Reconciled:
    """Bring a restored desk up to what the agents' ledgers say. Raises `Tampered` for a ledger
    that cannot be read."""
    finished, withdrawn, unknown = [], [], []
    for path in sorted(places.ledger.glob("*.jsonl")):
        for use in Ledger(path).uses():
            found = mover.tx.escalations.get(use.escalation)
            if found is None or found.agent != _agent(path):
                unknown.append(use.escalation)
            elif _finish(mover, use):
                finished.append(use.escalation)
            elif _withdraw(mover, use):
                withdrawn.append(use.escalation)
    return Reconciled(tuple(finished), tuple(withdrawn), tuple(unknown))


def _finish(mover: Mover, use: Use) -> bool:
    """Its decision is known and was carried out: close what the backup still has open."""
    decision = mover.tx.decisions.get(use.escalation, use.attempt)
    delivery = mover.tx.decisions.delivery(use.escalation, use.attempt)
    found = mover.tx.escalations.get(use.escalation)
    if decision is None or delivery is None or found is None:
        return False
    if decision.nonce != use.nonce or use.state != "done":
        return False
    if delivery.state not in ("pending", "taken"):
        return False
    acknowledge(mover, found, finish=True)
    return True


def _withdraw(mover: Mover, use: Use) -> bool:
    """Nobody is asked again: an answer would be refused as a replay by the agent's ledger."""
    found = mover.tx.escalations.get(use.escalation)
    if found is None or found.state not in (E.WAITING, E.CLAIMED):
        return False
    mover.close("withdrawn", found, E.WITHDRAWN, {"ground": "restored"})
    mover.tx.payloads.answer(found.id, edited_action=None, reason=REASON)
    return True


def _agent(ledger: Path) -> str:
    return unquote(ledger.stem)
