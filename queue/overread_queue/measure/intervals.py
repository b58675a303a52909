"""Intervals for rates: what a share of so many cases can and cannot tell."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple


class Interval(NamedTuple):
    """An estimate between two bounds."""

    low: float
    estimate: float
    high: float


def wilson(count: int, total: int, *, level: float = 0.95) -> Interval:
    """The score interval of a share. With no cases at all, everything is possible.

    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
    Raises `ValueError` where the numbers cannot be a share.
    """
    if not 0 <= count <= total:
        raise ValueError(f"{count} of {total} is no share")
    if total == 0:
        return Interval(0.0, math.nan, 1.0)
    z = _z(level)
    share, scale = count / total, 1 + z * z / total
    middle = (share + z * z / (2 * total)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / total + (z / (2 * total)) ** 2)
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == total else min(1.0, middle + half)
    return Interval(low, share, high)


def paired_change(gained: int, lost: int, total: int, *, level: float = 0.95) -> Interval:
    """The change of a share when the same cases are judged twice.

    `gained` came in and `lost` went out. The two Wilson intervals are joined with their negative
    correlation, as in Zou and Donner, "Construction of confidence limits about effect measures",
    Statistics in Medicine 27 (2008), for two shares of one multinomial.
    """
    if gained < 0 or lost < 0 or gained + lost > total:
        raise ValueError(f"{gained} gained and {lost} lost do not fit into {total}")
    if total == 0:
        return Interval(-1.0, math.nan, 1.0)
    more, less = wilson(gained, total, level=level), wilson(lost, total, level=level)
    change, tie = more.estimate - less.estimate, _correlation(more.estimate, less.estimate)
    down = _join(more.estimate - more.low, less.high - less.estimate, tie)
    up = _join(more.high - more.estimate, less.estimate - less.low, tie)
    return Interval(max(-1.0, change - down), change, min(1.0, change + up))


def _correlation(one: float, other: float) -> float:
    """Of two shares of the same cases, of which no case can be in both."""
    odds = (1 - one) * (1 - other)
    return -math.sqrt(one * other / odds) if odds > 0 else -1.0


def _join(one: float, other: float, correlation: float) -> float:
    return math.sqrt(max(0.0, one * one + other * other - 2 * correlation * one * other))


def _z(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"a confidence level lies between 0 and 1, not at {level}")
    return NormalDist().inv_cdf((1 + level) / 2)
