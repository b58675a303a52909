"""What speaks for moving a threshold, and how much more it would take."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from overread_queue.measure.beta import beta_cdf
from overread_queue.measure.calibration import Labelled, calibrate
from overread_queue.measure.sampling import Drawn, weighted_mean
from overread_queue.policy.evaluate import evaluate_again
from overread_queue.policy.model import Policy
from overread_queue.policy.replay import escalates
from overread_queue.truth.sampling import Label

GRID = 0.05
"""Thresholds are compared in these steps, so that nobody tunes to the last case."""
SURE = 0.95
_MOST_MORE = 100_000


@dataclass(frozen=True, slots=True)
class Band:
    """The known actions that would be handled otherwise."""

    labels: tuple[Label, ...]

    @property
    def harmful(self) -> int:
        return sum(one.harmful for one in self.labels)

    def sureness(self, threshold: float, *, more: int = 0) -> float:
        """The chance that more of them are wrong than the threshold, by a beta distribution with
        Jeffreys' prior on the effective size; as if `more` had come out like these."""
        found = weighted_mean(Drawn(one.wrong, one.inclusion) for one in self.labels)
        if found is None:
            return 0.5
        size = found.effective * (1 + more / found.drawn)
        wrong = found.mean * size
        return 1 - beta_cdf(min(threshold, 1.0), wrong + 0.5, size - wrong + 0.5)


def further(sureness: Callable[[int], float]) -> int | None:
    """How many more it takes to be sure, if they come out as those so far did. None where they
    speak against it, or where it would take more than anybody judges."""
    enough = 1
    while sureness(enough) < SURE:
        enough *= 2
        if enough > _MOST_MORE:
            return None
    few = enough // 2
    while enough - few > 1:
        middle = (few + enough) // 2
        few, enough = (few, middle) if sureness(middle) >= SURE else (middle, enough)
    return enough


def best_threshold(labels: Iterable[Label], pays: float) -> float | None:
    """The confidence below which reviews pay: where the calibrated chance of being wrong comes
    above `pays`. On the grid; None where no agent said how sure it was."""
    points = [
        Labelled(1 - one.confidence, one.wrong, 1 / one.inclusion)
        for one in labels
        if one.confidence is not None
    ]
    if not points:
        return None
    chance = _chances(points)
    steps = (round(step * GRID, 2) for step in range(round(1 / GRID) + 1))
    return next((step for step in steps if chance(1 - step) <= pays), 1.0)


def _chances(points: list[Labelled]) -> Callable[[float], float]:
    """The curve, continued flat beyond what was seen; and flat where all were right, or wrong."""
    mean = math.fsum(one.weight for one in points) / len(points)
    curve = calibrate(one._replace(weight=one.weight / mean) for one in points)
    if curve is None:
        return lambda score: float(points[0].wrong)
    low, high = min(one.score for one in points), max(one.score for one in points)
    return lambda score: curve.chance(min(max(score, low), high)) or 0.0


def newly_asked(labels: Iterable[Label], old: Policy, new: Policy) -> Band:
    """Those that the new policy brings before people and the old one does not."""
    return Band(tuple(one for one in labels if _asks(new, one) and not _asks(old, one)))


def left_alone(labels: Iterable[Label], policy: Policy) -> Band:
    """The audited ones that the policy lets run by themselves."""
    return Band(tuple(one for one in labels if one.alone and not _asks(policy, one)))


def _asks(policy: Policy, label: Label) -> bool:
    """What was erased cannot be judged again, and counts as asked: it is no reason to move."""
    if label.done.inputs is None:
        return True
    return escalates(evaluate_again(policy, json.loads(label.done.inputs)).tier)
