"""What every door stands on: one desk's store, clock, people and policies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

from overread_briefs.errors import InvalidBrief
from overread_briefs.fields import Parameters
from overread_queue.audit.keeper import Keeper
from overread_queue.clock import Clock
from overread_queue.drawing_key import drawing_key
from overread_queue.errors import (
    Backpressure,
    Boilerplate,
    Conflict,
    IntegrityError,
    InvalidPolicy,
    LeaseHeld,
    LeaseLost,
    MoveRefused,
    NotADesk,
    NotAllowed,
    NotYet,
    OverreadError,
    StoreError,
)
from overread_queue.mailbox.layout import Layout
from overread_queue.places import Places
from overread_queue.policy.load import PolicyFile, kept_policy
from overread_queue.policy.model import Policy
from overread_queue.store import Store, Transaction, reserve
from overread_queue.store.events import Event
from overread_queue.trust.keys import load_secret
from overread_queue.trust.people import PROBES
from overread_queue.trust.roster import Roster, RosterFile

RECORDED = (
    Backpressure,
    Conflict,
    IntegrityError,
    InvalidBrief,
    LeaseHeld,
    LeaseLost,
    MoveRefused,
    NotAllowed,
    NotYet,
)
"""Refusals that are written down and counted by kind."""


class Ground:
    """One process's view of one desk."""

    def __init__(self, places: Places, clock: Clock) -> None:
        self.places = places
        self.clock = clock
        self.store = Store(places.db)
        self._rosters = RosterFile(places)
        self._policies = PolicyFile(places.policy_file)
        self._known: dict[str, Policy] = {}
        self.refused: set[tuple[str, str]] = set()
        """What the sweeps of this process could not do and have written down already."""
        with self.store.read() as tx:
            identity = tx.desk.identity()
        if identity is None:
            raise NotADesk(str(places.db))
        self.desk_id = identity
        self.keeper = Keeper(places, self._rosters, identity)

    def close(self) -> None:
        self.store.close()

    def roster(self) -> Roster:
        """People and agents as the trust files have them now."""
        return self._rosters.current()

    def policy(self) -> Policy:
        """The policy in force now."""
        return self._policies.current()

    def policy_of(self, sha256: str) -> Policy:
        """The policy version that ruled on something, also after it was replaced.

        The trust folder has it; whoever writes the database could put any other one there. Raises
        `Tampered` for a policy that was never in force.
        """
        with suppress(InvalidPolicy, NotAllowed):
            if self.policy().sha256 == sha256:
                return self.policy()
        if sha256 not in self._known:
            self._known[sha256] = kept_policy(self.places.policies, sha256)
        return self._known[sha256]

    def audit_key(self, tx: Transaction) -> bytes | None:
        """What random controls are drawn with; None where this process may not read it."""
        with suppress(NotAllowed):
            return drawing_key(self.places, tx)
        return None

    def probe_key(self) -> bytes | None:
        """What blind tests are drawn and people are marked with; None as for `audit_key`."""
        with suppress(NotAllowed):
            return load_secret(self.places.key(PROBES))
        return None

    @contextmanager
    def write(self, actor: str, *, about: str | None = None) -> Iterator[Transaction]:
        """A transaction whose refusal is recorded, by kind, after it was rolled back.

        On the desk's side it also carries the checkpoint that is due by then.
        """
        signed, agent = None, actor.startswith("agent:")
        people = nullcontext() if agent else reserve.at_hand(self.places.db)
        with people, self.recording(actor, about=about), self.store.write() as tx:
            yield tx
            if not agent:
                signed = self.keeper.write_due(tx, self.clock.now())
        if signed is not None:
            self.keeper.publish(signed)
        self.tell()

    def tell(self) -> None:
        """Bring what was committed into a mailbox's outbox, where this desk has one.

        What cannot be written now, for want of room or of the desk key, the next sweep writes.
        """
        if self.places.mailbox is not None:
            # Imported here: it stands on this module, and a desk without a mailbox never needs it.
            from overread_queue.mailbox.publishing import Publisher

            with suppress(OverreadError, OSError):
                Publisher(self, Layout(self.places.mailbox)).publish()

    def checkpoint(self, *, early: bool = False) -> bool:
        """Sign how far the chain is, if it is time to, or before that. False where it was not
        time, or where the desk key is out of reach.

        The sweep does this, so that a desk where nobody decides has its checkpoints too.
        """
        keeper, now = self.keeper, self.clock.now()
        with self.store.read() as tx:
            if not (keeper.is_behind(tx) if early else keeper.is_due(tx, now)):
                return False
        with self.store.write() as tx:
            signed = keeper.write(tx, now)
        if signed is not None:
            keeper.publish(signed)
        return signed is not None

    def witness(self) -> None:
        """Sign what was just committed, so that it cannot be cut off unnoticed.

        Where that cannot be done now, what was committed stays.
        """
        with suppress(OverreadError):
            self.checkpoint(early=True)

    @contextmanager
    def recording(self, actor: str, *, about: str | None = None) -> Iterator[None]:
        """Count refusals. Never hides the refusal itself behind a failure to write it down."""
        try:
            yield
        except RECORDED as refusal:
            kind = f"refused:{type(refusal).__name__}"
            with suppress(StoreError), self.store.write() as tx:
                now, detail = self.clock.now(), _detail(refusal)
                tx.events.add(Event(kind, actor, now, escalation=about, detail=detail))
            raise


def _detail(refusal: Exception) -> Parameters:
    """Never a reviewer's words."""
    return {"kind": refusal.kind} if isinstance(refusal, Boilerplate) else {}
