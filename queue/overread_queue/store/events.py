"""The chain of events: every hash covers the event and the hash before it (CONTRACTS 1)."""

from __future__ import annotations

from dataclasses import dataclass, field

from overread_briefs.canonical import event_sha256, jcs
from overread_briefs.fields import Parameters
from overread_queue.store.rows import EventRow, Stored
from overread_queue.store.table import Table, Value

GENESIS = "0" * 64
"""What stands before the first event."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `detail` holds ids, digests and numbers, never text for people."""

    kind: str
    actor: str
    at: int
    agent: str | None = None
    run: str | None = None
    escalation: str | None = None
    detail: Parameters = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rotation(Stored):
    """One audit key that was replaced."""

    at: int
    disclosed: str
    """The key, in hex."""
    key: str
    """Name of the one that took over."""


class Events(Table):
    """Appends to the chain, in the transaction of what it records."""

    file = "event"

    def head(self) -> tuple[int, str]:
        """Number and hash of the last event."""
        row = self._one("head", {})
        return (row["seq"], row["hash"]) if row else (0, GENESIS)

    def add(self, event: Event) -> None:
        """Nothing is added about a blind test: a real item's events reach its agent and every
        measure, and would say whose test it was."""
        if self._is_silent(event):
            return
        seq, previous = self.head()
        body: Parameters = {
            "seq": seq + 1,
            "at": event.at,
            "actor": event.actor,
            "kind": event.kind,
            "agent": event.agent,
            "run": event.run,
            "escalation": event.escalation,
            "detail": event.detail,
        }
        self._all(
            "add",
            {
                "seq": seq + 1,
                "at": event.at,
                "actor": event.actor,
                "kind": event.kind,
                "agent": event.agent,
                "run": event.run,
                "escalation": event.escalation,
                "detail": jcs(event.detail).decode(),
                "previous": previous,
                "hash": event_sha256(previous, body),
            },
        )

    def _is_silent(self, event: Event) -> bool:
        about: dict[str, Value] = {
            "escalation": event.escalation,
            "agent": event.agent,
            "run": event.run,
        }
        return self._one("is_silent", about) is not None

    def of(self, escalation: str) -> list[EventRow]:
        rows = self._all("of_escalation", {"escalation": escalation})
        return [EventRow.of(row) for row in rows]

    def all(self) -> list[EventRow]:
        return [EventRow.of(row) for row in self._all("all", {})]

    def add_checkpoint(self, seq: int, line: bytes) -> None:
        """Keep a signed head beside the events that it covers."""
        self._all("add_checkpoint", {"seq": seq, "line": line})

    def refusals(self) -> dict[str, int]:
        """Refused moves and calls by kind of error."""
        return {row["error"]: row["items"] for row in self._all("refusals", {})}

    def rotations(self) -> list[Rotation]:
        """Every audit key that was replaced, oldest first."""
        return [Rotation.of(row) for row in self._all("rotations", {})]
