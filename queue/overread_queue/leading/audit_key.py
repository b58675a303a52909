"""The leads' door to the key that draws the random sample: replaced, and then disclosed.

While a key draws, nobody may know it. Once the next one has taken over, everybody may, and can
compute every draw again: who was looked at was nobody's choice.
"""

from __future__ import annotations

from dataclasses import dataclass

from overread_briefs.fields import Parameters
from overread_queue.auditing import draw_rest
from overread_queue.drawing_key import drawing_key, key_name, prepare_next, take_over
from overread_queue.leading.side import OfficeSide
from overread_queue.policy.audit import audit_draw
from overread_queue.store import Transaction
from overread_queue.store.actions import DrawnRow
from overread_queue.store.events import Event


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A key that drew for what was proposed before a moment, from the one before it on."""

    until: int
    """UTC milliseconds."""
    key: bytes

    @property
    def name(self) -> str:
        """How events call it while nobody may know it."""
        return key_name(self.key)


@dataclass(frozen=True, slots=True)
class AuditKeys:
    """Which key drew when."""

    disclosed: tuple[Disclosed, ...]
    """Oldest first."""
    current: bytes

    @classmethod
    def of(cls, tx: Transaction, current: bytes) -> AuditKeys:
        return cls(disclosed(tx), current)

    def at(self, moment: int) -> bytes:
        """The key in force at a moment."""
        return next((one.key for one in self.disclosed if moment < one.until), self.current)


class AuditKeySide(OfficeSide):
    """Looking is for everybody in the roster, rotating for leads."""

    def rotate_audit_key(self) -> Disclosed:
        """Draw with a new key from now on, and disclose the one that drew so far.

        What nobody has drawn for yet is drawn for first, with the old one. Raises `NotAllowed`
        without the role, or where this process may not read the key.
        """
        places = self._ground.places
        with self._ground.write(self._actor) as tx:
            self._need_lead()
            old = drawing_key(places, tx)
            draw_rest(self._ground, self._mover(tx), old)
            name, now = key_name(prepare_next(places)), self._ground.clock.now()
            detail: Parameters = {"disclosed": old.hex(), "key": name}
            tx.events.add(Event("audit_key_rotated", self._actor, now, detail=detail))
        # Not before the commit: until then everything is drawn with the old one.
        take_over(places, name)
        return Disclosed(now, old)

    def audit_keys(self) -> tuple[Disclosed, ...]:
        """The keys that were replaced, oldest first. The one in force is never among them."""
        with self._ground.store.read() as tx:
            return disclosed(tx)

    def misdrawn(self) -> tuple[str, ...]:
        """Proposals whose draw is not what the disclosed key of their time makes of them."""
        with self._ground.store.read() as tx:
            keys = disclosed(tx)
            rows = tx.actions.drawn(until=keys[-1].until) if keys else []
        return tuple(one.id for one in rows if not _is_drawn(AuditKeys(keys, b""), one))


def disclosed(tx: Transaction) -> tuple[Disclosed, ...]:
    return tuple(Disclosed(one.at, bytes.fromhex(one.disclosed)) for one in tx.events.rotations())


def _is_drawn(keys: AuditKeys, one: DrawnRow) -> bool:
    """As the key of its time draws it; in the millisecond of a rotation, as either does."""
    return any(
        audit_draw(keys.at(moment), one.id, one.probability).selected == bool(one.sampled)
        for moment in (one.proposed_at, one.proposed_at - 1)
    )
