"""How long reviews take, by rank and by doubling, and whether too many take no time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from overread_queue.measure.beta import at_least
from overread_queue.measure.impossible import check_inside, check_level, check_times
from overread_queue.measure.survival import Span

FEWEST = 40
"""Reviews; below, nothing is said of how they are spread."""
DOUBLINGS = 9
"""The last bar begins at 2^9 = 512 seconds."""


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


def quantile(seconds: Iterable[float], share: float, *, level: float = 0.95) -> Span:
    """The smallest time that this share of reviews did not exceed, with an exact interval by rank.

    The bounds are order statistics and assume no shape (Conover, Practical Nonparametric
    Statistics, 3.2); None where there are too few reviews for one. Raises `Impossible`.
    """
    check_inside(share, "a quantile")
    times = sorted(seconds)
    check_times(times)
    check_level(level)
    tail = (1 - level) / 2
    low = _last_rank(len(times), share, tail)
    high = len(times) + 1 - _last_rank(len(times), 1 - share, tail)
    return Span(
        _ranked(times, low),
        _ranked(times, math.ceil(share * len(times) - 1e-9)),
        _ranked(times, high),
    )


def histogram(seconds: Iterable[float]) -> tuple[Bar, ...]:
    """Reviews by doubling time: below 1 s, then 1, 2, 4 … 512 s. Raises `Impossible`."""
    times = list(seconds)
    check_times(times)
    edges = [0.0, *(2.0**power for power in range(DOUBLINGS + 1)), math.inf]
    counts = [0] * (len(edges) - 1)
    for time in times:
        counts[min(DOUBLINGS + 1, _doublings(time))] += 1
    return tuple(map(Bar, edges, edges[1:], counts))


def fast_spike(
    seconds: Iterable[float],
    *,
    under: float = 5.0,
    expected: float = 0.02,
    false_alarm: float = 0.01,
) -> Spike | None:
    """Whether more reviews than expected took less than `under` seconds: an exact binomial test.

    None below 40 reviews, where even a tenth of reflex clicks would mostly go unseen. Raises
    `Impossible`.
    """
    times = list(seconds)
    check_times(times)
    check_inside(expected, "the expected share of fast reviews")
    check_inside(false_alarm, "the chance of a false alarm")
    if len(times) < FEWEST:
        return None
    fast = sum(time < under for time in times)
    p_value = at_least(fast, len(times), expected)
    return Spike(fast, len(times), p_value, p_value <= false_alarm)


def _doublings(time: float) -> int:
    """1 + floor(log2(time)), without rounding; 0 below a second."""
    return math.frexp(max(time, 0.5))[1]


def _ranked(times: Sequence[float], rank: int) -> float | None:
    return times[rank - 1] if 1 <= rank <= len(times) else None


def _last_rank(total: int, share: float, tail: float) -> int:
    """The highest rank that exceeds the quantile with at most this chance; 0 where none does."""
    low, high = 0, total + 1
    while high - low > 1:
        middle = (low + high) // 2
        exceeds = 1 - at_least(middle, total, share)
        low, high = (middle, high) if exceeds <= tail else (low, middle)
    return low
