"""How a decision comes into being: an envelope is signed and stored, and the agent wakes.

Nothing else writes to `decision`. The reviewer's door calls this when a verdict is released, the
sweep when the desk itself answers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from overread_briefs.decision import Envelope, Verdict
from overread_briefs.fields import Parameters
from overread_queue.clock import new_nonce
from overread_queue.moves import Mover
from overread_queue.policy.model import Policy
from overread_queue.states import RunState
from overread_queue.store.rows import DecisionRow, EscalationRow
from overread_queue.trust.envelope import OPINION, envelope_bytes, sign_envelope


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, as what, with which key."""

    name: str
    role: str
    key: Ed25519PrivateKey
    desk_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is decided."""

    verdict: Verdict
    option: str
    action_sha256: str
    """Digest of the action the agent may execute: the edited one after a change."""
    decided_at: int
    edited_action: bytes | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A signed envelope, ready to be stored with the move that it explains."""

    envelope: Envelope
    payload: bytes
    signature: bytes

    def detail(self) -> Parameters:
        """What the event says of it."""
        return {
            "verdict": self.envelope.verdict,
            "option": self.envelope.option,
            "envelope_sha256": hashlib.sha256(self.payload).hexdigest(),
        }


def sign(
    mover: Mover, escalation: EscalationRow, answer: Answer, signer: Signer, policy: Policy
) -> Statement:
    """The decision on `escalation` as of this transaction."""
    until = mover.now + policy.settings.decision_valid * 1000
    envelope = _envelope(mover, escalation, answer, signer, until=until)
    return Statement(envelope, envelope_bytes(envelope), sign_envelope(envelope, signer.key))


def sign_opinion(
    mover: Mover, escalation: EscalationRow, answer: Answer, signer: Signer, policy: Policy
) -> Statement:
    """What one of two people says. It counts until an approval given at the deadline would end."""
    last = max(escalation.deadline_at, mover.now)
    until = last + policy.settings.decision_valid * 1000
    envelope = _envelope(mover, escalation, answer, signer, until=until)
    signature = sign_envelope(envelope, signer.key, namespace=OPINION)
    return Statement(envelope, envelope_bytes(envelope), signature)


def _envelope(
    mover: Mover, escalation: EscalationRow, answer: Answer, signer: Signer, *, until: int
) -> Envelope:
    _, head = mover.tx.events.head()
    return Envelope(
        desk=signer.desk_id,
        escalation=escalation.id,
        attempt=escalation.attempt,
        verdict=answer.verdict,
        option=answer.option,
        brief_sha256=escalation.brief_sha256,
        action_sha256=answer.action_sha256,
        tier=escalation.tier.value,
        policy_sha256=escalation.policy_sha256,
        requester=escalation.agent,
        reviewer=signer.name,
        role=signer.role,
        nonce=new_nonce(),
        decided_at=answer.decided_at,
        released_at=mover.now,
        expires_at=until,
        audit_head=head,
    )


def store(mover: Mover, escalation: EscalationRow, statement: Statement, answer: Answer) -> None:
    """Keep the statement beside the escalation, and wake whoever waits for it."""
    envelope = statement.envelope
    mover.tx.decisions.add(
        DecisionRow(
            escalation=escalation.id,
            attempt=escalation.attempt,
            verdict=envelope.verdict,
            option=envelope.option,
            signer=envelope.reviewer,
            nonce=envelope.nonce,
            envelope=statement.payload,
            signature=statement.signature,
            released_at=envelope.released_at,
        )
    )
    mover.tx.payloads.answer(
        escalation.id, edited_action=answer.edited_action, reason=answer.reason
    )
    mover.tx.wake(escalation.id)
    mover.tx.wake(f"agent:{escalation.agent}")


def unpause(mover: Mover, escalation: EscalationRow, *, through_timeout: bool = False) -> None:
    """Move the run on once its last blocking escalation is answered."""
    run = mover.tx.runs.get(escalation.agent, escalation.run)
    if run is None or run.state is not RunState.PAUSED_PENDING_HUMAN:
        return
    if mover.tx.escalations.open_in_run(escalation.agent, escalation.run):
        return
    if through_timeout:
        run = mover.run(run, RunState.TIMED_OUT)
    mover.run(run, RunState.HUMAN_RESPONDED)
