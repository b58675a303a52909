"""What a measure is: numbers with their sample, their interval, and what they cannot tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from overread_queue.measure.intervals import Interval

Unit = Literal["share", "seconds", "count", "per_day", "points"]
Weight = Literal["none", "counts", "rough", "usable"]
"""How far a number carries: no data; too few for more than "k of n"; a first idea; usable."""


@dataclass(frozen=True, slots=True)
class Period:
    """UTC milliseconds; `since` is in it, `until` is not."""

    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One number, of the whole desk or of one part of it."""

    part: str
    """Value of what the measure is cut by, such as a pool; empty for the whole desk."""
    n: int
    """Sample size."""
    count: int | None
    """How many of the `n`, where the number is a share."""
    value: float | None
    """In the measure's unit; None where there is no number, and `note` says why."""
    interval: Interval | None
    weight: Weight
    note: str = ""
    """What to know about this number, in a sentence; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class Point:
    """One bucket of time."""

    at: int
    """Its beginning, UTC milliseconds."""
    n: int
    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure over one period."""

    name: str
    """Such as `override_rate`; what `overread stats NAME` takes."""
    label: str
    unit: Unit
    asks: str
    """The question that it answers."""
    cannot_tell: str
    """What nobody should read into it, in a sentence."""
    cut_by: str
    """What the parts are: `action type`, `tier`, `pool`; empty where there are none."""
    readings: tuple[Reading, ...]
    """The whole desk first, then its parts."""
    series: tuple[Point, ...] = ()
    """The whole desk over time, oldest first; empty where that makes no sense."""
    each: Literal["from", "released"] = "from"
    """What the date of a point is: when its days begin, or when what it counts was told."""
    bars: tuple[tuple[str, int], ...] = ()
    """A distribution: label of each bar, and its count."""

    @property
    def whole(self) -> Reading:
        return self.readings[0]


@dataclass(frozen=True, slots=True)
class Stopped:
    """A stop or a circuit breaker that stands. Without the name of whoever stopped it."""

    agent: str | None
    """None for the whole desk."""
    since: int
    """UTC milliseconds."""
    says: str
    """What is stopped and why, in a sentence. Quotes people, so whoever shows it makes it
    visible."""
    lift: str
    """The command with which a lead lets it go on."""


@dataclass(frozen=True, slots=True)
class Health:
    """What the measures say of one period."""

    period: Period
    """In whole UTC days."""
    metrics: tuple[Metric, ...]
    remarks: tuple[str, ...]
    """What to know before believing any of them, in sentences."""
    single_operator: bool
    """People may decide for agents that act for them."""
    stopped: tuple[Stopped, ...]
    """What is stopped now, whatever the period."""
