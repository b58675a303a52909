"""The beta distribution, which exact statements about shares are made of."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import count as counting

from overread_queue.measure.impossible import check_probability, check_share


def log_beta(a: float, b: float) -> float:
    """Logarithm of the beta function."""
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), for a and b above 0.

    Raises `Impossible`.
    """
    check_probability(x, "x")
    if x in (0, 1):
        return float(x)
    if x > (a + 1) / (a + b + 2):
        return 1 - _lower(1 - x, b, a)
    return _lower(x, a, b)


def beta_quantile(chance: float, a: float, b: float) -> float:
    """Where `beta_cdf` reaches `chance`, to the last digits. Raises `Impossible`."""
    check_probability(chance, "a chance")
    return crossing(0.0, 1.0, lambda x: beta_cdf(x, a, b) >= chance)


def crossing(low: float, high: float, reached: Callable[[float], bool]) -> float:
    """The first point between the two at which `reached` holds, given that it then goes on to."""
    while low < (middle := (low + high) / 2) < high and high - low > 1e-14 * high:
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def at_least(count: int, total: int, rate: float) -> float:
    """The chance of `count` or more among `total` at this rate: the exact one-sided test.

    1 for none or more. Raises `Impossible`.
    """
    check_share(count, total)
    return 1.0 if count == 0 else beta_cdf(rate, count, total - count + 1)


def _lower(x: float, a: float, b: float) -> float:
    front = a * math.log(x) + b * math.log1p(-x) - log_beta(a, b)
    return math.exp(front) * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction 8.17.22 of the Digital Library of Mathematical Functions, by Lentz's
    method; left of the mean it converges in about the square root of a + b steps."""
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in counting(1):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            c, d = _not_zero(1 + term / c), 1 / _not_zero(1 + term * d)
            value *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return value


def _not_zero(value: float) -> float:
    return value if abs(value) > 1e-300 else 1e-300
