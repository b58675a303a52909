"""Waits as they are found: some over, each in its way, and some not yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from overread_queue.measure.impossible import check_times


@dataclass(frozen=True, slots=True)
class Spell:
    """One wait, in any unit of time."""

    time: float
    """How long it took, or has taken until now."""
    exit: str | None = None
    """How it ended: answered, timed out, withdrawn …; None while it still lasts."""
    count: int = 1
    """Waits like this one."""


@dataclass(frozen=True, slots=True)
class RiskSet:
    """A moment at which some wait ended."""

    time: float
    at_risk: int
    """Waits that lasted at least so long."""
    exits: Counter[str]

    @property
    def ended(self) -> int:
        return self.exits.total()


def risk_sets(spells: Iterable[Spell]) -> Iterator[RiskSet]:
    """In order of time. Who still waits at a moment counts among those who could have ended then.

    Raises `Impossible` for times that no clock can have measured.
    """
    waits = list(spells)
    check_times(spell.time for spell in waits)
    lasting: Counter[float] = Counter()
    exits: dict[float, Counter[str]] = {}
    for spell in waits:
        lasting[spell.time] += spell.count
        if spell.exit is not None:
            exits.setdefault(spell.time, Counter())[spell.exit] += spell.count
    at_risk = lasting.total()
    for time in sorted(lasting):
        if time in exits:
            yield RiskSet(time, at_risk, exits[time])
        at_risk -= lasting[time]
