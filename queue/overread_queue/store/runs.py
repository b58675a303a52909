"""Statements on `run`."""

from __future__ import annotations

from overread_queue.states import RunState
from overread_queue.store.rows import RunRow
from overread_queue.store.table import Table


class Runs(Table):
    file = "run"

    def get(self, agent: str, id: str) -> RunRow | None:
        row = self._one("get", {"agent": agent, "id": id})
        return RunRow.of(row) if row else None

    def add(self, agent: str, id: str, *, now: int) -> None:
        self._all("add", {"agent": agent, "id": id, "now": now})

    def move(self, run: RunRow, target: RunState, *, now: int) -> RunRow | None:
        """None if the run is no longer in `run.state`."""
        row = self._one(
            "move",
            {"agent": run.agent, "id": run.id, "source": run.state, "target": target, "now": now},
        )
        return RunRow.of(row) if row else None

    def take(
        self, agent: str, id: str, *, holder: str, lease_until: int, now: int
    ) -> RunRow | None:
        """None while another lease lives, or when the run has nothing to take."""
        row = self._one(
            "take",
            {"agent": agent, "id": id, "holder": holder, "lease_until": lease_until, "now": now},
        )
        return RunRow.of(row) if row else None

    def extend(
        self, agent: str, id: str, *, fence: int, lease_until: int, now: int
    ) -> RunRow | None:
        row = self._one(
            "extend",
            {"agent": agent, "id": id, "fence": fence, "lease_until": lease_until, "now": now},
        )
        return RunRow.of(row) if row else None

    def give_back(self, agent: str, id: str, *, fence: int, now: int) -> RunRow | None:
        row = self._one("give_back", {"agent": agent, "id": id, "fence": fence, "now": now})
        return RunRow.of(row) if row else None
