"""The share of an action type's proposals that escalates, version by version. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.health.charts import UNSEEN, Baseline, Line, Plan, RateChart

KEPT = 50
"""Versions that are remembered, the latest ones."""


@dataclass(frozen=True, slots=True)
class DriftPlan:
    """How it is watched: with one chart after the other, so that their false alarms do not add."""

    early: Plan
    """Of few cases, and for a change so large that few cases show it …"""
    fine: Plan
    """… until there are enough for this one."""


@dataclass(frozen=True, slots=True)
class DriftChart:
    """A rate, and the agents' versions that it was learned with.

    What one version escalates says nothing of another: a version that never proposed this before
    begins a new baseline.
    """

    rate: RateChart = UNSEEN
    """The fine chart. What the early one alarms about is not what is usual: it learns nothing from
    it, and forgets what it learned of it."""
    versions: tuple[str, ...] = ()
    """Agent and version, joined."""
    early: RateChart = UNSEEN
    """Watches until the fine one has learned. Then nothing any more."""

    def after(self, plan: DriftPlan, at: int, version: str, *, escalated: bool) -> DriftChart:
        if version not in self.versions:
            versions = (*self.versions, version)[-KEPT:]
            return DriftChart(versions=versions)._moved(plan, at, escalated=escalated)
        return self._moved(plan, at, escalated=escalated)

    def _moved(self, plan: DriftPlan, at: int, *, escalated: bool) -> DriftChart:
        if self.rate.learned:
            rate = self.rate.after(plan.fine, at, happened=escalated)
            return DriftChart(rate, self.versions)
        early = self.early.after(plan.early, at, happened=escalated)
        rate = self.rate
        if early.alarmed is None:
            rate = rate.after(plan.fine, at, happened=escalated)
        elif self.early.alarmed is None:
            # All but this case of the change were learned, while it was not known to be one.
            line, usual = early.alarmed, rate.baseline
            rate = RateChart(usual.without(line.n - 1, line.hits - escalated))
        return DriftChart(rate, self.versions, early)

    @property
    def watching(self) -> RateChart | None:
        """The chart that would alarm; None while there is none."""
        return next((one for one in (self.rate, self.early) if one.learned), None)

    @property
    def baseline(self) -> Baseline | None:
        """Of the chart that would alarm."""
        return self.watching.baseline if self.watching else None

    @property
    def alarmed(self) -> Line | None:
        return self.watching.alarmed if self.watching else None
