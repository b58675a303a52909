"""Measures in words: a number never stands without its sample, nor a share of few cases as one."""

from __future__ import annotations

import datetime as dt
import math

from overread_console.flow.words import duration
from overread_queue.health.metric import Reading, Unit
from overread_queue.measure.intervals import Interval
from overread_queue.numbers import hundredths, percent

NONE = "–"
"""Stands where there is no number."""
_TIMES = ((86_400, "d"), (3_600, "h"), (60, "m"))


def figure(value: float, unit: Unit) -> str:
    """`9 %`, `0.4 %`, `2 m 40 s`, `1,204`, `3.5 a day`, `0.71`."""
    if unit == "share":
        return percent(value)
    if unit == "seconds":
        return brief_time(value)
    if unit == "points":
        return f"{value:.2f}"
    return f"{amount(value)} a day" if unit == "per_day" else amount(value)


def amount(value: float) -> str:
    """A count, or a mean of counts: a digit after the point only where it is small."""
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 100 else f"{value:,.1f}"


def brief_time(seconds: float) -> str:
    """Also what is shorter than a second."""
    return (
        f"{seconds:.1f} s" if 0 < seconds < 10 and seconds != round(seconds) else duration(seconds)
    )


def bounds(interval: Interval | None, unit: Unit) -> str:
    """`7–12`, in the unit of the number before it; times with their own: `7.4–8.5 m`.

    Empty without an interval.
    """
    if interval is None or not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return ""
    low, high = interval.low, interval.high
    if unit == "share":
        return f"{hundredths(low)}–{hundredths(high)}"
    if unit == "seconds":
        size, name = next((one for one in _TIMES if high >= one[0]), (1, "s"))
        return f"{_short(low / size)}–{_short(high / size)} {name}"
    return f"{_short(low)}–{_short(high)}" if unit == "points" else f"{amount(low)}–{amount(high)}"


def _short(value: float) -> str:
    return f"{value:.1f}" if abs(value) < 10 and value != round(value) else f"{value:,.0f}"


def between(interval: Interval | None, unit: Unit) -> str:
    """The same in full, for tables: `7 % to 12 %`, `41 m to no limit`; a dash without one."""
    if interval is None:
        return NONE
    low, high = (
        figure(one, unit) if math.isfinite(one) else "no limit"
        for one in (interval.low, interval.high)
    )
    return f"{low} to {high}"


def is_count(reading: Reading, unit: Unit) -> bool:
    """Whether there are too few cases for a share."""
    return unit == "share" and reading.weight == "counts" and reading.count is not None


def value_words(reading: Reading, unit: Unit) -> str:
    """The number alone: `9 %`, or of few cases `3 of 7`."""
    if is_count(reading, unit):
        return f"{reading.count:,} of {reading.n:,}"
    if reading.value is None or not math.isfinite(reading.value):
        return "no number"
    return figure(reading.value, unit)


def reading_words(reading: Reading, unit: Unit) -> str:
    """`9 % (7–12)`; of few cases `3 of 7`; a dash without a number."""
    if is_count(reading, unit):
        return value_words(reading, unit)
    if reading.value is None or not math.isfinite(reading.value):
        return NONE
    shown, around = figure(reading.value, unit), bounds(reading.interval, unit)
    return f"{shown} ({around})" if around else shown


def sample(reading: Reading) -> str:
    """`n 1,204`."""
    return f"n {reading.n:,}"


def weight_words(reading: Reading, unit: Unit) -> str:
    """How far a number carries, for whoever reads it; empty for one that carries, and for counts,
    which are what they are."""
    if reading.value is None and reading.weight != "counts":
        return "no number" if reading.n else "no data"
    words = {"none": "no data", "counts": "too few", "rough": "rough idea", "usable": ""}
    return "" if unit == "count" else words[reading.weight]


def day_words(at: int) -> str:
    """The UTC day, which is what measures are counted by."""
    return dt.datetime.fromtimestamp(at / 1000, tz=dt.UTC).strftime("%Y-%m-%d")


def moment_words(at: int) -> str:
    """`2026-11-22 12:50` in UTC, for files that are read anywhere."""
    return dt.datetime.fromtimestamp(at / 1000, tz=dt.UTC).strftime("%Y-%m-%d %H:%M")
