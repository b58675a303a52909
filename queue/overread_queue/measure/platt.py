"""A logistic curve through few labels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from overread_queue.measure.impossible import check_amount, check_finite


@dataclass(frozen=True, slots=True)
class Sigmoid:
    """1 / (1 + exp(-(slope score + intercept))), with a slope that is never below 0."""

    slope: float
    intercept: float

    def chance(self, score: float) -> float:
        """That an action with this score is wrong. Raises `Impossible` for NaN and infinity."""
        check_finite(score, "a score")
        return logistic(self.slope * score + self.intercept)


_Point = tuple[float, float, float]
"""Centred score, target, weight."""


def fit_sigmoid(labels: Iterable[tuple[float, bool, float]]) -> Sigmoid | None:
    """Platt's scaling of (score, wrong, weight), with targets drawn in from 0 and 1.

    Platt, Advances in Large Margin Classifiers (1999); Newton steps with halving as Lin, Lin and
    Weng, Machine Learning 68 (2007). A curve that would fall says that the score is of no use, and
    is flat instead. None without labels. Raises `Impossible`.
    """
    known = list(labels)
    for score, _, weight in known:
        check_finite(score, "a score")
        check_amount(weight, "a weight")
    total = sum(weight for _, _, weight in known)
    if not total:
        return None
    wrong = sum(weight for _, is_wrong, weight in known if is_wrong)
    high, low = (wrong + 1) / (wrong + 2), 1 / (total - wrong + 2)
    centre = sum(score * weight for score, _, weight in known) / total
    points = [(score - centre, high if bad else low, weight) for score, bad, weight in known]
    flat = _logit(sum(target * weight for _, target, weight in points) / total)
    slope, level = _newton(points, flat)
    return Sigmoid(slope, level - slope * centre) if slope > 0 else Sigmoid(0.0, flat)


def logistic(value: float) -> float:
    """Without overflow on either side."""
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    return math.exp(value) / (1 + math.exp(value))


def _newton(points: Sequence[_Point], start: float) -> tuple[float, float]:
    slope, level = 0.0, start
    for _ in range(100):
        step = _step(points, slope, level)
        if max(map(abs, step)) < 1e-10:
            break
        slope, level = _descend(points, (slope, level), step)
    return slope, level


def _step(points: Sequence[_Point], slope: float, level: float) -> tuple[float, float]:
    """Where Newton's method goes from here; a trace on the diagonal keeps it solvable."""
    up = across = curve_up = curve = cross = 0.0
    for score, target, weight in points:
        chance = logistic(slope * score + level)
        miss, bend = weight * (target - chance), weight * chance * (1 - chance)
        up, across = up + miss * score, across + miss
        curve_up, curve = curve_up + bend * score * score, curve + bend
        cross += bend * score
    curve_up, curve = curve_up + 1e-12, curve + 1e-12
    span = curve_up * curve - cross * cross
    return (up * curve - across * cross) / span, (across * curve_up - up * cross) / span


def _descend(
    points: Sequence[_Point], here: tuple[float, float], step: tuple[float, float]
) -> tuple[float, float]:
    """As much of the step as makes the loss no larger."""
    before, part = _loss(points, *here), 1.0
    while part > 1e-10:
        there = (here[0] + part * step[0], here[1] + part * step[1])
        if _loss(points, *there) <= before:
            return there
        part /= 2
    return here


def _loss(points: Sequence[_Point], slope: float, level: float) -> float:
    return sum(weight * _surprise(slope * x + level, target) for x, target, weight in points)


def _surprise(value: float, target: float) -> float:
    """Cross entropy of a target with the logistic of a value."""
    return max(value, 0.0) - value * target + math.log1p(math.exp(-abs(value)))


def _logit(chance: float) -> float:
    return math.log(chance) - math.log1p(-chance)
