"""Where numbers lie on paper."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from overread_queue.health.metric import Unit

_FINER = (1, 2, 2.5, 5, 10)
_ROUND = (1, 2, 5, 10)
"""So round that what is counted, and percents without a digit after the point, name each mark."""
_TIMES = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
"""Seconds that people count in."""
_MARKS = 5


@dataclass(frozen=True, slots=True)
class Axis:
    """From a lowest to a highest value, laid out over a length."""

    low: float
    high: float
    step: float
    start: float
    end: float
    """In user units of the drawing; for a vertical axis `end` is above `start`, so smaller."""

    def at(self, value: float) -> float:
        """Where a value lies; one beyond the ends lies at the end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    @property
    def marks(self) -> tuple[float, ...]:
        """Round values, evenly spaced."""
        count = round((self.high - self.low) / self.step)
        return tuple(self.low + number * self.step for number in range(count + 1))


def axis(values: Iterable[float], unit: Unit, *, start: float, end: float) -> Axis:
    """One that begins at nothing, unless something lies below, and holds every finite value."""
    known = [value for value in values if math.isfinite(value)]
    low, high = min([0.0, *known]), max([0.0, *known])
    step = _step((high - low) or 1.0, unit)
    first, last = math.floor(low / step) * step, math.ceil(high / step - 1e-9) * step
    return Axis(first, last if last > first else first + step, step, start, end)


def _step(span: float, unit: Unit) -> float:
    if unit == "seconds" and span / _MARKS > _TIMES[0]:
        return next((one for one in _TIMES if one * _MARKS >= span), _round(span, _FINER))
    if unit in ("count", "share"):
        return max(_round(span, _ROUND), 1.0 if unit == "count" else 0.001)
    return _round(span, _FINER)


def _round(span: float, steps: Sequence[float]) -> float:
    size = 10.0 ** math.floor(math.log10(span / _MARKS))
    return next(one * size for one in steps if one * size * _MARKS >= span * (1 - 1e-9))
