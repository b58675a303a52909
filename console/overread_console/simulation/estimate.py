"""What days in a row say about a rate: with an interval, and compared day by day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from overread_queue.measure.beta import beta_quantile


class Estimate(NamedTuple):
    """A number between two bounds, 95 %."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """A sum over days by another sum over the same days."""

    value: float
    influence: tuple[float, ...]
    """How far each day alone pulls the value: linearised, as survey statistics do for ratios
    (Cochran, Sampling Techniques, 2.11)."""

    @property
    def estimate(self) -> Estimate:
        """Between days, not between items: those of one day share its queue."""
        half = _half(self.influence)
        return Estimate(self.value - half, self.value, self.value + half)

    def minus(self, other: Rate) -> Rate:
        """The difference on the same days; what both share cancels."""
        each = tuple(a - b for a, b in zip(self.influence, other.influence, strict=True))
        return Rate(self.value - other.value, each)

    def times(self, factor: float) -> Rate:
        """The same in another unit."""
        return Rate(self.value * factor, tuple(one * factor for one in self.influence))


def rate(tops: Sequence[float], bottoms: Sequence[float]) -> Rate | None:
    """None where there is nothing to divide by: no wrong item on any day, for one."""
    total = math.fsum(bottoms)
    if not total:
        return None
    value, usual = math.fsum(tops) / total, total / len(bottoms)
    pulls = ((top - value * bottom) / usual for top, bottom in zip(tops, bottoms, strict=True))
    return Rate(value, tuple(pulls))


def _half(influence: Sequence[float]) -> float:
    """Half of Student's interval."""
    days = len(influence)
    spread = math.sqrt(math.fsum(one * one for one in influence) / (days - 1))
    return _student(days - 1) * spread / math.sqrt(days)


def _student(freedom: int) -> float:
    """What |t| exceeds in 5 of 100 cases."""
    left = beta_quantile(0.05, freedom / 2, 0.5)
    return math.sqrt(freedom * (1 / left - 1))
