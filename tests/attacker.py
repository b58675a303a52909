"""Somebody who can write a desk's database, and nothing else: not the trust folder, no key and no
ledger. Where an attack needs a reviewer's key as well, it says so."""

from __future__ import annotations

import re

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from factories import House
from journey import raw, row
from overread_briefs.decision import Envelope
from overread_queue.errors import OverreadError
from overread_queue.models import Ticket
from overread_queue.trust.envelope import NAMESPACE, envelope_bytes, sign_envelope
from overread_queue.trust.keys import load_private
from overread_queue.trust.ledger import Ledger, Use
from overread_queue.trust.roster import Roster

NONCE = "f" * 32
PLANT = (
    "INSERT OR REPLACE INTO decision (escalation, attempt, verdict, option, signer, nonce,"
    " envelope, signature, released_at)"
    " VALUES (:id, :attempt, :verdict, 'approve', 'ana', :nonce, :envelope, :signature, 1)"
)
DELIVER = "INSERT OR REPLACE INTO delivery (escalation, attempt, state) VALUES (:id, 1, 'pending')"
CLOSE = (
    "UPDATE escalation SET state = 'DECIDED', reviewer = NULL, lease_until = NULL,"
    " held_until = NULL, closed_at = 1 WHERE id = :id"
)
ANSWER = "UPDATE run SET state = 'HUMAN_RESPONDED', holder = NULL, lease_until = NULL"


def write(here: House, *statements: str, **values: object) -> None:
    """Any SQL, with every trigger dropped and no constraint checked."""
    with raw(here.path) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        found = db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for (name,) in found:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            named = re.findall(r":(\w+)", statement)
            db.execute(statement, {name: values[name] for name in named if name in values})


def approval(here: House, ticket: Ticket, **changes: object) -> Envelope:
    """What ana would sign to approve it as the database has it now, but for the `changes`."""
    found, now = row(here.path, ticket.id), here.clock.now()
    fields: dict[str, object] = {
        "desk": Roster.load(here.places).desk.id,
        "escalation": found.id,
        "attempt": found.attempt,
        "verdict": "approve",
        "option": "approve",
        "brief_sha256": found.brief_sha256,
        "action_sha256": found.action_sha256,
        "tier": found.tier.value,
        "policy_sha256": found.policy_sha256,
        "requester": found.agent,
        "reviewer": "ana",
        "role": "refunds",
        "nonce": NONCE,
        "decided_at": now,
        "released_at": now,
        "expires_at": now + 86_400_000,
        "audit_head": "d" * 64,
    }
    return Envelope.model_validate(fields | changes)


def sign(
    here: House, envelope: Envelope, by: str | Ed25519PrivateKey, namespace: str = NAMESPACE
) -> bytes:
    key = load_private(here.places.key(by)) if isinstance(by, str) else by
    return sign_envelope(envelope, key, namespace=namespace)


def plant(here: House, ticket: Ticket, envelope: Envelope, signature: bytes) -> None:
    """A decision in its place, with every column saying that it is one."""
    write(
        here,
        PLANT,
        DELIVER,
        CLOSE,
        ANSWER,
        id=ticket.id,
        attempt=row(here.path, ticket.id).attempt,
        verdict=envelope.verdict,
        nonce=envelope.nonce,
        envelope=envelope_bytes(envelope),
        signature=signature,
    )


def forget(here: House, agent: str = "refund-agent") -> None:
    """As if it had come by the inbox: its agent has pinned nothing."""
    here.places.ledger_of(agent).with_suffix(".pins").unlink(missing_ok=True)


def used(here: House, agent: str = "refund-agent") -> tuple[Use, ...]:
    """The decisions that the agent has begun with."""
    return Ledger(here.places.ledger_of(agent)).uses()


def refusals(
    here: House, reference: Ticket | str, agent: str = "refund-agent"
) -> set[type[OverreadError]]:
    """What `poll`, `wait` and `resume` raise; they hand nothing out."""
    raised: set[type[OverreadError]] = set()
    with here.agent(agent) as queue:
        for call in (queue.poll, lambda one: queue.wait(one, timeout=0), queue.resume):
            try:
                found = call(reference)
            except OverreadError as refusal:
                raised.add(type(refusal))
            else:
                assert found is None, f"handed out {found}"
    return raised
