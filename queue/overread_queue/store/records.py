"""Counts over what is kept, for leads."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.store.over import FORGOTTEN_MS, UNASKED_MS
from overread_queue.store.rows import Stored
from overread_queue.store.table import Table


@dataclass(frozen=True, slots=True)
class BreachRow(Stored):
    """Deadlines that one workflow's questions of one type missed in one pool."""

    agent: str
    action_type: str
    pool: str
    breaches: int
    last_at: int


@dataclass(frozen=True, slots=True)
class VerdictRow(Stored):
    action_type: str
    verdict: str
    items: int


@dataclass(frozen=True, slots=True)
class WeekRow(Stored):
    """The sessions that began in one week, without whose they were."""

    at: int
    """Its Monday, UTC."""
    sessions: int
    people: int
    active_ms: int
    long: int
    """Sessions of more active time than the policy gives one."""
    hurried: int
    """Sessions that began too soon after the one before for a break."""


class Records(Table):
    file = "record"

    def counts(self, *, since: int, until: int, now: int) -> dict[str, int]:
        """Records of each kind in a period, of what is over."""
        values = {
            "since": since,
            "until": until,
            "forgotten": now - FORGOTTEN_MS,
            "unasked": now - UNASKED_MS,
        }
        rows = self._all("counts", values)
        return {row["kind"]: row["items"] for row in rows}

    def breaches(self, *, since: int) -> list[BreachRow]:
        return [BreachRow.of(row) for row in self._all("breaches", {"since": since})]

    def verdicts(self, *, since: int, now: int) -> list[VerdictRow]:
        """Of what is over."""
        values = {"since": since, "forgotten": now - FORGOTTEN_MS}
        return [VerdictRow.of(row) for row in self._all("verdicts", values)]

    def sessions(self, *, since: int, until: int, longest_ms: int, break_ms: int) -> list[WeekRow]:
        """By week, oldest first."""
        known = {"since": since, "until": until, "longest_ms": longest_ms, "break_ms": break_ms}
        return [WeekRow.of(row) for row in self._all("sessions", known)]
