"""The leads' door to the records: what is held, what is erased, and when."""

from __future__ import annotations

from typing import Literal

from overread_queue.clock import new_id
from overread_queue.errors import InvalidRequest
from overread_queue.keeping.purge import Horizon, Plan, erase, plan, purge
from overread_queue.leading.side import OfficeSide
from overread_queue.store.events import Event
from overread_queue.store.keeping import HoldRow

Held = Literal["escalation", "agent", "run"]
MAX_REASON = 500


class RecordsSide(OfficeSide):
    """One lead at the records. Looking is for everybody in the roster, changing for leads."""

    # -- legal holds

    def holds(self) -> tuple[HoldRow, ...]:
        """Legal holds, the open ones and the lifted ones."""
        with self._ground.store.read() as tx:
            return tuple(tx.keeping.holds())

    def hold(self, kind: Held, subject: str, *, reason: str) -> None:
        """Keep an escalation, or everything of an agent or a run, until `unhold`.

        Raises `NotAllowed` without the role, `InvalidRequest` where it is held already.
        """
        _check_reason(reason)
        with self._ground.write(self._actor) as tx:
            self._need_lead()
            now, by = self._ground.clock.now(), self._reviewer.name
            row = HoldRow(new_id(now), kind, subject, now, by, reason, None, None)
            if not tx.keeping.add_hold(row):
                raise InvalidRequest(f"{kind} {subject} is held already")
            tx.events.add(Event("hold_added", self._actor, now, detail={kind: subject}))

    def unhold(self, kind: Held, subject: str) -> None:
        """End a hold. Raises `InvalidRequest` where there is none."""
        with self._ground.write(self._actor) as tx:
            self._need_lead()
            now = self._ground.clock.now()
            if not tx.keeping.lift_hold(kind, subject, by=self._reviewer.name, now=now):
                raise InvalidRequest(
                    f"{kind} {subject} is not held; `overread hold list` shows what is"
                )
            tx.events.add(Event("hold_removed", self._actor, now, detail={kind: subject}))

    # -- erasure

    def plan(self) -> Plan:
        """What `purge` would erase now."""
        horizon = Horizon.at(self._ground.policy(), self._ground.clock.now())
        with self._ground.store.read() as tx:
            return plan(tx, horizon)

    def purge(self) -> Plan:
        """Erase payloads past the policy's retention. Raises `NotAllowed` without the role."""
        self._need_lead()
        return purge(self._ground, self._actor)

    def erase(self, id: str, *, reason: str) -> bool:
        """Erase the payload of one closed escalation now. False where the database's log still
        holds it, because somebody reads.

        Raises `OnHold`, `NotAllowed`, `NotFound`, `InvalidRequest`.
        """
        _check_reason(reason)
        self._need_lead()
        return erase(self._ground, self._actor, id, reason=reason)


def _check_reason(reason: str) -> None:
    if not 0 < len(reason.strip()) <= len(reason) <= MAX_REASON:
        raise InvalidRequest(f"the reason has 1 to {MAX_REASON} characters")
