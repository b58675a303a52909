"""How waits end, when they can end in several ways: a time-out is no late answer."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from overread_queue.measure.impossible import check_amount, check_inside, z_for
from overread_queue.measure.intervals import Interval
from overread_queue.measure.spells import RiskSet, Spell, risk_sets


@dataclass(frozen=True, slots=True)
class ExitStep:
    """The curve from one moment on."""

    time: float
    at_risk: int
    ended: int
    """In whatever way."""
    here: int
    """Of these, in the way that is counted."""
    before: float
    """Share that still waited just before."""
    share: float
    """Ended in this way up to now."""


@dataclass(frozen=True, slots=True)
class Incidence:
    """The share that has ended in one way, by time, where the other ways are gone for good."""

    exit: str
    steps: tuple[ExitStep, ...]
    reach: float
    """Beyond this time nobody was watched; infinite if everybody was, to the end."""

    def at(self, time: float) -> float | None:
        """The share ended in this way by `time`. None where nobody was watched so long."""
        past = self._past(time)
        if time > self.reach:
            return None
        return past[-1].share if past else 0.0

    def quantile(self, done: float = 0.5) -> float | None:
        """When this share of *all* waits has ended in this way. None where it never did."""
        check_inside(done, "a quantile")
        return next((step.time for step in self.steps if step.share >= done - 1e-12), None)

    def variance(self, time: float) -> float | None:
        """Of `at`, by the delta method (Marubini and Valsecchi, Analysing Survival Data, 1995).

        None where `at` is, and at shares of 0 and 1, where it could only say 0.
        """
        share = self.at(time)
        if not share or share >= 1 - 1e-12:
            return None
        return sum(_variance(step, share - step.share) for step in self._past(time))

    def interval(self, time: float, *, level: float = 0.95) -> Interval | None:
        """Around `at`, on the log-log scale. None where `variance` is. Raises `Impossible`."""
        share, variance, z = self.at(time), self.variance(time), z_for(level)
        if share is None or variance is None:
            return None
        half = z * math.sqrt(variance) / (share * -math.log(share))
        return Interval(share ** math.exp(half), share, share ** math.exp(-half))

    def _past(self, time: float) -> tuple[ExitStep, ...]:
        check_amount(time, "a time")
        return self.steps[: bisect_right(self.steps, time, key=lambda step: step.time)]


def cumulative_incidence(spells: Iterable[Spell]) -> dict[str, Incidence]:
    """Aalen and Johansen, Scandinavian Journal of Statistics 5 (1978), by kind of exit.

    Empty where nothing has ended. At every time the shares and those who wait add up to 1.
    Raises `Impossible`.
    """
    waits = list(spells)
    risks = tuple(risk_sets(waits))
    if not risks:
        return {}
    longest = max(spell.time for spell in waits)
    done = risks[-1].ended == risks[-1].at_risk
    kinds = sorted({kind for risk in risks for kind in risk.exits})
    reach = math.inf if done else longest
    return {kind: Incidence(kind, _steps(risks, kind), reach) for kind in kinds}


def _steps(risks: Iterable[RiskSet], kind: str) -> tuple[ExitStep, ...]:
    waiting, share, steps = 1.0, 0.0, []
    for risk in risks:
        here = risk.exits[kind]
        share += waiting * here / risk.at_risk
        steps.append(ExitStep(risk.time, risk.at_risk, risk.ended, here, waiting, share))
        waiting *= (risk.at_risk - risk.ended) / risk.at_risk
    return tuple(steps)


def _variance(step: ExitStep, later: float) -> float:
    """What one moment adds; `later` is the share that ended in this way after it."""
    n, staying = step.at_risk, step.at_risk - step.ended
    hazard = later**2 * step.ended / (n * staying) if staying else 0.0
    own = step.before**2 * (n - step.here) * step.here / n**3
    return hazard + own - 2 * later * step.before * step.here / n**2
