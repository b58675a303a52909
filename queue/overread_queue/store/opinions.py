"""Statements on `opinion`: what each of two people said, before there is a decision."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from overread_queue.store.rows import EscalationRow, Stored
from overread_queue.store.table import Table, Value


@dataclass(frozen=True, slots=True)
class OpinionRow(Stored):
    escalation: str
    attempt: int
    reviewer: str
    verdict: str
    """As recorded; only the envelope is believed."""
    at: int
    envelope: bytes
    signature: bytes
    edited_action: bytes | None
    reason: str


class Opinions(Table):
    file = "opinion"

    def about(self, found: EscalationRow) -> list[OpinionRow]:
        values: dict[str, Value] = {"escalation": found.id, "attempt": found.attempt}
        return [OpinionRow.of(row) for row in self._all("about", values)]

    def add(self, new: OpinionRow) -> None:
        self._all("add", asdict(new))
