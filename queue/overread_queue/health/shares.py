"""Measures that are a share: so many of so many, with Wilson's interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from overread_queue.health.measures import Found
from overread_queue.health.metric import Point, Reading
from overread_queue.health.tallying import Cut
from overread_queue.health.view import View, weight_of
from overread_queue.measure.intervals import wilson
from overread_queue.store.health import Sum


class Ratio(NamedTuple):
    """`hits` of `n`."""

    hits: int
    n: int


@dataclass(frozen=True, slots=True)
class Share:
    """The share of some marks among all of one kind of tally."""

    what: str
    marks: frozenset[str]
    among: frozenset[str] | None = None
    """Marks that count at all; None for every one."""
    nothing: str = "Nothing of the kind happened in this period."

    def __call__(self, view: View, cut: Cut) -> Found:
        parts = view.by_part(self.what, cut)
        readings = tuple(self.reading(part, self.ratio(parts[part])) for part in sorted(parts))
        return Found(readings, self._series(view), self._bars(parts[""]))

    def ratio(self, tallies: Iterable[Sum]) -> Ratio:
        found: Counter[str] = Counter()
        for one in tallies:
            found[one.mark] += one.items
        n = sum(found[mark] for mark in found if self.among is None or mark in self.among)
        return Ratio(sum(found[mark] for mark in self.marks), n)

    def reading(self, part: str, ratio: Ratio) -> Reading:
        return share_reading(part, ratio, nothing=self.nothing)

    def _series(self, view: View) -> tuple[Point, ...]:
        found = []
        for stretch, tallies in view.over_time(self.what):
            ratio = self.ratio(tallies)
            interval = wilson(*ratio) if ratio.n else None
            found.append(
                Point(stretch.at, ratio.n, interval.estimate if interval else None, interval)
            )
        return tuple(found)

    def _bars(self, tallies: Iterable[Sum]) -> tuple[tuple[str, int], ...]:
        """How often each way it can turn out, most first."""
        found: Counter[str] = Counter()
        for one in tallies:
            if one.mark and (self.among is None or one.mark in self.among):
                found[one.mark.replace("_", " ")] += one.items
        return tuple(found.most_common())


def share_reading(part: str, ratio: Ratio, *, nothing: str, note: str = "") -> Reading:
    count, n = ratio
    if n == 0:
        return Reading(part, 0, 0, None, None, "none", nothing)
    interval = wilson(count, n)
    return Reading(part, n, count, interval.estimate, interval, weight_of(n), note)
