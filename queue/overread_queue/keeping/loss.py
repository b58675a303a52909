"""What going back to a backup would throw away."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.audit.anchor import Anchor
from overread_queue.audit.checkpoint import verified
from overread_queue.audit.links import Link
from overread_queue.audit.tables import ERASED
from overread_queue.audit.verify import Report
from overread_queue.errors import Forged, NoDesk, NotADesk, StoreCorrupt
from overread_queue.places import Places
from overread_queue.store.evidence import Evidence, evidence
from overread_queue.trust.roster import Roster


@dataclass(frozen=True, slots=True)
class Loss:
    """What the desk knows now and the backup does not."""

    events: int
    """At least so many."""
    decisions: int
    escalations: int
    erased: frozenset[str]
    """Escalations erased since: they are erased again, whatever the backup holds."""
    readable: bool
    """False where the desk cannot be read any more, so that there may be more."""
    diverged: bool
    """The desk is no continuation of the backup: another history led to it."""

    @property
    def any(self) -> bool:
        return self.events > 0 or self.diverged or not self.readable

    def __str__(self) -> str:
        if self.diverged:
            return "the desk has another history than the backup, and all of it would be lost"
        least = "" if self.readable else "at least "
        told = f"going back loses {least}{self.events:,} events since the backup"
        if not self.readable:
            return f"{told}, and what else was on the desk cannot be read any more"
        return f"{told}, {self.decisions:,} decisions and {self.escalations:,} questions among them"


def loss_to(places: Places, backup: Report) -> Loss:
    """Compare the desk that stands with an examined backup. Reads, and changes nothing."""
    try:
        with evidence(places.db) as found:
            return _counted(found, backup)
    except NoDesk:
        return Loss(_signed_after(places, backup), 0, 0, frozenset(), True, False)
    except (NotADesk, StoreCorrupt):
        return Loss(_signed_after(places, backup), 0, 0, frozenset(), False, False)


def _counted(found: Evidence, backup: Report) -> Loss:
    events, decided, asked = 0, 0, 0
    erased: set[str] = set()
    diverged = backup.events > 0
    for cells in found.events():
        link = Link.of(cells)
        if link.seq == backup.events:
            diverged = link.hash != backup.head
        if not isinstance(link.seq, int) or link.seq <= backup.events:
            continue
        events += 1
        decided += "envelope_sha256" in (link.detail or {})
        asked += link.kind == "submitted"
        if link.kind == ERASED and isinstance(link.escalation, str):
            erased.add(link.escalation)
    return Loss(events, decided, asked, frozenset(erased), True, diverged)


def _signed_after(places: Places, backup: Report) -> int:
    """Events that the desk signed for outside the database."""
    roster = Roster.load(places)
    newest = 0
    for line in Anchor(places.checkpoints_file).lines():
        try:
            newest = max(newest, verified(line, roster).seq)
        except Forged:
            continue
    return max(0, newest - backup.events)
