"""Intervals for rates: what a share of so many cases can and cannot tell."""

from __future__ import annotations

import math
from typing import NamedTuple

from overread_queue.measure.beta import beta_quantile, crossing, log_beta
from overread_queue.measure.impossible import (
    Impossible,
    check_amount,
    check_level,
    check_probability,
    check_share,
    z_for,
)


class Interval(NamedTuple):
    """An estimate between two bounds."""

    low: float
    estimate: float
    high: float


UNKNOWN = Interval(0.0, math.nan, 1.0)
"""A share of nothing: no estimate, and everything possible."""


def wilson(count: int, total: int, *, level: float = 0.95) -> Interval:
    """The score interval of a share. With no cases at all, everything is possible.

    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
    Raises `Impossible` where the numbers cannot be a share.
    """
    check_share(count, total)
    return wilson_rate(count / total if total else 0.0, total, level=level)


def wilson_rate(rate: float, size: float, *, level: float = 0.95) -> Interval:
    """Wilson's interval around a rate that `size` cases support, where that is no whole number.

    With no cases everything is possible. Raises `Impossible`.
    """
    check_probability(rate, "a rate")
    check_amount(size, "a number of cases")
    z = z_for(level)
    if size == 0:
        return UNKNOWN
    scale = 1 + z * z / size
    middle = (rate + z * z / (2 * size)) / scale
    half = z / scale * math.sqrt(rate * (1 - rate) / size + (z / (2 * size)) ** 2)
    low = 0.0 if rate == 0 else max(0.0, middle - half)
    high = 1.0 if rate == 1 else min(1.0, middle + half)
    return Interval(low, rate, high)


def clopper_pearson(count: int, total: int, *, level: float = 0.95) -> Interval:
    """The exact interval of a share: never covers less often than it says, at any size.

    Clopper and Pearson, Biometrika 26 (1934). With no cases everything is possible. Raises
    `Impossible`.
    """
    check_share(count, total)
    check_level(level)
    if total == 0:
        return UNKNOWN
    each = (1 + level) / 2
    low = 1 - at_most(total - count, total, level=each)
    return Interval(low, count / total, at_most(count, total, level=each))


def at_most(count: int, total: int, *, level: float = 0.95) -> float:
    """The exact one-sided upper bound of a rate: what can still be true after `count` events.

    Without events it is 1 - (1 - level)^(1/total), the "rule of three"; without cases it is 1.
    Raises `Impossible`.
    """
    check_share(count, total)
    check_level(level)
    if count == total:
        return 1.0
    if count == 0:
        return -math.expm1(math.log(1 - level) / total)
    return beta_quantile(level, count + 1, total - count)


def confidence_sequence(count: int, total: int, *, level: float = 0.95) -> Interval:
    """An interval that holds at every look at once, however often anybody looks.

    All rates whose beta-binomial mixture ratio, with Jeffreys' prior, stays below 1/(1 - level)
    (Ville 1939; Robbins, Annals of Mathematical Statistics 41, 1970). About 1.7 times as wide as
    Wilson's. With no cases everything is possible. Raises `Impossible`.
    """
    check_share(count, total)
    check_level(level)
    if total == 0:
        return UNKNOWN
    rate, bar = count / total, _mixture(count, total) + math.log(1 - level)

    def possible(p: float) -> bool:
        return _log_likelihood(count, total, p) > bar

    low = 0.0 if count == 0 else crossing(0.0, rate, possible)
    high = 1.0 if count == total else crossing(rate, 1.0, lambda p: not possible(p))
    return Interval(low, rate, high)


def paired_change(gained: int, lost: int, total: int, *, level: float = 0.95) -> Interval:
    """The change of a share when the same cases are judged twice.

    `gained` came in and `lost` went out. The two Wilson intervals are joined with their negative
    correlation, as in Zou and Donner, "Construction of confidence limits about effect measures",
    Statistics in Medicine 27 (2008), for two shares of one multinomial.
    """
    if gained < 0 or lost < 0 or gained + lost > total:
        raise Impossible(f"{gained} gained and {lost} lost do not fit into {total}")
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


def _mixture(count: int, total: int) -> float:
    """Log likelihood, averaged over Jeffreys' prior."""
    return log_beta(count + 0.5, total - count + 0.5) - log_beta(0.5, 0.5)


def _log_likelihood(count: int, total: int, rate: float) -> float:
    heads = count * math.log(rate) if count else 0.0
    return heads + ((total - count) * math.log1p(-rate) if count < total else 0.0)
