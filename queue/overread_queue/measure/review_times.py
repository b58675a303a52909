"""How long reviews take, by rank and by doubling, and whether too many take no time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from overread_queue.measure.beta import at_least
from overread_queue.measure.impossible import check_inside, check_level, check_times
from overread_queue.measure.survival import Span

FEWEST = 40
"""Reviews; below, nothing is said of how they are spread."""
DOUBLINGS = 9
"""The last bar begins at 2^9 = 512 seconds."""


Times = Iterable[float] | Mapping[float, int]
"""Seconds of each review, or how many reviews took so long."""


class Bar(NamedTuple):
    """Reviews that took `low` seconds or more and less than `high`."""

    low: float
    high: float
    reviews: int


@dataclass(frozen=True, slots=True)
class Spike:
    """Reviews that were over faster than anybody can read."""

    fast: int
    total: int
    p_value: float
    """The chance of so many or more, if the share were as expected."""
    found: bool


def quantile(seconds: Times, share: float, *, level: float = 0.95) -> Span:
    """The smallest time that this share of reviews did not exceed, with an exact interval by rank.

    The bounds are order statistics and assume no shape (Conover, Practical Nonparametric
    Statistics, 3.2); None where there are too few reviews for one. Raises `Impossible`.
    """
    check_inside(share, "a quantile")
    times = Counter(seconds)
    check_times(times)
    check_level(level)
    tail, total = (1 - level) / 2, times.total()
    low = _last_rank(total, share, tail)
    high = total + 1 - _last_rank(total, 1 - share, tail)
    return Span(
        _ranked(times, low),
        _ranked(times, math.ceil(share * total - 1e-9)),
        _ranked(times, high),
    )


def histogram(seconds: Times) -> tuple[Bar, ...]:
    """Reviews by doubling time: below 1 s, then 1, 2, 4 … 512 s. Raises `Impossible`."""
    times = Counter(seconds)
    check_times(times)
    edges = [0.0, *(2.0**power for power in range(DOUBLINGS + 1)), math.inf]
    counts = [0] * (len(edges) - 1)
    for time, reviews in times.items():
        counts[min(DOUBLINGS + 1, _doublings(time))] += reviews
    return tuple(map(Bar, edges, edges[1:], counts))


def fast_spike(
    seconds: Times,
    *,
    under: float = 5.0,
    expected: float = 0.02,
    false_alarm: float = 0.01,
) -> Spike | None:
    """Whether more reviews than expected took less than `under` seconds: an exact binomial test.

    None below 40 reviews, where even a tenth of reflex clicks would mostly go unseen. Raises
    `Impossible`.
    """
    times = Counter(seconds)
    check_times(times)
    check_inside(expected, "the expected share of fast reviews")
    check_inside(false_alarm, "the chance of a false alarm")
    if times.total() < FEWEST:
        return None
    fast = sum(reviews for time, reviews in times.items() if time < under)
    p_value = at_least(fast, times.total(), expected)
    return Spike(fast, times.total(), p_value, p_value <= false_alarm)


def _doublings(time: float) -> int:
    """1 + floor(log2(time)), without rounding; 0 below a second."""
    return math.frexp(max(time, 0.5))[1]


def _ranked(times: Counter[float], rank: int) -> float | None:
    if not 1 <= rank <= times.total():
        return None
    passed = zip(sorted(times), accumulate(times[time] for time in sorted(times)), strict=True)
    return next(time for time, reached in passed if reached >= rank)


def _last_rank(total: int, share: float, tail: float) -> int:
    """The highest rank that exceeds the quantile with at most this chance; 0 where none does."""
    low, high = 0, total + 1
    while high - low > 1:
        middle = (low + high) // 2
        exceeds = 1 - at_least(middle, total, share)
        low, high = (middle, high) if exceeds <= tail else (low, middle)
    return low
