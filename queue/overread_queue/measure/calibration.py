"""From a score that an agent gives to the chance that it is wrong, learned from adjudicated truth.

A human approval is no truth: only an outcome, an audit or a blind second reading is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from overread_queue.measure.impossible import Impossible, check_amount, check_finite
from overread_queue.measure.platt import Sigmoid, fit_sigmoid

LABELS, ERRORS = 200, 30
"""From so many on, the labels alone give the curve its shape (isotonic); below, a logistic curve
with two parameters is all they can carry (Niculescu-Mizil and Caruana, ICML 2005)."""


class Labelled(NamedTuple):
    """An action whose truth is known."""

    score: float
    """The higher, the likelier wrong: for a confidence, 1 - confidence."""
    wrong: bool
    weight: float = 1.0
    """One by the chance with which it was chosen to be labelled."""


@dataclass(frozen=True, slots=True)
class Isotonic:
    """A curve that never falls, known between the lowest and the highest score seen."""

    scores: tuple[float, ...]
    chances: tuple[float, ...]

    def chance(self, score: float) -> float | None:
        """That an action with this score is wrong. Straight between two scores that were seen, None
        beyond them. Raises `Impossible` for NaN and infinity."""
        check_finite(score, "a score")
        if not self.scores[0] <= score <= self.scores[-1]:
            return None
        right = bisect_right(self.scores, score)
        if right == len(self.scores):
            return self.chances[-1]
        low, high = self.scores[right - 1], self.scores[right]
        part = (score - low) / (high - low)
        return self.chances[right - 1] * (1 - part) + self.chances[right] * part


def calibrate(labels: Iterable[Labelled]) -> Isotonic | Sigmoid | None:
    """The isotonic curve from 200 labels with 30 errors on, else Platt's.

    None without at least one error and one action that was right. Raises `Impossible`.
    """
    known = list(labels)
    _check(known)
    errors = sum(one.wrong for one in known)
    if not 0 < errors < len(known):
        return None
    if len(known) >= LABELS and errors >= ERRORS:
        return isotonic(known)
    return fit_sigmoid((one.score, one.wrong, one.weight) for one in known)


def isotonic(labels: Iterable[Labelled]) -> Isotonic | None:
    """The rising curve with the least squared error, by pooling adjacent violators.

    Ayer, Brunk, Ewing, Reid and Silverman, Annals of Mathematical Statistics 26 (1955). None
    without labels. Raises `Impossible`.
    """
    known = sorted(labels)
    _check(known)
    points = [_point(score, list(same)) for score, same in groupby(known, lambda one: one.score)]
    if not points:
        return None
    chances = [mean for _, mean, count in _pooled(points) for _ in range(count)]
    return Isotonic(tuple(score for score, _, _ in points), tuple(chances))


def _point(score: float, same: list[Labelled]) -> tuple[float, float, float]:
    """Score, share wrong, weight."""
    weight = sum(one.weight for one in same)
    return score, sum(one.weight for one in same if one.wrong) / weight, weight


def _pooled(points: Iterable[tuple[float, float, float]]) -> list[tuple[float, float, int]]:
    """Blocks of weight, mean and number of points; each mean above that of the one before."""
    blocks: list[tuple[float, float, int]] = []
    for _, mean, weight in points:
        block = (weight, mean, 1)
        while blocks and blocks[-1][1] >= block[1]:
            block = _joined(blocks.pop(), block)
        blocks.append(block)
    return blocks


def _joined(
    one: tuple[float, float, int], other: tuple[float, float, int]
) -> tuple[float, float, int]:
    weight = one[0] + other[0]
    return weight, (one[0] * one[1] + other[0] * other[1]) / weight, one[2] + other[2]


def _check(labels: Iterable[Labelled]) -> None:
    for one in labels:
        check_finite(one.score, "a score")
        check_amount(one.weight, "a weight")
        if not one.weight:
            raise Impossible("a label with weight 0 was never drawn; leave it out")
