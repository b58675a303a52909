"""Statements on what a collector has not been told of."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.store.rows import Stored
from overread_queue.store.table import Table


@dataclass(frozen=True, slots=True)
class Acted(Stored):
    """An agent acted on a decision, and is through with it."""

    escalation: str
    taken_at: int
    done_at: int
    state: str
    """`done` or `failed`."""


class Telemetry(Table):
    file = "telemetry"

    def cursor(self) -> int:
        """Number of the last event that a collector was told of."""
        row = self._one("cursor", {})
        return row["seq"] if row else 0

    def move_on(self, seq: int) -> None:
        self._all("move_on", {"seq": seq})

    def closed(self, *, after: int, up_to: int) -> list[str]:
        rows = self._all("closed", {"after": after, "up_to": up_to})
        return [row["escalation"] for row in rows]

    def acted(self, *, after: int, up_to: int) -> list[Acted]:
        rows = self._all("acted", {"after": after, "up_to": up_to})
        return [Acted.of(row) for row in rows]
