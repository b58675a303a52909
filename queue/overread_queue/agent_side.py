"""What the whole of the agents' door stands on: one agent, one desk, and what may be looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import JsonValue

from overread_briefs import Brief
from overread_queue.clock import Clock
from overread_queue.delivery import Hold
from overread_queue.door import Door, opened
from overread_queue.errors import InvalidRequest, NotAllowed, NotFound
from overread_queue.ground import Ground
from overread_queue.halting import check_not_halted, halt_on
from overread_queue.looking import escalation
from overread_queue.models import Row, Status, Ticket
from overread_queue.moves import Mover
from overread_queue.states import EscalationKind, EscalationState
from overread_queue.store import Transaction
from overread_queue.store.rows import EscalationRow
from overread_queue.submission import MAX_CHECKPOINT_BYTES
from overread_queue.trust.keys import load_private
from overread_queue.trust.ledger import Ledger
from overread_queue.trust.vouching import Claim, sign_claim

Reference = Ticket | str
"""A ticket or its id. A ticket also pins the digests of what was submitted."""


class AgentSide(Door):
    """Opening, closing and looking. `AgentQueue` adds everything that an agent does."""

    def __init__(self, ground: Ground, agent: str, key: Ed25519PrivateKey | None = None) -> None:
        super().__init__(ground)
        self.agent = ground.roster().agent(agent).name
        self._key = key
        self._ledger = Ledger(ground.places.ledger_of(agent))
        self._holds: dict[str, Hold] = {}

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        agent: str,
        key: str | Path | None = None,
        clock: Clock | None = None,
    ) -> Self:
        """The door of `agent` to the desk at `path`.

        `key` is the file of its private key, where it has one: it signs what is submitted here.
        """
        signing = load_private(Path(key)) if key else None
        return opened(path, clock, lambda ground: cls(ground, agent, signing))

    # -- looking

    def status(self, ticket: Reference) -> Status:
        """Where it stands; nothing here is verified, so act on none of it."""
        with self._ground.store.read() as tx:
            found = self._mine(tx, ticket)
            run = tx.runs.get(found.agent, found.run)
            decision = tx.decisions.get(found.id, found.attempt)
            halted = halt_on(tx, self.agent)
        if run is None:
            raise NotFound("run", found.run)
        return Status(
            id=found.id,
            state=found.state,
            run=run.id,
            run_state=run.state,
            tier=found.tier,
            pool=found.pool,
            deadline_at=found.deadline_at,
            verdict=decision.verdict if decision else None,
            halted=halted,
        )

    def escalations(
        self, state: EscalationState | None = None, *, limit: int = 100
    ) -> tuple[Row, ...]:
        """This agent's newest escalations, without audit samples."""
        with self._ground.store.read() as tx:
            return tx.escalations.newest(state, most=limit, agent=self.agent)

    # -- inside

    def _signed(self, claim: Claim) -> bytes | None:
        return sign_claim(claim, self._key) if self._key else None

    @property
    def _actor(self) -> str:
        return f"agent:{self.agent}"

    @contextmanager
    def _write(self, about: str | None) -> Iterator[Mover]:
        with self._ground.write(self._actor, about=about) as tx:
            yield Mover(tx, self._actor, self._ground.clock.now())

    def _check_going(self) -> None:
        """Raises `Halted` while this agent, or the whole desk, is stopped."""
        with self._ground.store.read() as tx:
            check_not_halted(tx, self.agent)

    def _mine(self, tx: Transaction, ticket: Reference) -> EscalationRow:
        found = escalation(tx, id_of(ticket))
        if found.kind is EscalationKind.AUDIT:
            raise NotFound("escalation", found.id)  # Who was drawn is no agent's to know.
        if found.agent != self.agent:
            raise NotAllowed(f"escalation {found.id} belongs to {found.agent}, not {self.agent}")
        return found


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
