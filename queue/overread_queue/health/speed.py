"""Whether a quick queue is quick because nobody looks any more. Pure.

Screeners under load find less because they speed up (Buser 2023), and a queue whose reviewers sped
up looks healthier than ever. Nothing is assumed of how review times are spread: that the median
fell by a quarter is to say that half of the reviews take less than three quarters of the old one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median

from overread_queue.health.charts import NOTHING, Baseline, Line
from overread_queue.measure.cusum import designed

SHORTER = 0.75
"""Of the median, from which on it matters."""
MORE = 1.25
"""Times as much waits as in the reference: the backlog has grown."""
KEPT = 200
"""Review times that a chart remembers."""
TOO_WIDE = 0.45
"""Where so many reviews are that quick as it is, a change cannot be told."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waited, over several looks."""

    looks: int = 0
    total: int = 0

    def plus(self, waiting: int) -> Waiting:
        return Waiting(self.looks + 1, self.total + waiting)

    @property
    def mean(self) -> float:
        return self.total / self.looks if self.looks else 0.0


NO_LOOKS = Waiting()


@dataclass(frozen=True, slots=True)
class SpeedChart:
    """The review times of one action type, in milliseconds of active time."""

    times: tuple[int, ...] = ()
    """While it learns, all of them; then those since the line last was at 0."""
    baseline: Baseline = NOTHING
    usual_ms: int | None = None
    """The median of the reference; None while it learns."""
    usual_waiting: Waiting = NO_LOOKS
    line: Line | None = None
    waiting: Waiting = NO_LOOKS
    """Since the line last was at 0."""
    found: bool = False

    def after(self, at: int, *, took_ms: int, waiting: int, plan: SpeedPlan) -> SpeedChart:
        if self.usual_ms is not None:
            return self._watched(at, took_ms, waiting)
        times, usual = (*self.times, took_ms), self.usual_waiting.plus(waiting)
        began = Baseline(len(times), 0, self.baseline.since or at, at)
        if len(times) < plan.reference:
            return SpeedChart(times, began, usual_waiting=usual)
        return _frozen(times, began, usual, plan)

    def _watched(self, at: int, took_ms: int, waiting: int) -> SpeedChart:
        if self.line is None or self.usual_ms is None:
            return self
        line = self.line.after(at, happened=took_ms < SHORTER * self.usual_ms)
        if line.n == 0:
            return replace(self, line=line, times=(), waiting=NO_LOOKS, found=False)
        seen = self.waiting.plus(waiting)
        grown = seen.mean >= MORE * self.usual_waiting.mean and seen.total > 0
        times, found = (*self.times, took_ms)[-KEPT:], self.found or (line.alarmed and grown)
        return replace(self, line=line, times=times, waiting=seen, found=found)

    @property
    def now_ms(self) -> int | None:
        """The median since the change."""
        return round(median(self.times)) if self.usual_ms is not None and self.times else None


@dataclass(frozen=True, slots=True)
class SpeedPlan:
    """The policy's numbers for it."""

    reference: int
    every: float


def _frozen(times: tuple[int, ...], began: Baseline, usual: Waiting, plan: SpeedPlan) -> SpeedChart:
    middle = round(median(times))
    baseline = replace(began, count=sum(one < SHORTER * middle for one in times))
    line = None
    if baseline.high <= TOO_WIDE:
        line = Line(designed(baseline.high, 0.5, false_alarm_every=plan.every))
    return SpeedChart((), baseline, middle, usual, line)
