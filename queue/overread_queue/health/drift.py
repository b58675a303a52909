"""The share of an action type's proposals that escalates, version by version. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.health.charts import UNSEEN, Plan, RateChart

KEPT = 50
"""Versions that are remembered, the latest ones."""


@dataclass(frozen=True, slots=True)
class DriftChart:
    """A rate, and the agents' versions that it was learned with.

    What one version escalates says nothing of another: a version that never proposed this before
    begins a new baseline.
    """

    rate: RateChart = UNSEEN
    versions: tuple[str, ...] = ()
    """Agent and version, joined."""

    def after(self, plan: Plan, at: int, version: str, *, escalated: bool) -> DriftChart:
        if version in self.versions:
            rate, versions = self.rate, self.versions
        else:
            rate, versions = UNSEEN, (*self.versions, version)[-KEPT:]
        return DriftChart(rate.after(plan, at, happened=escalated), versions)
