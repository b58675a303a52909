"""How somebody decides who gathers noisy evidence until it is enough: a drift-diffusion model.

Ratcliff, Psychological Review 85 (1978). Evidence drifts by `drift` per minute with a standard
deviation of one per square root of a minute; at `+boundary` one side is chosen, at `-boundary` the
other. Paths are not walked in small steps: exits are drawn exactly.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import cache
from random import Random
from typing import NamedTuple

_CLOSE = 1e-9
_GRID = 0.002
_TAIL = 3.0
"""From here on one term of the series is the whole of it, to twelve digits."""


class Choice(NamedTuple):
    """Which side was reached, and after how many minutes."""

    up: bool
    time: float


def time_to(random: Random, drift: float, boundary: float, start: float, *, up: bool) -> float:
    """Minutes of a decision of which it is known to which side it went, exactly distributed."""
    while True:
        found = decide(random, drift, boundary, start)
        if found.up is up:
            return found.time


def up_chance(drift: float, boundary: float, start: float) -> float:
    """The chance of reaching the upper side first; 1 / (1 + e^(-2 drift boundary)) from 0.

    Karlin and Taylor, A First Course in Stochastic Processes, 7.5.
    """
    if abs(drift) * boundary < _CLOSE:
        return (start + boundary) / (2 * boundary)
    return math.expm1(-2 * drift * (start + boundary)) / math.expm1(-4 * drift * boundary)


def mean_time(drift: float, boundary: float, start: float) -> float:
    """Minutes until either side is reached, on average."""
    if abs(drift) * boundary < _CLOSE:
        return boundary**2 - start**2
    return ((2 * up_chance(drift, boundary, start) - 1) * boundary - start) / drift


def decide(random: Random, drift: float, boundary: float, start: float) -> Choice:
    """One decision, exactly distributed.

    From where it stands, evidence leaves the widest symmetric interval that fits; that ends at a
    boundary or further inside, from where it goes on.
    """
    at, time = start, 0.0
    while True:
        reach = boundary - abs(at)
        if reach < _CLOSE * boundary:
            return Choice(at > 0, time)
        time += _exit_time(random, drift, reach)
        # Where a symmetric interval is left does not depend on when.
        up = random.random() < 1 / (1 + math.exp(-2 * drift * reach))
        at += reach if up else -reach


def _exit_time(random: Random, drift: float, reach: float) -> float:
    """Girsanov: an exit without drift, kept with the chance e^(-drift^2 t / 2)."""
    while True:
        time = reach**2 * _standard_exit(random.random())
        if random.random() < math.exp(-(drift**2) * time / 2):
            return time


def _standard_exit(left: float) -> float:
    """When a Brownian motion leaves (-1, 1), where `left` is the chance that it is later still."""
    grid = _survival()
    if left < -grid[-1]:
        return -8 / math.pi**2 * math.log(max(left, 1e-300) * math.pi / 4)
    above = bisect_left(grid, -left)
    low, high = -grid[above - 1], -grid[above]
    return _GRID * (above - 1 + (low - left) / (low - high))


@cache
def _survival() -> tuple[float, ...]:
    """Minus the chance of being inside still, from 0 to `_TAIL`; it rises, as bisection needs."""
    return (-1.0, *(-_inside(_GRID * step) for step in range(1, round(_TAIL / _GRID) + 1)))


def _inside(time: float) -> float:
    """4/pi sum (-1)^k / (2k+1) e^(-(2k+1)^2 pi^2 t / 8): Feller II, X.5."""
    terms = range(math.ceil(7 / math.sqrt(time)))
    return min(1.0, 4 / math.pi * math.fsum(_term(2 * k + 1, time) for k in terms))


def _term(odd: int, time: float) -> float:
    sign = 1 if odd % 4 == 1 else -1
    return sign / odd * math.exp(-((odd * math.pi) ** 2) * time / 8)
