"""A measure: what it asks, what it cannot tell, and how it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from overread_queue.health.metric import Metric, Point, Reading, Unit
from overread_queue.health.tallying import Cut
from overread_queue.health.view import View


@dataclass(frozen=True, slots=True)
class Found:
    """The numbers of a metric."""

    readings: tuple[Reading, ...]
    series: tuple[Point, ...] = ()
    bars: tuple[tuple[str, int], ...] = ()


Read = Callable[[View, Cut], Found]


@dataclass(frozen=True, slots=True)
class Measure:
    """One entry of the catalogue."""

    name: str
    label: str
    unit: Unit
    asks: str
    cannot_tell: str
    read: Read
    cuts: tuple[Cut, ...] = ("",)
    """What it can be cut by; by the first one, unless something else is asked for."""
    parts: str = ""
    """What its parts are, where they are no part of the desk."""

    def of(self, view: View, by: Cut | None = None) -> Metric:
        cut = by if by in self.cuts and by is not None else self.cuts[0]
        found = self.read(view, cut)
        return Metric(
            name=self.name,
            label=self.label,
            unit=self.unit,
            asks=self.asks,
            cannot_tell=self.cannot_tell,
            cut_by=cut.replace("_", " ") or self.parts,
            readings=found.readings,
            series=found.series,
            bars=found.bars,
        )
