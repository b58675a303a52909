"""Numbers as people read them, in each measure's unit."""

from __future__ import annotations

import datetime as dt
import math

from overread_console.flow.words import duration
from overread_queue.health.metric import Reading, Unit
from overread_queue.measure.intervals import Interval

UNITS: dict[Unit, str] = {
    "share": "share",
    "seconds": "time",
    "count": "items",
    "per_day": "a day",
    "points": "standard deviations",
}
"""What stands at an axis."""


def figure(value: float, unit: Unit) -> str:
    """`7.5 %`, `2 m 40 s`, `1,200`, `3.4 a day`, `1.85`."""
    if unit == "share":
        return percent(value)
    if unit == "seconds":
        return f"{value:.2g} s" if value < 10 else duration(value)
    if unit == "points":
        return f"{value:.2f}"
    told = f"{value:,.0f}" if value == round(value) or value >= 100 else f"{value:.1f}"
    return f"{told} a day" if unit == "per_day" else told


def percent(value: float) -> str:
    """One decimal below ten percent, where it matters."""
    told = 100 * value
    return f"{told:.0f} %" if told == round(told) or told >= 10 else f"{told:.1f} %"


def reading(one: Reading, unit: Unit) -> str:
    """The number, or as much of it as the sample carries."""
    if one.value is None:
        return "no number"
    if is_count(one, unit):
        return f"{one.count or 0:,} of {one.n:,}"
    return figure(one.value, unit)


def is_count(one: Reading, unit: Unit) -> bool:
    """Whether the sample is too small for a share."""
    return unit == "share" and one.weight == "counts" and one.count is not None


def between(interval: Interval | None, unit: Unit) -> str:
    """`5.1 % to 9.8 %`; a dash where there is none."""
    if interval is None:
        return "–"
    low, high = (_bound(value, unit) for value in (interval.low, interval.high))
    return f"{low} to {high}"


def day(at: int) -> str:
    """UTC milliseconds as `2026-11-22`."""
    return moment(at)[:10]


def moment(at: int) -> str:
    """UTC milliseconds as `2026-11-22 12:50`, in UTC, as the file may be read anywhere."""
    return dt.datetime.fromtimestamp(at / 1000, tz=dt.UTC).strftime("%Y-%m-%d %H:%M")


def _bound(value: float, unit: Unit) -> str:
    return figure(value, unit) if math.isfinite(value) else "no limit"
