"""Measures that are a wait: how long until something happens, with what still waits counted in."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from operator import attrgetter
from typing import Literal

from overread_queue.health.buckets import bucket_of, seconds_of
from overread_queue.health.measures import Found
from overread_queue.health.metric import Point, Reading
from overread_queue.health.tallying import DAY_MS, Cut
from overread_queue.health.view import View, part_of, weight_of
from overread_queue.measure.exits import Incidence, cumulative_incidence
from overread_queue.measure.impossible import z_for
from overread_queue.measure.intervals import Interval
from overread_queue.measure.spells import Spell
from overread_queue.measure.survival import kaplan_meier
from overread_queue.store.health import Open, Sum

NOTHING = "Nobody was asked anything in this period."
APART = "Each has a time of its own; one for all of them would mean nothing."
WORDS = {
    "taken": "taken up",
    "responded": "answered",
    "answered": "answered",
    "left": "over",
    "timed_out": "timed out",
    "withdrawn": "taken back",
    "superseded": "revised",
    "": "still waiting",
}


@dataclass(frozen=True, slots=True)
class Waits:
    """One kind of wait, by part of the desk; its end is the one exit that is meant."""

    what: str
    exit: str
    lasts: Callable[[Open], bool]
    """Whether an open question still waits for it …"""
    begins: Callable[[Open], int] = attrgetter("created_at")
    """… and since when."""

    def by_part(self, view: View, cut: Cut) -> dict[str, list[Spell]]:
        found = {part: spells(sums) for part, sums in view.by_part(self.what, cut).items()}
        parts = defaultdict(list, found)
        for one in self._lasting(view):
            parts[""].append(self._spell(one, view.now))
            if cut:
                parts[part_of(one, cut)].append(self._spell(one, view.now))
        return parts

    def over_time(self, view: View) -> Iterator[tuple[int, list[Spell]]]:
        """By when they began."""
        lasting = self._lasting(view)
        for stretch, tallies in view.over_time(self.what):
            inside = (one for one in lasting if self._day(one) in stretch)
            still = [self._spell(one, view.now) for one in inside]
            yield stretch.at, spells(tallies) + still

    def _lasting(self, view: View) -> list[Open]:
        first, after = view.days.first, view.days.after
        waiting = filter(self.lasts, view.open)
        return [one for one in waiting if first <= self._day(one) < after]

    def _day(self, one: Open) -> int:
        return self.begins(one) // DAY_MS

    def _spell(self, one: Open, now: int) -> Spell:
        return Spell(seconds_of(bucket_of(max(0, now - self.begins(one)))))


@dataclass(frozen=True, slots=True)
class Median:
    """When half of all questions had got there; a time-out is not taken for a late answer."""

    waits: Waits

    def __call__(self, view: View, cut: Cut) -> Found:
        parts = self.waits.by_part(view, cut)
        readings = tuple(median(part, parts[part], self.waits.exit) for part in sorted(parts))
        steps = self.waits.over_time(view)
        series = tuple(_point(at, median("", found, self.waits.exit)) for at, found in steps)
        return Found(readings, series)


@dataclass(frozen=True, slots=True)
class Medians:
    """The same of parts that follow each other: a median over all of them would be of nothing."""

    waits: Waits

    def __call__(self, view: View, cut: Cut) -> Found:
        parts = self.waits.by_part(view, cut)
        n = sum(one.count for one in parts.pop("", ()))
        told = [median(part, parts[part], self.waits.exit) for part in sorted(parts)]
        why = APART if n else NOTHING
        return Found((Reading("", n, None, None, None, weight_of(n), why), *told))


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean wait, up to the longest that anybody has watched."""

    waits: Waits

    def __call__(self, view: View, cut: Cut) -> Found:
        parts = self.waits.by_part(view, cut)
        readings = tuple(mean(part, parts[part]) for part in sorted(parts))
        series = tuple(_point(at, mean("", found)) for at, found in self.waits.over_time(view))
        return Found(readings, series)


def spells(tallies: Iterable[Sum]) -> list[Spell]:
    return [Spell(seconds_of(one.bucket), one.mark, one.items) for one in tallies]


def median(part: str, waits: list[Spell], exit: str) -> Reading:
    n = sum(one.count for one in waits)
    curve = cumulative_incidence(waits).get(exit)
    count = sum(one.count for one in waits if one.exit == exit)
    middle = curve.quantile(0.5) if curve else None
    if n == 0:
        return Reading(part, 0, None, None, None, "none", NOTHING)
    if curve is None or middle is None:
        why = f"Less than half have got there; {_ends(waits)}."
        return Reading(part, n, count, None, None, weight_of(n), why)
    interval = _around(curve, middle)
    short = "" if interval else " Too few to say how far off it may be."
    note = f"{_ends(waits).capitalize()}.{short}"
    return Reading(part, n, count, middle, interval, weight_of(n), note)


def mean(part: str, waits: list[Spell]) -> Reading:
    """Every way in which a wait ends is its end: the time that was spent waiting."""
    curve = kaplan_meier(waits)
    if curve is None:
        return Reading(part, 0, None, None, None, "none", NOTHING)
    n, found = curve.waits, curve.restricted_mean(curve.longest)
    if found is None:
        why = f"Too few have ended to give a mean; {_ends(waits)}."
        return Reading(part, n, None, None, None, weight_of(n), why)
    half = z_for(0.95) * math.sqrt(found.variance) if found.variance else None
    interval = (
        Interval(max(0.0, found.mean - half), found.mean, found.mean + half) if half else None
    )
    short = "" if interval else " Too few to say how far off it may be."
    note = f"{_ends(waits).capitalize()}.{short}"
    return Reading(part, n, None, found.mean, interval, weight_of(n), note)


def _around(curve: Incidence, middle: float) -> Interval | None:
    """Where the bounds of the curve cross a half, as Brookmeyer and Crowley for one way out."""
    times = [step.time for step in curve.steps]
    at = times.index(middle)
    earlier = takewhile(lambda time: _bound(curve, time, "high") >= 0.5, reversed(times[: at + 1]))
    low = min(earlier, default=middle)
    high = next((time for time in times[at:] if _bound(curve, time, "low") >= 0.5), None)
    return Interval(low, middle, high) if high is not None else None


def _bound(curve: Incidence, time: float, end: Literal["low", "high"]) -> float:
    """Where the curve has no interval it has none of the bounds that are looked for."""
    found = curve.interval(time)
    if found is None:
        return 0.0
    return found.low if end == "low" else found.high


def _ends(waits: Iterable[Spell]) -> str:
    """How they ended, in words."""
    found: Counter[str] = Counter()
    for one in waits:
        found[one.exit or ""] += one.count
    return ", ".join(f"{found[exit]} {WORDS[exit]}" for exit in WORDS if found[exit])


def _point(at: int, found: Reading) -> Point:
    return Point(at, found.n, found.value, found.interval)
