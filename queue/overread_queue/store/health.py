"""Facts off the chain, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.store.rows import Stored
from overread_queue.store.table import Table


@dataclass(frozen=True, slots=True)
class Told(Stored):
    """An event, with what the tables know of what it is about: None where that was erased."""

    seq: int
    at: int
    kind: str
    agent: str | None
    escalation: str | None
    detail: str
    action_type: str | None
    tier: str | None
    """Of the escalation."""
    asked_for: str | None
    """The escalation's kind."""
    created_at: int | None
    """When the escalation was submitted …"""
    due_at: int | None
    """… and when its first deadline is."""
    proposed_tier: str | None
    asked: int | None
    """The proposal was made by submitting a brief."""
    agent_version: str | None
    inputs: str | None
    active_ms: int | None
    """Of the look that came to an answer, as the next six."""
    opened_at: int | None
    opened: str | None
    undone: int | None
    judged: str | None
    """Option of the first judgement."""
    challenged: int
    boilerplate: int
    brief: bytes | None
    taken: int
    """Somebody had claimed it before."""
    responded: int
    """Somebody had answered, handed on or given an opinion before."""
    since: int | None


class Health(Table):
    file = "health"

    def cursor(self) -> int:
        """The last event that was counted."""
        row = self._one("cursor", {})
        return row["seq"] if row else 0

    def move_on(self, seq: int) -> None:
        """Everything up to this event is counted."""
        self._all("move_on", {"seq": seq})

    def told(self, *, after: int, most: int) -> list[Told]:
        return [Told.of(row) for row in self._all("told", {"after": after, "most": most})]
