"""How long questions waited in a pool, and which of those that wait now will be late. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from overread_queue.measure.sla import breach_chance
from overread_queue.measure.spells import Spell
from overread_queue.measure.survival import kaplan_meier

KEPT = 300
"""Waits of a pool that are remembered, the latest ones."""
FEWEST = 40
"""Waits; from fewer nothing is foretold."""


@dataclass(frozen=True, slots=True)
class WaitsChart:
    """The waits of one pool that are over, in seconds."""

    over: tuple[float, ...] = ()
    """Answered, withdrawn or replaced."""
    cut: tuple[float, ...] = ()
    """Until the deadline, and nobody knows how much longer: timed out."""

    def after(self, waited_ms: int, *, timed_out: bool) -> WaitsChart:
        seconds = waited_ms / 1000
        if timed_out:
            return WaitsChart(self.over, (*self.cut, seconds)[-KEPT:])
        return WaitsChart((*self.over, seconds)[-KEPT:], self.cut)

    @property
    def enough(self) -> bool:
        """Anything can be foretold from them."""
        return not self.missing

    @property
    def missing(self) -> int:
        """Waits without which nothing is."""
        return max(0, FEWEST - len(self.over) - len(self.cut))


class Open(NamedTuple):
    """A question that waits, in seconds since it was asked."""

    waited: float
    deadline: float


class Forecast(NamedTuple):
    """What will become of the questions that wait."""

    known: int
    """Those of which anything can be said."""
    late: float
    """How many of them will be late, on average."""


def forecast(chart: WaitsChart, waiting: Iterable[Open]) -> Forecast | None:
    """By S(deadline) / S(waited) of the Kaplan-Meier curve over what ended and what waits.

    It takes those that wait to be like those that ended: hard questions that were left for last are
    not. None with too few waits.
    """
    open_ = tuple(waiting)
    if not chart.enough:
        return None
    lasting = (*chart.cut, *(one.waited for one in open_))
    curve = kaplan_meier([*(Spell(time, "over") for time in chart.over), *map(Spell, lasting)])
    if curve is None:
        return None
    chances = [breach_chance(curve, waited=one.waited, deadline=one.deadline) for one in open_]
    known = [chance for chance in chances if chance is not None]
    return Forecast(len(known), sum(known))
