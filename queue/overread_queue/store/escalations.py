"""Statements on `escalation`. A method that moves returns None when the guard did not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from overread_queue.models import Row
from overread_queue.states import EscalationKind, EscalationState, Tier
from overread_queue.store.rows import EscalationRow, Ready, line
from overread_queue.store.table import Table, Value


@dataclass(frozen=True, slots=True)
class NewEscalation:
    """What submission knows."""

    id: str
    agent: str
    run: str
    key: str
    kind: EscalationKind
    tier: Tier
    pool: str
    action_type: str
    brief_sha256: str
    action_sha256: str
    policy_sha256: str
    predecessor: str | None
    created_at: int
    sla_ms: int
    deadline_at: int
    claimable_at: int
    promote_at: int
    expected_seconds: int
    stake: int


@dataclass(frozen=True, slots=True)
class Leased:
    """Who holds which escalation, by which fencing token."""

    id: str
    reviewer: str
    fence: int

    def values(self) -> dict[str, Value]:
        return {"id": self.id, "reviewer": self.reviewer, "fence": self.fence}


class Escalations(Table):
    file = "escalation"

    def get(self, id: str) -> EscalationRow | None:
        return self._moved("get", {"id": id})

    def by_key(self, agent: str, key: str) -> EscalationRow | None:
        return self._moved("by_key", {"agent": agent, "key": key})

    def successor(self, id: str) -> EscalationRow | None:
        return self._moved("successor", {"id": id})

    def add(self, new: NewEscalation) -> None:
        self._all("add", {**asdict(new), "severity": new.tier.severity})

    def open_in_run(self, agent: str, run: str) -> tuple[str, ...]:
        return tuple(row["id"] for row in self._all("open_in_run", {"agent": agent, "run": run}))

    # -- looking

    def depth(self) -> dict[str, tuple[int, int]]:
        """Items and expected seconds that each pool still has to do."""
        rows = self._all("depth", {})
        return {row["pool"]: (row["items"], row["seconds"]) for row in rows}

    def depth_asked(self) -> dict[str, tuple[int, int]]:
        """The same of what agents asked, without audits."""
        rows = self._all("depth_asked", {})
        return {row["pool"]: (row["items"], row["seconds"]) for row in rows}

    def ready_in_pool(self, pool: str, *, reviewer: str, now: int) -> list[Ready]:
        values: dict[str, Value] = {"pool": pool, "reviewer": reviewer, "now": now}
        return [Ready.of(row) for row in self._all("ready_in_pool", values)]

    def later_in_pool(self, pool: str, *, now: int) -> tuple[int, int | None]:
        """How many wait for their time, and when the first one's comes."""
        row = self._all("later_in_pool", {"pool": pool, "now": now})[0]
        return row["items"], row["next_at"]

    def leased_in_pool(self, pool: str) -> dict[str, int]:
        return {
            row["reviewer"]: row["items"] for row in self._all("leased_in_pool", {"pool": pool})
        }

    def row(self, id: str) -> Row | None:
        found = self._one("row", {"id": id})
        return line(found) if found else None

    def matching(self, pool: str, *, pattern: str, beginning: str) -> list[str]:
        """What has `pattern` in its words, or an id that `beginning` begins (LIKE, both)."""
        values = {"pool": pool, "pattern": pattern, "beginning": beginning}
        return [row["id"] for row in self._all("matching", values)]

    def newest(
        self, state: EscalationState | None, *, most: int, agent: str | None = None
    ) -> tuple[Row, ...]:
        """The newest first, without audits; those of one agent, where it is named."""
        name = "newest_in_state" if state else "newest"
        values: dict[str, Value] = {"most": most, "agent": agent}
        if state:
            values["state"] = state
        return tuple(line(row) for row in self._all(name, values))

    # -- the reviewer's moves

    def claim(
        self, id: str, *, reviewer: str, session: str | None, lease_until: int, now: int
    ) -> EscalationRow | None:
        return self._moved(
            "claim",
            {
                "id": id,
                "reviewer": reviewer,
                "session": session,
                "lease_until": lease_until,
                "now": now,
            },
        )

    def extend(self, leased: Leased, *, lease_until: int) -> EscalationRow | None:
        return self._moved("extend", {**leased.values(), "lease_until": lease_until})

    def put_back(self, leased: Leased, *, to: EscalationRow) -> EscalationRow | None:
        """To the pool and the times that `to` says."""
        return self._moved("put_back", leased.values() | _place(to))

    def opine(
        self, leased: Leased, source: EscalationState, *, to: EscalationRow, now: int
    ) -> EscalationRow | None:
        """Likewise, after an opinion."""
        guard: dict[str, Value] = {"source": source, "now": now}
        return self._moved("opine", leased.values() | _place(to) | guard)

    def hold(
        self, leased: Leased, *, held_until: int, lease_until: int, now: int
    ) -> EscalationRow | None:
        times: dict[str, Value] = {
            "held_until": held_until,
            "lease_until": lease_until,
            "now": now,
        }
        return self._moved("hold", leased.values() | times)

    def unhold(
        self, leased: Leased, *, session: str | None, lease_until: int, now: int
    ) -> EscalationRow | None:
        there: dict[str, Value] = {"session": session, "lease_until": lease_until, "now": now}
        return self._moved("unhold", leased.values() | there)

    def put_back_held(self, id: str, *, fence: int) -> EscalationRow | None:
        return self._moved("put_back_held", {"id": id, "fence": fence})

    def decide(self, leased: Leased, source: EscalationState, *, now: int) -> EscalationRow | None:
        return self._moved("decide", {**leased.values(), "source": source, "now": now})

    def held_by(self, reviewer: str, *, now: int) -> list[EscalationRow]:
        """Held ones whose undo window is over."""
        return self._rows("held_by", {"reviewer": reviewer, "now": now})

    def leased_by(self, reviewer: str) -> list[EscalationRow]:
        return self._rows("leased_by", {"reviewer": reviewer})

    # -- the moves of time and of the agent

    def lapsed(self, *, now: int, most: int) -> list[EscalationRow]:
        return self._rows("lapsed", {"now": now, "most": most})

    def lapse(self, id: str, *, fence: int, now: int) -> EscalationRow | None:
        return self._moved("lapse", {"id": id, "fence": fence, "now": now})

    def overdue(self, *, now: int, most: int) -> list[EscalationRow]:
        return self._rows("overdue", {"now": now, "most": most})

    def close(self, id: str, target: EscalationState, *, now: int) -> EscalationRow | None:
        return self._moved("close", {"id": id, "target": target, "now": now})

    def reroute(
        self, id: str, *, pool: str, deadline_at: int, promote_at: int, now: int
    ) -> EscalationRow | None:
        return self._moved(
            "reroute",
            {
                "id": id,
                "pool": pool,
                "deadline_at": deadline_at,
                "promote_at": promote_at,
                "now": now,
            },
        )

    def to_promote(self, *, now: int, most: int) -> list[EscalationRow]:
        """Half of their SLA is over, and that was not noted yet."""
        return self._rows("to_promote", {"now": now, "most": most})

    def promote(self, id: str, *, now: int) -> EscalationRow | None:
        return self._moved("promote", {"id": id, "now": now})

    def overflow(self, id: str, *, source: str, pool: str) -> EscalationRow | None:
        return self._moved("overflow", {"id": id, "source": source, "pool": pool})

    def waiting_in_pool(self, pool: str, *, most: int) -> list[EscalationRow]:
        return self._rows("waiting_in_pool", {"pool": pool, "most": most})

    def withdrawn_unsigned(self, *, most: int) -> list[EscalationRow]:
        return self._rows("withdrawn_unsigned", {"most": most})

    def _moved(self, name: str, values: Mapping[str, Value]) -> EscalationRow | None:
        row = self._one(name, values)
        return EscalationRow.of(row) if row else None

    def _rows(self, name: str, values: Mapping[str, Value]) -> list[EscalationRow]:
        return [EscalationRow.of(row) for row in self._all(name, values)]


def _place(to: EscalationRow) -> dict[str, Value]:
    return {
        "pool": to.pool,
        "deadline_at": to.deadline_at,
        "claimable_at": to.claimable_at,
        "promote_at": to.promote_at,
        "hops": to.hops,
    }
