"""Blind tests that are caught less often than at first, release by release. Pure.

Only releases are looked at: what an alarm says is nothing that was not told already. Each release
is judged by what it alone brought, as the sum of all would hide a fall below what was before it.
"""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.health import wording
from overread_queue.health.alarm import AlarmKind
from overread_queue.health.charts import Baseline, Finding
from overread_queue.measure.blocks import BlockTest, block_test

KIND: AlarmKind = "missed_tests"
SUBJECT = "probes"
FALLEN = 2.0
"""The share that is caught is feared to become so many times lower."""


@dataclass(frozen=True, slots=True)
class MissedChart:
    """What was caught, of the tests that were wrong."""

    baseline: Baseline
    """The first release alone, frozen."""
    newest: Baseline | None = None
    """The newest one alone; None until there is a second one."""
    low_since: int | None = None
    """When the releases that were too low began to be collected; None while the newest is not."""

    def after(self, step: Baseline, *, every: float) -> MissedChart:
        test = self.test(step.n, every=every)
        if test is None or step.count > test.limit:
            return MissedChart(self.baseline, step)
        since = step.since if self.low_since is None else self.low_since
        return MissedChart(self.baseline, step, since)

    def test(self, size: int, *, every: float) -> BlockTest | None:
        """How a release of this size is judged, by the lower end of what the baseline may be; None
        where nothing could be too low."""
        low = self.baseline.low
        return block_test(low, size, false_alarm_every=max(every, size)) if low > 0 else None

    @property
    def finding(self) -> Finding | None:
        if self.newest is None or self.low_since is None:
            return None
        says = wording.missed(self.newest, self.baseline)
        seen, usual = self.newest.rate, self.baseline.rate
        return Finding(True, self.low_since, says, self.newest.n, seen, usual)
