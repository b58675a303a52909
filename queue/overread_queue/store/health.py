"""Facts off the chain, and what they add up to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overread_queue.store.over import FORGOTTEN_MS, UNASKED_MS
from overread_queue.store.rows import Stored
from overread_queue.store.table import Table, Value

if TYPE_CHECKING:
    from overread_queue.health.tallying import Cell, Count


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


@dataclass(frozen=True, slots=True)
class Sum(Stored):
    """Tallies added up."""

    part: str
    mark: str
    bucket: int
    items: int
    total: int


@dataclass(frozen=True, slots=True)
class Day(Stored):
    """Tallies of one UTC day, counted from 1970."""

    day: int
    mark: str
    bucket: int
    items: int
    total: int


@dataclass(frozen=True, slots=True)
class Open(Stored):
    """A question that is on the desk now."""

    state: str
    kind: str
    tier: str
    pool: str
    action_type: str
    created_at: int
    due_at: int
    """Its first deadline."""
    expected_seconds: int
    told: int
    """Figures tell of it already, although it is open: a blind test is never like that."""
    taken: int
    responded: int
    since: int
    """When it came into its state."""


@dataclass(frozen=True, slots=True)
class Judged(Stored):
    """A look that began with a first judgement, at something that the truth is known of."""

    escalation: str
    first: str
    """Options: the one judged before the suggestion was shown …"""
    last: str | None
    """… and the one chosen after it."""
    brief: bytes | None


@dataclass(frozen=True, slots=True)
class Days:
    """Some UTC days, counted from 1970; `after` is the first that is not among them."""

    first: int
    after: int


class Health(Table):
    file = "health"

    def cursor(self) -> int:
        """The last event that was counted."""
        row = self._one("cursor", {})
        return row["seq"] if row else 0

    def move_on(self, seq: int) -> None:
        """Everything up to this event is counted."""
        self._all("move_on", {"seq": seq})

    def next(self, *, after: int, most: int) -> list[int]:
        """Numbers of the events that follow."""
        return [row["seq"] for row in self._all("next", {"after": after, "most": most})]

    def told(self, seqs: Sequence[int]) -> list[Told]:
        """These events, in the order of the chain."""
        return [Told.of(row) for row in self._all("told", {"seqs": json.dumps(seqs)})]

    # -- what no figure tells of yet

    def withhold(self, seqs: Sequence[int]) -> None:
        """Until somebody says that they were told."""
        self._all("withhold", {"seqs": json.dumps(seqs)})

    def over(self, *, now: int, most: int, first: int = 0) -> list[int]:
        """Those, from event `first` on, that may be told now: what they are about is over."""
        values: dict[str, Value] = {
            "first": first,
            "most": most,
            "forgotten": now - FORGOTTEN_MS,
            "unasked": now - UNASKED_MS,
        }
        return [row["seq"] for row in self._all("over", values)]

    def tell(self, seqs: Sequence[int]) -> None:
        """They are withheld no more."""
        self._all("tell", {"seqs": json.dumps(seqs)})

    # -- tallies

    def add(self, tallies: Mapping[Cell, Count]) -> None:
        for cell, count in tallies.items():
            self._all("add", cell._asdict() | count._asdict())

    def sums(self, what: str, cut: str, days: Days) -> list[Sum]:
        values: dict[str, Value] = {
            "what": what,
            "cut": cut,
            "first": days.first,
            "after": days.after,
        }
        return [Sum.of(row) for row in self._all("sums", values)]

    def daily(self, what: str, days: Days) -> list[Day]:
        values: dict[str, Value] = {"what": what, "first": days.first, "after": days.after}
        return [Day.of(row) for row in self._all("daily", values)]

    def flow(self, day: int) -> int:
        """What was open when a day began."""
        return int(self._all("flow", {"day": day})[0]["open"])

    def latest_day(self, what: str) -> int | None:
        """The last day on which something of a kind was counted."""
        row = self._one("latest_day", {"what": what})
        return row["day"] if row else None

    def open(self) -> list[Open]:
        return [Open.of(row) for row in self._all("open", {})]

    def judged_and_known(self, *, since: int, until: int) -> list[Judged]:
        """Of looks that ended in the period (UTC milliseconds)."""
        values: dict[str, Value] = {"since": since, "until": until}
        return [Judged.of(row) for row in self._all("judged_and_known", values)]
