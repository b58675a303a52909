"""How long it takes until something happens, counting those to whom it has not happened yet.

Leaving out what is pending would make a desk look faster the longer it leaves items lying.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from overread_queue.measure.impossible import check_amount, check_inside, z_for
from overread_queue.measure.intervals import Interval
from overread_queue.measure.spells import RiskSet, Spell, risk_sets


class Span(NamedTuple):
    """A time between two bounds; None where the data do not reach so far."""

    low: float | None
    estimate: float | None
    high: float | None


class RestrictedMean(NamedTuple):
    """The mean time that is spent up to a horizon."""

    mean: float
    variance: float | None
    """Of that estimate; None where all took the same time: the formula would say 0."""


@dataclass(frozen=True, slots=True)
class Step:
    """The curve from one moment on."""

    time: float
    at_risk: int
    ended: int
    share: float
    """Still waiting after it."""
    greenwood: float
    """Sum of d / (n (n - d)) up to here: variance over squared share. Infinite at share 0."""


@dataclass(frozen=True, slots=True)
class Survival:
    """A Kaplan-Meier curve: the share that still waits, by time."""

    steps: tuple[Step, ...]
    waits: int
    longest: float
    """Beyond this time nobody was watched."""

    def at(self, time: float) -> float | None:
        """The share still waiting after `time`. None where nobody was watched so long."""
        step = self._step(time)
        share = step.share if step else 1.0
        return share if time <= self.longest or share == 0 else None

    def interval(self, time: float, *, level: float = 0.95) -> Interval | None:
        """Around `at`, by Greenwood's variance on the log-log scale (Kalbfleisch and Prentice).

        None before the first end and beyond the data. Where nobody waits any more, the upper bound
        is the last one that there was. Raises `Impossible`.
        """
        share, step = self.at(time), self._step(time)
        if share is None or step is None:
            return None
        low, high = self._bounds(step, z_for(level))
        return Interval(low, share, high)

    def quantile(self, done: float = 0.5, *, level: float = 0.95) -> Span:
        """When this share is over; at 0.5 the median. Bounds as Brookmeyer and Crowley, Biometrics
        38 (1982). Raises `Impossible`."""
        check_inside(done, "a quantile")
        z = z_for(level)
        return Span(
            self._first(done, lambda step: self._bounds(step, z)[0]),
            self._first(done, lambda step: step.share),
            self._first(done, lambda step: self._bounds(step, z)[1]),
        )

    def restricted_mean(self, horizon: float) -> RestrictedMean | None:
        """The area under the curve up to the horizon, with Greenwood's variance: the sum over ends
        of (area to their right)^2 d / (n (n - d)).

        None where nothing ended before the horizon, or nobody was watched so long: an area that
        is not known is not filled in. Raises `Impossible`.
        """
        check_amount(horizon, "a horizon")
        inside = [step for step in self.steps if step.time < horizon]
        if not inside or self.at(horizon) is None:
            return None
        rest, variance, until = 0.0, 0.0, horizon
        for step in reversed(inside):
            rest += step.share * (until - step.time)
            until = step.time
            if step.share > 0:
                variance += rest**2 * step.ended / (step.at_risk * (step.at_risk - step.ended))
        return RestrictedMean(rest + until, variance or None)

    def _step(self, time: float) -> Step | None:
        check_amount(time, "a time")
        index = bisect_right(self.steps, time, key=lambda step: step.time)
        return self.steps[index - 1] if index else None

    def _bounds(self, step: Step, z: float) -> tuple[float, float]:
        if step.share > 0:
            half = z * math.sqrt(step.greenwood) / -math.log(step.share)
            return step.share ** math.exp(half), step.share ** math.exp(-half)
        before = self.steps[:-1]
        return 0.0, self._bounds(before[-1], z)[1] if before else 1.0

    def _first(self, done: float, share: Callable[[Step], float]) -> float | None:
        """A hair of tolerance, as shares are products of fractions."""
        reached = (step.time for step in self.steps if share(step) <= 1 - done + 1e-12)
        return next(reached, None)


def kaplan_meier(spells: Iterable[Spell]) -> Survival | None:
    """The curve of Kaplan and Meier, JASA 53 (1958): every exit counts as the end.

    Where some exits are not the one that is meant (a time-out is no answer), use
    `cumulative_incidence`: to leave those out would claim that their answers were yet to come.
    None without waits. Raises `Impossible`.
    """
    waits = list(spells)
    if not waits:
        return None
    share, greenwood, steps = 1.0, 0.0, []
    for risk in risk_sets(waits):
        staying = risk.at_risk - risk.ended
        share *= staying / risk.at_risk
        greenwood += _term(risk)
        steps.append(Step(risk.time, risk.at_risk, risk.ended, share, greenwood))
    every = sum(spell.count for spell in waits)
    return Survival(tuple(steps), every, max(spell.time for spell in waits))


def _term(risk: RiskSet) -> float:
    staying = risk.at_risk - risk.ended
    return risk.ended / (risk.at_risk * staying) if staying else math.inf
