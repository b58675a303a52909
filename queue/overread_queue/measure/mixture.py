"""Are there two kinds of review in one pile of times: reading, and clicking?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from overread_queue.measure.impossible import check_times
from overread_queue.measure.review_times import FEWEST, Times

GRID = 0.05
"""Width, in log seconds, to which times are rounded; a million reviews then fit like a thousand."""
SHORTEST = 0.1
"""Seconds; what is shorter counts as this."""
NARROWEST = 0.1
"""Of a component, in log seconds: one on a single point would be infinitely likely."""


class Component(NamedTuple):
    """A log-normal share of the reviews."""

    weight: float
    median: float
    """Seconds."""
    sigma: float
    """Standard deviation of log seconds."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """Two log-normals, and whether they say more than one does."""

    fast: Component
    slow: Component
    gain: float
    """BIC of one log-normal less that of two: above 6, two are strongly to be preferred (Kass and
    Raftery, JASA 90, 1995)."""
    reviews: int

    def reflexes(self, *, under: float = 5.0, weight: float = 0.03, gain: float = 6.0) -> bool:
        """Whether a share that matters is reviewed faster than anybody can read."""
        return self.gain > gain and self.fast.median < under and self.fast.weight > weight


def fit_mixture(seconds: Times) -> Mixture | None:
    """The likeliest two, by expectation-maximisation (Dempster, Laird and Rubin, JRSS B 39, 1977)
    from the best of several short runs (Biernacki, Celeux and Govaert, CSDA 41, 2003).

    None below 40 reviews, and where all took the same time. Raises `Impossible`.
    """
    times = Counter(seconds)
    check_times(times)
    points = _points(times)
    total = times.total()
    if total < FEWEST or len(points) < 2:
        return None
    short = (_climb(points, start, rounds=30) for start in _starts(points))
    value, pair = _climb(points, max(short)[1], rounds=1000)
    fast, slow = sorted(pair, key=lambda part: part.mean)
    more = value - _single(points, _part(points, total))
    gain = 2 * more - 3 * math.log(total)
    return Mixture(_shown(fast), _shown(slow), gain, total)


def _points(times: Counter[float]) -> Counter[float]:
    found: Counter[float] = Counter()
    for time, reviews in times.items():
        found[round(math.log(max(time, SHORTEST)) / GRID) * GRID] += reviews
    return found


class _Part(NamedTuple):
    weight: float
    mean: float
    sigma: float


_Pair = tuple[_Part, _Part]


def _starts(points: Counter[float]) -> list[_Pair]:
    """The fastest twentieth, fifth and half against the rest."""
    total, cuts = points.total(), (0.05, 0.2, 0.5)
    return [_split(points, cut * total) for cut in cuts]


def _split(points: Counter[float], count: float) -> _Pair:
    fast: dict[float, float] = {}
    slow: dict[float, float] = {}
    for point in sorted(points):
        (fast if count > 0 else slow)[point] = points[point]
        count -= points[point]
    if not slow:
        slow = {max(points): fast.pop(max(points))}
    return _part(fast, points.total()), _part(slow, points.total())


def _climb(points: Mapping[float, int], pair: _Pair, *, rounds: int) -> tuple[float, _Pair]:
    """Log likelihood and pair, after so many rounds or once one gains next to nothing."""
    reached, better = _round(points, pair)
    for _ in range(rounds):
        pair = better
        value, better = _round(points, pair)
        gained, reached = value - reached, value
        if gained < 1e-5:
            break
    return reached, pair


def _round(points: Mapping[float, int], pair: _Pair) -> tuple[float, _Pair]:
    """The log likelihood, and a likelier pair: divide every point between the two, then fit each
    to what it got."""
    fast: dict[float, float] = {}
    slow: dict[float, float] = {}
    value = 0.0
    for point, count in points.items():
        one, other = _density(pair[0], point), _density(pair[1], point)
        value += count * math.log(one + other)
        fast[point] = count * one / (one + other)
        slow[point] = count - fast[point]
    total = sum(points.values())
    return value, (_part(fast, total), _part(slow, total))


def _part(points: Mapping[float, float], total: int) -> _Part:
    mass = max(sum(points.values()), 1e-12)
    mean = sum(point * count for point, count in points.items()) / mass
    variance = sum(count * (point - mean) ** 2 for point, count in points.items()) / mass
    return _Part(mass / total, mean, max(NARROWEST, math.sqrt(variance)))


def _density(part: _Part, point: float) -> float:
    """Weighted; never quite 0, so that a point far from both still has a share in each."""
    z = (point - part.mean) / part.sigma
    return part.weight * math.exp(-z * z / 2) / (part.sigma * math.sqrt(2 * math.pi)) + 1e-300


def _single(points: Mapping[float, int], whole: _Part) -> float:
    """Log likelihood of one log-normal."""
    return sum(count * math.log(_density(whole, point)) for point, count in points.items())


def _shown(part: _Part) -> Component:
    return Component(part.weight, math.exp(part.mean), part.sigma)
