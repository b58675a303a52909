"""Oversight at a glance: what is wrong first, then what to look at, then what is well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from overread_queue.health import kept
from overread_queue.health.alarm import Alarm, AlarmKind
from overread_queue.health.charts import RateChart
from overread_queue.health.metric import Health, Metric, Period
from overread_queue.store import Transaction

GLANCED: Mapping[str, AlarmKind | None] = {
    "escalation_rate": "escalation_drift",
    "override_rate": "override_collapse",
    "fast_reviews": "fast_approvals",
    "review_time": "speeding_up",
    "sla": "breach_forecast",
    "depth": "depth",
    "probe_hits": None,
}
"""Measures in the order of the page, and the alarms that watch over them."""
LEARNING = "no alarm could come yet: it still learns what is usual"
RARE = "no alarm can come: it was so rare from the beginning that nothing can fall"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A measure of which nobody can say that it is as it should be."""

    metric: Metric
    why: str


@dataclass(frozen=True, slots=True)
class Glance:
    """One page for a lead."""

    period: Period
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
    quiet = [known[name] for name, kind in GLANCED.items() if name in known and kind not in told]
    unsure = {one.name: _unsure(one, blind) for one in quiet}
    return Glance(
        period=health.period,
        wrong=tuple(one for one in alarms if one.severe),
        warnings=tuple(one for one in alarms if not one.severe),
        fine=tuple(one for one in quiet if not unsure[one.name]),
        unknown=tuple(Unknown(one, unsure[one.name]) for one in quiet if unsure[one.name]),
        remarks=health.remarks,
        single_operator=health.single_operator,
    )


def blind_kinds(tx: Transaction) -> dict[AlarmKind, str]:
    """Kinds of which no alarm could come, and why."""
    return {kind: why for kind, why in _sight(tx) if why}


def _sight(tx: Transaction) -> Iterator[tuple[AlarmKind, str]]:
    rates = [one for _, one in kept.RATE.all(tx, "override_collapse")]
    yield "override_collapse", _why(rates, any(one.falling for one in rates))
    drifts = [one.rate for _, one in kept.DRIFT.all(tx, "escalation_drift")]
    yield "escalation_drift", _why(drifts, any(one.rising or one.falling for one in drifts))
    speeds = (one.line for _, one in kept.SPEED.all(tx, "speeding_up"))
    yield "speeding_up", "" if any(speeds) else LEARNING
    waits = (one.enough for _, one in kept.WAITS.all(tx, "breach_forecast"))
    yield "breach_forecast", "" if any(waits) else LEARNING


def _why(charts: Sequence[RateChart], sees: bool) -> str:
    if sees:
        return ""
    return RARE if any(one.learned for one in charts) else LEARNING


def _unsure(metric: Metric, blind: Mapping[AlarmKind, str]) -> str:
    whole, kind = metric.whole, GLANCED[metric.name]
    if whole.value is None:
        return whole.note
    if kind is not None and kind in blind:
        return blind[kind]
    few = whole.weight == "counts" and metric.unit != "count"
    return "too few cases to say anything" if few else ""
