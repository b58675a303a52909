"""A rate over all actions, from those that happened to be looked at."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from overread_queue.measure.impossible import Impossible, check_finite
from overread_queue.measure.intervals import Interval, wilson_rate

LARGEST = 50.0
"""Weights above this are cut: one lucky draw must not speak for hundreds. It buys a little bias
towards what is looked at often for a variance that can be lived with."""


class Drawn(NamedTuple):
    """An action whose truth is known, and how it came to be looked at."""

    value: float
    """1 for wrong and 0 for right, or a loss."""
    inclusion: float
    """The chance with which it was chosen, as logged then; 1 if it was escalated. Without one on
    record an action cannot be used."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """A mean over all actions."""

    mean: float
    effective: float
    """So many evenly drawn actions would say as much: (sum of w)^2 / sum of w^2."""
    drawn: int
    cut: int
    """Actions whose weight was."""
    standard_error: float | None
    """None where all drawn are equal: the formula would say 0."""

    def interval(self, *, level: float = 0.95) -> Interval:
        """Wilson's, on the effective size, for values of 0 and 1 only. Raises `Impossible`."""
        if not 0 <= self.mean <= 1:
            raise Impossible(f"{self.mean} is a mean of losses, not a rate")
        return wilson_rate(self.mean, self.effective, level=level)


def weighted_mean(actions: Iterable[Drawn], *, largest: float = LARGEST) -> Weighted | None:
    """Hájek's estimator: the sum of w x by the sum of w, with w = min(1 / inclusion, largest).

    Hájek, in Foundations of Statistical Inference (1971); the standard error by linearisation.
    None without actions. Raises `Impossible`.
    """
    seen = list(actions)
    _check(seen, largest)
    if not seen:
        return None
    weights = [min(1 / one.inclusion, largest) for one in seen]
    total = math.fsum(weights)
    mean = math.fsum(w * one.value for w, one in zip(weights, seen, strict=True)) / total
    squares = math.fsum((w * (one.value - mean)) ** 2 for w, one in zip(weights, seen, strict=True))
    return Weighted(
        mean=mean,
        effective=total**2 / sum(w * w for w in weights),
        drawn=len(seen),
        cut=sum(1 / one.inclusion > largest for one in seen),
        standard_error=math.sqrt(squares) / total if len({one.value for one in seen}) > 1 else None,
    )


def _check(actions: Iterable[Drawn], largest: float) -> None:
    if not largest >= 1:
        raise Impossible(f"a largest weight of {largest} would cut actions that were all seen")
    for one in actions:
        check_finite(one.value, "a value")
        if not 0 < one.inclusion <= 1:
            raise Impossible(f"nothing is drawn with a chance of {one.inclusion}")
