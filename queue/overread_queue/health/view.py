"""What every measure is read from: the tallies of some days, and what is open now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from overread_queue.health.metric import Weight
from overread_queue.health.periods import Stretch, period_of, stretches
from overread_queue.health.tallying import Cut
from overread_queue.states import EscalationKind
from overread_queue.store.health import Day, Days, Health, Open, Sum
from overread_queue.store.truths import Truths

FEW, SOME = 10, 30
"""Cases from which on a number is a first idea, and usable."""


@dataclass(frozen=True, slots=True)
class View:
    """One desk over one period, as of one moment."""

    table: Health
    truths: Truths
    days: Days
    now: int
    open: tuple[Open, ...]
    """Everything that is on the desk now."""

    def by_part(self, what: str, cut: Cut) -> dict[str, list[Sum]]:
        """The period's tallies by part of the desk; the whole of it under an empty name."""
        found: dict[str, list[Sum]] = defaultdict(list)
        found[""] = self.table.sums(what, "", self.days)
        for one in self.table.sums(what, cut, self.days) if cut else ():
            found[one.part].append(one)
        return found

    def whole(self, what: str) -> list[Sum]:
        return self.table.sums(what, "", self.days)

    def daily(self, what: str) -> list[Day]:
        return self.table.daily(what, self.days)

    def over_time(self, what: str) -> Iterator[tuple[Stretch, list[Sum]]]:
        """The whole desk's tallies for every point of a series, oldest first."""
        for stretch in stretches(self.days):
            yield stretch, self.table.sums(what, "", Days(stretch.first, stretch.after))

    def pending(self) -> tuple[Open, ...]:
        """What was asked in the period, is open now, and somebody waits for."""
        period = period_of(self.days)
        return tuple(
            one
            for one in self.open
            if waited_for(one) and period.since <= one.created_at < period.until
        )


def waited_for(one: Open) -> bool:
    """Nobody waits for an audit of what was done long ago."""
    return one.kind != EscalationKind.AUDIT


def part_of(one: Open, cut: Cut) -> str:
    """Which part of the desk an open question belongs to."""
    match cut:
        case "":
            return ""
        case "action_type":
            return one.action_type
        case "tier":
            return one.tier
        case "pool":
            return one.pool
        case "state":
            return one.state


def weight_of(n: int) -> Weight:
    """How far a number of so many cases carries."""
    if n == 0:
        return "none"
    return "counts" if n < FEW else "rough" if n < SOME else "usable"
