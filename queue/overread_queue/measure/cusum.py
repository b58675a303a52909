"""A chart that adds up evidence for a changed rate, one case at a time, in whole numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count as counting
from itertools import islice

from overread_queue.measure import runlength
from overread_queue.measure.impossible import Impossible, check_inside

SLACK = 0.005
"""Rounding the steps to whole numbers may move the rate at which a chart neither rises nor falls by
so much of the way from the expected to the feared rate."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Where a chart stands. A new one stands at nothing."""

    points: int = 0
    cases: int = 0
    """Seen so far."""
    since: int = 0
    """Cases since the points last were 0: the best guess at how long the change has lasted."""


NEW = Tally()


@dataclass(frozen=True, slots=True)
class Cusum:
    """A Bernoulli CUSUM: S becomes max(0, S + log likelihood ratio), and alarms from a limit on.

    Reynolds and Stoumbos, "A CUSUM chart for monitoring a proportion when inspecting
    continuously", Journal of Quality Technology 31 (1999). As there, the two steps are whole
    numbers, so that the run lengths below are exact and a stored tally never drifts. `expected`
    has to be frozen from a reference period: a chart that learns from the present follows it down.
    """

    expected: float
    """Rate while all is well."""
    feared: float
    """Rate to be found out."""
    towards: int
    """Points for a case that speaks for the feared rate."""
    away: int
    """Points taken off for one that does not."""
    limit: int
    """Points at which it alarms."""

    def __post_init__(self) -> None:
        if min(self.towards, self.away, self.limit) < 1:
            raise Impossible(f"a chart has steps and a limit of 1 point or more, not {self}")

    def after(self, tally: Tally, *, happened: bool) -> Tally:
        """The tally with one more case. After an alarm that was dealt with, begin with `NEW`."""
        step = self.towards if happened == (self.feared > self.expected) else -self.away
        points = max(0, tally.points + step)
        return Tally(points, tally.cases + 1, tally.since + 1 if points else 0)

    def alarms(self, tally: Tally) -> bool:
        return tally.points >= self.limit

    @property
    def fewest(self) -> int:
        """Cases from nothing to an alarm where each of them speaks for the feared rate."""
        return -(-self.limit // self.towards)

    def mean_run(self, rate: float) -> float:
        """Cases from nothing to an alarm on average, at this true rate.

        Exact. At the expected rate it says how often a false alarm comes, at the feared one how
        long the change stays unnoticed. Raises `Impossible`.
        """
        chance = self._chance(rate)
        return runlength.mean_run(self.towards, self.away, chance, limit=self.limit)

    def alarm_chance(self, rate: float, cases: int) -> float:
        """The chance of an alarm within so many cases from nothing, at this true rate. Exact.

        Raises `Impossible`.
        """
        if cases < 0:
            raise Impossible(f"nobody has seen {cases} cases")
        return next(islice(self._reached(rate), cases, None))

    def cases_for(self, rate: float, *, chance: float = 0.95) -> int:
        """So many cases from nothing bring an alarm with this chance, at this true rate. Exact.

        Raises `Impossible`.
        """
        check_inside(chance, "the chance of an alarm")
        arrived = enumerate(self._reached(rate))
        return next(cases for cases, share in arrived if share >= chance)

    def _reached(self, rate: float) -> Iterator[float]:
        chance = self._chance(rate)
        return runlength.reached(self.towards, self.away, chance, limit=self.limit)

    def _chance(self, rate: float) -> float:
        """Of a case that speaks for the feared rate."""
        check_inside(rate, "a true rate")
        return rate if self.feared > self.expected else 1 - rate


def cusum(expected: float, feared: float, *, threshold: float) -> Cusum:
    """A chart that alarms at a log likelihood ratio, such as 4. Raises `Impossible`."""
    if not (math.isfinite(threshold) and threshold > 0):
        raise Impossible(f"a threshold is above 0, not {threshold}")
    towards, away, point = _steps(expected, feared)
    return Cusum(expected, feared, towards, away, math.ceil(threshold / point - 1e-9))


def designed(expected: float, feared: float, *, false_alarm_every: float) -> Cusum:
    """The quickest chart with a mean of at least so many cases between false alarms.

    Raises `Impossible`.
    """
    if not (math.isfinite(false_alarm_every) and false_alarm_every >= 1):
        raise Impossible(f"a false alarm every {false_alarm_every} cases is no design")
    towards, away, _ = _steps(expected, feared)
    chance = expected if feared > expected else 1 - expected
    limit = runlength.limit_for(towards, away, chance, steps=false_alarm_every)
    return Cusum(expected, feared, towards, away, limit)


def follow(chart: Cusum, cases: Iterable[bool], tally: Tally = NEW) -> Tally:
    """The tally after these cases, or at the first alarm among them."""
    for happened in cases:
        tally = chart.after(tally, happened=happened)
        if chart.alarms(tally):
            break
    return tally


def _steps(expected: float, feared: float) -> tuple[int, int, float]:
    """Points towards and away from an alarm, and what one point is worth."""
    check_inside(expected, "the expected rate")
    check_inside(feared, "the feared rate")
    if expected == feared:
        raise Impossible(f"a change from {expected} to {feared} is none")
    happens, not_so = math.log(feared / expected), math.log1p(-feared) - math.log1p(-expected)
    towards, away = max(happens, not_so), -min(happens, not_so)
    small, large = sorted((towards, away))
    ratio = _ratio(large / small, slack=SLACK * abs(feared - expected))
    point = small / ratio.denominator
    if towards == small:
        return ratio.denominator, ratio.numerator, point
    return ratio.numerator, ratio.denominator, point


def _ratio(exact: float, *, slack: float) -> Fraction:
    """The simplest that is near enough; 1 / (1 + ratio) is the rate that holds the chart level."""
    ratios = (Fraction(exact).limit_denominator(grain) for grain in counting(1))
    return next(one for one in ratios if abs(1 / (1 + one) - 1 / (1 + exact)) <= slack)
