"""Statements on what the chain of events tells of broken glass."""

from __future__ import annotations

from overread_queue.models import Glass
from overread_queue.store.table import Table


class GlassTable(Table):
    file = "glass"

    def broken(self) -> tuple[Glass, ...]:
        """What no other lead has looked at yet, oldest first."""
        open: dict[str, Glass] = {}
        for row in self._all("told", {}):
            by = row["actor"].partition(":")[2]
            if row["kind"] == "glass_broken":
                open[row["escalation"]] = Glass(row["escalation"], row["question"], by, row["at"])
            else:
                open.pop(row["escalation"], None)
        return tuple(open.values())
