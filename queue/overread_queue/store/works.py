"""Statements on `work`: what came in, and how much of it was reviewed."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from overread_queue.states import EscalationKind, Tier
from overread_queue.store.rows import Stored
from overread_queue.store.table import Table


@dataclass(frozen=True, slots=True)
class Work(Stored):
    """Work of one sort."""

    pool: str
    """Where it was at the time."""
    action_type: str
    kind: EscalationKind
    tier: Tier
    items: int
    """Submitted."""
    reviews: int
    """Looks that came to an answer, by whomever."""
    active_ms: int
    """Of these looks together."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", EscalationKind(self.kind))
        object.__setattr__(self, "tier", Tier(self.tier))


class Works(Table):
    """Days are UTC days, counted from 1970; both ends are in."""

    file = "work"

    def add(self, day: int, work: Work) -> None:
        self._all("add", {"day": day, **asdict(work)})

    def between(self, first: int, last: int) -> list[Work]:
        """By sort, over these days together."""
        return [Work.of(row) for row in self._all("between", {"first": first, "last": last})]

    def days(self, first: int, last: int) -> int:
        """On how many of them anything came in."""
        row = self._one("days", {"first": first, "last": last})
        return row["days"] if row else 0
