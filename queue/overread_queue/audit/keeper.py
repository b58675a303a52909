"""When a checkpoint is due, and how it comes about: signed in the transaction of what it covers,
copied to the file outside once that is committed."""

from __future__ import annotations

from contextlib import suppress

from overread_queue.audit.anchor import Anchor
from overread_queue.audit.checkpoint import Checkpoint, Signed, sign, verified
from overread_queue.errors import IntegrityError, NotAllowed
from overread_queue.places import Places
from overread_queue.store import Transaction
from overread_queue.trust.keys import load_private
from overread_queue.trust.people import DESK
from overread_queue.trust.roster import Roster, RosterFile

EVERY_EVENTS = 64
EVERY_MS = 10 * 60_000
"""A rewritten history can be at most this much before the newest checkpoint."""


class Keeper:
    """Checkpoints of one desk, written by whoever on the desk's side can read its key."""

    def __init__(self, places: Places, rosters: RosterFile, desk_id: str) -> None:
        self._places = places
        self._rosters = rosters
        self._desk_id = desk_id
        self._anchor = Anchor(places.checkpoints_file)
        self._version: tuple[int, int] | None = None
        self._last: Checkpoint | None = None
        """The newest known here: what the file says, or what could not be copied there."""

    def write_due(self, tx: Transaction, now: int) -> Signed | None:
        """Call it last in a transaction: what comes after it is not covered."""
        return self.write(tx, now) if self.is_due(tx, now) else None

    def is_behind(self, tx: Transaction) -> bool:
        """Whether anything happened since the newest one."""
        last = self.last()
        return last is None or (last.seq, last.hash) != tx.events.head()

    def is_due(self, tx: Transaction, now: int) -> bool:
        """Whether enough has happened, or enough time has passed, since the newest one."""
        (seq, _), last = tx.events.head(), self.last()
        if last is None or last.seq > seq:
            return True
        aged = abs(now - last.at) >= EVERY_MS  # abs: a clock that jumped back ages it, too.
        return seq - last.seq >= EVERY_EVENTS or (seq > last.seq and aged)

    def write(self, tx: Transaction, now: int) -> Signed | None:
        """A checkpoint now, whatever the cadence; None where the desk key is out of reach."""
        seq, head = tx.events.head()
        try:
            key = load_private(self._places.key(DESK))
        except (NotAllowed, IntegrityError):
            return None
        signed = sign(Checkpoint(desk=self._desk_id, seq=seq, hash=head, at=max(now, 0)), key)
        tx.events.add_checkpoint(seq, signed.line)
        return signed

    def publish(self, signed: Signed) -> None:
        """Copy it to the file. A file that cannot be written costs no decision: `doctor` says
        so, and the database still has the line."""
        with suppress(OSError):
            self._anchor.append(signed.line)
        self._version, self._last = self._anchor.version(), signed.checkpoint

    def line(self) -> bytes | None:
        """The newest line of the file, to be kept elsewhere; None where there is none."""
        return self._anchor.last()

    def last(self) -> Checkpoint | None:
        """The newest one; its line in the file must be genuine to count."""
        version = self._anchor.version()
        if version != self._version:
            self._version, self._last = version, self._read(self._rosters.current())
        return self._last

    def _read(self, roster: Roster) -> Checkpoint | None:
        with suppress(IntegrityError, OSError):
            line = self._anchor.last()
            return verified(line, roster) if line else None
        return None
