"""A rate that is learned from its first cases, frozen, and watched from then on. Pure.

A baseline is an estimate, and a chart designed for a rate that was estimated too high or too low
gives far more false alarms than it says (Jensen, Jones-Farmer, Champ and Woodall, "Effects of
parameter estimation on control chart properties", Journal of Quality Technology 38, 2006). So each
chart is designed for the end of the baseline's interval that is nearer to what is feared: nine
times in ten its false alarms are rarer than the design says, at the price of a later true one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from overread_queue.measure.collapse import collapse_run
from overread_queue.measure.cusum import NEW, Cusum, Tally, designed
from overread_queue.measure.intervals import at_most

CAUTION = 0.9
"""Level of either end of a baseline's interval."""
RAREST = 0.01
"""What happens less often is not watched for becoming rarer: that would take thousands of cases."""
COMMONEST = 0.95
"""… and what happens more often, not for becoming commoner."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a chart has to say; one with another `since` or `severe` is another alarm."""

    severe: bool
    since: int
    says: str
    n: int
    observed: float | None
    expected: float | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was usual: the first cases, counted. Times are UTC milliseconds."""

    n: int = 0
    count: int = 0
    since: int = 0
    until: int = 0

    def plus(self, at: int, *, happened: bool) -> Baseline:
        return Baseline(self.n + 1, self.count + happened, self.since or at, at)

    def without(self, n: int, count: int) -> Baseline:
        """As it was before the last `n` cases, `count` of which happened."""
        return replace(self, n=self.n - n, count=self.count - count)

    @property
    def rate(self) -> float | None:
        return self.count / self.n if self.n else None

    @property
    def low(self) -> float:
        """The rate is above this, nine times in ten."""
        return 1 - at_most(self.n - self.count, self.n, level=CAUTION)

    @property
    def high(self) -> float:
        """The rate is below this, nine times in ten."""
        return at_most(self.count, self.n, level=CAUTION)


NOTHING = Baseline()


@dataclass(frozen=True, slots=True)
class Line:
    """One CUSUM in time, and what it saw since its points last were 0: since the change, if any."""

    chart: Cusum
    tally: Tally = NEW
    since: int = 0
    hits: int = 0
    alarmed: bool = False
    """Its points reached the limit, and have not been 0 since."""

    def after(self, at: int, *, happened: bool) -> Line:
        """Points stop at the limit, so that what lasted long is over as soon as what did not."""
        tally = self.chart.after(self.tally, happened=happened)
        if tally.points == 0:
            return Line(self.chart, tally)
        points = min(tally.points, self.chart.limit)
        return Line(
            self.chart,
            Tally(points, tally.cases, tally.since),
            self.since or at,
            self.hits + happened,
            self.alarmed or self.chart.alarms(tally),
        )

    @property
    def missing(self) -> int:
        """Cases without which it cannot have alarmed, even if all of them were as is feared."""
        return max(0, self.chart.fewest - self.tally.cases)

    @property
    def n(self) -> int:
        return self.tally.since

    @property
    def rate(self) -> float | None:
        return self.hits / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Plan:
    """How a kind of rate is watched: the policy's numbers for it."""

    reference: int
    every: float
    """Cases between false alarms."""
    rise: float | None = None
    """The rate is feared to become so many times as high …"""
    fall: float | None = None
    """… or so many times lower."""
    none_chance: float | None = None
    """A run of cases without one is a warning where it is as rare as this."""


@dataclass(frozen=True, slots=True)
class RateChart:
    """A rate from its first case on. A new one has seen nothing."""

    baseline: Baseline = NOTHING
    learned: bool = False
    rising: Line | None = None
    falling: Line | None = None
    longest_run: int | None = None
    """Cases in a row without one that are a warning."""
    run: int = 0
    """Cases since the last one …"""
    run_since: int = 0
    """… and when the first of them was."""

    def after(self, plan: Plan, at: int, *, happened: bool) -> RateChart:
        if self.learned:
            return self._watched(at, happened=happened)
        baseline = self.baseline.plus(at, happened=happened)
        return freeze(plan, baseline) if baseline.n >= plan.reference else RateChart(baseline)

    def _watched(self, at: int, *, happened: bool) -> RateChart:
        return RateChart(
            self.baseline,
            learned=True,
            rising=self.rising and self.rising.after(at, happened=happened),
            falling=self.falling and self.falling.after(at, happened=happened),
            longest_run=self.longest_run,
            run=0 if happened else self.run + 1,
            run_since=0 if happened else self.run_since or at,
        )

    @property
    def alarmed(self) -> Line | None:
        """The line that stands above its limit."""
        lines = (one for one in (self.rising, self.falling) if one is not None and one.alarmed)
        return next(lines, None)

    @property
    def none_lately(self) -> bool:
        """The run without one is too long."""
        return self.longest_run is not None and self.run >= self.longest_run


UNSEEN = RateChart()


def freeze(plan: Plan, baseline: Baseline) -> RateChart:
    """The charts for a baseline that is complete. Without the one that nothing could come of."""
    low = baseline.low
    fallen = plan.fall is not None and low >= RAREST
    return RateChart(
        baseline,
        learned=True,
        rising=_rising(plan, baseline),
        falling=_falling(plan, low) if fallen else None,
        longest_run=_longest_run(plan, low) if fallen else None,
    )


def rising(expected: float, times: float, *, every: float) -> Line:
    """A chart for a rate that becomes so many times as high; half of the way to certainty, where
    that would be beyond it."""
    feared = min(expected * times, (1 + expected) / 2)
    return Line(designed(expected, feared, false_alarm_every=every))


def _rising(plan: Plan, baseline: Baseline) -> Line | None:
    expected = max(baseline.high, RAREST)
    if plan.rise is None or expected > COMMONEST:
        return None
    return rising(expected, plan.rise, every=plan.every)


def _falling(plan: Plan, low: float) -> Line | None:
    if plan.fall is None:
        return None
    return Line(designed(low, low / plan.fall, false_alarm_every=plan.every))


def _longest_run(plan: Plan, low: float) -> int | None:
    return collapse_run(low, chance=plan.none_chance) if plan.none_chance else None
