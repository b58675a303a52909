"""Statements on `halt`, and on what the chain of events tells of stopping and lifting."""

from __future__ import annotations

from overread_queue.models import Halt
from overread_queue.store.rows import Stop
from overread_queue.store.table import Table


class Halts(Table):
    file = "halt"

    def told(self) -> list[Stop]:
        """Every stop and every lift, in order, as the chain of events has them."""
        return [Stop.of(row) for row in self._all("told", {})]

    def unlifted(self) -> frozenset[str]:
        """Ids of the rows that nobody lifted, whatever the chain says."""
        return frozenset(row["id"] for row in self._all("unlifted", {}))

    def add(self, new: Halt) -> None:
        self._all(
            "add",
            {
                "id": new.id,
                "agent": new.agent,
                "at": new.at,
                "by": new.by,
                "reason": new.reason,
            },
        )

    def lift(self, id: str, *, by: str, now: int) -> None:
        self._all("lift", {"id": id, "by": by, "now": now})
