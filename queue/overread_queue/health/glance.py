"""Oversight at a glance: first what is stopped and wrong, what to look at, then what is well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from overread_queue.health.alarm import Alarm, AlarmKind
from overread_queue.health.metric import Health, Metric, Period, Stopped
from overread_queue.health.view import FEW
from overread_queue.measure.review_times import FEWEST

GLANCED: Mapping[str, tuple[AlarmKind, ...]] = {
    "escalation_rate": ("escalation_drift",),
    "override_rate": ("override_collapse",),
    "fast_reviews": ("fast_approvals",),
    "review_time": ("speeding_up", "fast_approvals"),
    "sla": ("breach_forecast",),
    "depth": ("depth",),
    "probe_hits": ("missed_tests",),
}
"""Measures in the order of the page, and the alarms that watch over them."""
_LEAST: Mapping[str, int] = {"fast_reviews": FEWEST}
"""Cases below which a measure's own test says nothing, where that is not `FEW`."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A measure of which nobody can say that it is as it should be."""

    metric: Metric
    why: str


@dataclass(frozen=True, slots=True)
class Glance:
    """One page for a lead."""

    period: Period
    stopped: tuple[Stopped, ...]
    """Before everything else: work that does not go on, whatever the period."""
    wrong: tuple[Alarm, ...]
    """Severe, whatever the period; those that nobody acknowledged first."""
    warnings: tuple[Alarm, ...]
    fine: tuple[Metric, ...]
    """An alarm watches over each, and none stands: no more than that."""
    unknown: tuple[Unknown, ...]
    remarks: tuple[str, ...]
    single_operator: bool


def glance(health: Health, alarms: Sequence[Alarm], blind: Mapping[AlarmKind, str]) -> Glance:
    """`alarms` are those that stand; `blind` says why alarms of a kind could not come."""
    told, known = {one.kind for one in alarms}, {one.name: one for one in health.metrics}
    watched = ((name, told.isdisjoint(kinds)) for name, kinds in GLANCED.items())
    quiet = [known[name] for name, nothing_told in watched if name in known and nothing_told]
    unsure = {one.name: _unsure(one, blind) for one in quiet}
    return Glance(
        period=health.period,
        stopped=health.stopped,
        wrong=tuple(one for one in alarms if one.severe),
        warnings=tuple(one for one in alarms if not one.severe),
        fine=tuple(one for one in quiet if not unsure[one.name]),
        unknown=tuple(Unknown(one, unsure[one.name]) for one in quiet if unsure[one.name]),
        remarks=health.remarks,
        single_operator=health.single_operator,
    )


def _unsure(metric: Metric, blind: Mapping[AlarmKind, str]) -> str:
    whole = metric.whole
    if whole.value is None:
        return whole.note
    for kind in GLANCED[metric.name]:
        if kind in blind:
            return blind[kind]
    missing = _LEAST.get(metric.name, FEW) - whole.n
    if missing <= 0 or metric.unit == "count":
        return ""
    return f"too few cases in this period to say anything: it takes {missing} more"
