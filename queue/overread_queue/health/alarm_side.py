"""The leads' door to the alarms."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict

from overread_queue.errors import InvalidRequest, NotFound, StoreError
from overread_queue.health import design
from overread_queue.health.alarm import Alarm, AlarmKind
from overread_queue.health.catalogue import NAMES
from overread_queue.health.design import Design
from overread_queue.health.following import follow
from overread_queue.health.glance import GLANCED, Glance, glance
from overread_queue.health.metric import Period
from overread_queue.health.outlook import look_ahead
from overread_queue.health.settling import end, write_down
from overread_queue.health.side import HealthSide
from overread_queue.health.sight import blind_kinds
from overread_queue.health.wording import cause, look
from overread_queue.store.alarms import AlarmRow

MAX_NOTE = 2_000
LEARNED: tuple[AlarmKind, ...] = (
    "override_collapse",
    "escalation_drift",
    "speeding_up",
    "missed_tests",
)
"""Kinds whose charts have a baseline of their own."""


class AlarmSide(HealthSide):
    """One lead at the alarms. Looking is for everybody in the roster, changing for leads."""

    def alarms(self, *, all: bool = False, since: int = 0) -> tuple[Alarm, ...]:
        """What stands now, the severe and unacknowledged first; with `all` also what is over.

        `since` leaves out what was raised before. Reads the chain to its end first.
        """
        self._catch_up()
        with self._ground.store.read() as tx:
            found = tx.alarms.raised(since=since)
        return tuple(_alarm(row) for row in sorted(found, key=_urgency) if all or not row.over_at)

    def alarm(self, id: str) -> Alarm:
        """One of them. Raises `NotFound`."""
        with self._ground.store.read() as tx:
            found = tx.alarms.get(id)
        if found is None:
            raise NotFound("alarm", id)
        return _alarm(found)

    def acknowledge(self, id: str, note: str) -> Alarm:
        """Say that somebody looks after it, and what they found. It stands until it is over.

        Raises `NotAllowed` without the role, `NotFound`, and `InvalidRequest` without a note or
        where somebody did before.
        """
        if not 0 < len(note.strip()) <= len(note) <= MAX_NOTE:
            raise InvalidRequest(f"the note has 1 to {MAX_NOTE:,} characters: say what you found")
        with self._ground.write(self._actor) as tx:
            self._need_lead()
            mover, by = self._mover(tx), self._reviewer.name
            found = tx.alarms.get(id)
            if found is None:
                raise NotFound("alarm", id)
            if not tx.alarms.acknowledge(id, by=by, note=note, now=mover.now):
                raise InvalidRequest(f"{found.acknowledged_by} has acknowledged this alarm before")
            write_down(mover, "alarm_acknowledged", {"alarm": id})
        return self.alarm(id)

    def rebase(self, kind: AlarmKind, subject: str) -> None:
        """Forget what was usual: the next cases are the new baseline, and a standing alarm is over.

        Raises `NotAllowed` without the role, and `InvalidRequest` where nothing was learned.
        """
        if kind not in LEARNED:
            raise InvalidRequest(f"{kind} has no baseline; {', '.join(LEARNED)} have one")
        self._catch_up()
        with self._ground.write(self._actor) as tx:
            self._need_lead()
            mover = self._mover(tx)
            if not tx.alarms.drop_chart(kind, subject):
                raise InvalidRequest(
                    f"nothing was learned about {kind} of {subject!r}; "
                    "`overread alarms design` lists what was"
                )
            write_down(mover, "baseline_dropped", {"kind": kind, "subject": subject})
            if (standing := tx.alarms.standing(kind, subject)) is not None:
                end(mover, standing, at=mover.now)

    def alarm_designs(self) -> tuple[Design, ...]:
        """What each chart of this desk promises."""
        self._catch_up()
        policy = self._ground.policy()
        with self._ground.store.read() as tx:
            return tuple(design.designs(tx, policy))

    def alarm_examples(self) -> tuple[Design, ...]:
        """What override charts would promise under the policy in force, by what they learn."""
        return tuple(design.examples(self._ground.policy()))

    def glance(self, period: Period) -> Glance:
        """What is wrong now, what to look at, and what was fine in the period."""
        standing = self.alarms()
        health = self.metrics(period, [name for name in GLANCED if name in NAMES])
        with self._ground.store.read() as tx:
            return glance(health, standing, blind_kinds(tx, self._ground.policy()))

    def _catch_up(self) -> None:
        # A disk that is full keeps nobody from reading what was raised before.
        with suppress(StoreError):
            follow(self._ground)
            look_ahead(self._ground)


def _urgency(row: AlarmRow) -> tuple[bool, bool, bool, int]:
    """Of what is over, the latest first."""
    if row.over_at is not None:
        return True, False, False, -row.raised_at
    return False, row.acknowledged_at is not None, not row.severe, -row.raised_at


def _alarm(row: AlarmRow) -> Alarm:
    rising = (row.observed or 0.0) > (row.expected or 0.0)
    return Alarm(**asdict(row), cause=cause(row.kind, rising=rising), look=look(row.kind))
