"""What the whole of the agents' door stands on: one agent, one way to a desk, and looking."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import JsonValue

from overread_briefs import Brief
from overread_queue.asking.submission import MAX_CHECKPOINT_BYTES
from overread_queue.clock import Clock, SystemClock
from overread_queue.door import Closing
from overread_queue.errors import InvalidRequest
from overread_queue.models import Row, Status, Ticket
from overread_queue.states import EscalationState
from overread_queue.transport.choosing import transport_to
from overread_queue.transport.protocol import Hold, Transport, Waiter
from overread_queue.trust.keys import load_private
from overread_queue.trust.ledger import Ledger
from overread_queue.trust.pins import Pins
from overread_queue.trust.vouching import Claim, sign_claim

Reference = Ticket | str
"""A ticket or its id. Either way the agent's own pins say what was submitted."""
PATIENCE = 2.0


class AgentSide(Closing):
    """Opening, closing and looking. `AgentQueue` adds everything that an agent does."""

    def __init__(
        self, transport: Transport, agent: str, key: Ed25519PrivateKey | None = None
    ) -> None:
        self.agent = agent
        self._transport = transport
        self._trusted = transport.trusted
        self._key = key
        self._ledger = Ledger(transport.ledger)
        self._pins = Pins(transport.ledger.with_suffix(".pins"))
        self._holds: dict[str, tuple[Hold, str]] = {}
        """What this door acts on, each with the nonce of its decision."""
        self._refused: set[str] = set()
        """What this door was told to take back, and did not believe."""

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        agent: str,
        key: str | Path | None = None,
        clock: Clock | None = None,
        patience: float = PATIENCE,
    ) -> Self:
        """The door of `agent` to the desk at `path`: its database, or the folder of its mailbox.

        `key` is the file of its private key, where it has one: it signs what is submitted here.
        `patience` is how many seconds a call waits for the word of a desk behind a mailbox, once
        what it says is safe there.
        """
        signing = load_private(Path(key)) if key else None
        transport = transport_to(
            Path(path), agent, clock=clock or SystemClock(), key=signing, patience=patience
        )
        return cls(transport, agent, signing)

    def close(self) -> None:
        self._transport.close()

    @property
    def wakes(self) -> Path:
        """Where adapters remember which gate of a runtime waits for which answer."""
        return self._transport.ledger.with_suffix(".wakes")

    def listen(self) -> AbstractContextManager[Waiter]:
        """A bell that rings when there may be an answer for this agent, whichever."""
        return self._transport.listen(None)

    # -- looking

    def status(self, ticket: Reference) -> Status:
        """Where it stands; nothing here is verified, so act on none of it."""
        return self._transport.status(id_of(ticket))

    def escalations(
        self, state: EscalationState | None = None, *, limit: int = 100
    ) -> tuple[Row, ...]:
        """This agent's newest escalations, without audit samples."""
        return self._transport.escalations(state, most=limit)

    # -- inside

    def _signed(self, claim: Claim) -> bytes | None:
        return sign_claim(claim, self._key) if self._key else None


def id_of(ticket: Reference) -> str:
    return ticket if isinstance(ticket, str) else ticket.id


def brief_bytes(brief: Brief | bytes | str) -> bytes:
    if isinstance(brief, Brief):
        return brief.to_bytes()
    return brief.encode("utf-8", "surrogatepass") if isinstance(brief, str) else brief


def encoded(checkpoint: JsonValue) -> bytes | None:
    if checkpoint is None:
        return None
    data = json.dumps(checkpoint, ensure_ascii=False, allow_nan=False).encode()
    if len(data) > MAX_CHECKPOINT_BYTES:
        raise InvalidRequest(
            f"the checkpoint has {len(data):,} bytes, {MAX_CHECKPOINT_BYTES:,} at most; "
            "keep the state elsewhere and pass a reference to it"
        )
    return data
