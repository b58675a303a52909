"""Which alarms could have come by now. That none stands says nothing of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from overread_queue.health import kept
from overread_queue.health.alarm import AlarmKind
from overread_queue.health.charts import RateChart
from overread_queue.health.lateness import FEWEST
from overread_queue.health.missed import KIND as MISSED
from overread_queue.health.missed import SUBJECT, MissedChart
from overread_queue.health.speed import SpeedChart
from overread_queue.health.watchers import FastApprovals
from overread_queue.policy.model import Policy
from overread_queue.probing.cuts import LEAST
from overread_queue.store import Transaction

STEP = 50
Missing = int | None
"""Cases without which no alarm can come, at the worst that they could be; None where none ever
can."""

_CASES: Mapping[AlarmKind, str] = {
    "override_collapse": "reviews of one action type",
    "escalation_drift": "proposals of one action type",
    "fast_approvals": "approvals of one action type",
    "speeding_up": "reviews of one action type",
    "breach_forecast": "questions that leave one pool",
}
_TOO_SOON = "no alarm could come yet: it takes"
_NEVER: Mapping[AlarmKind, str] = {
    "override_collapse": "it was so rare from the beginning that nothing can fall",
    "speeding_up": "review times were so uneven from the beginning that no change can be told",
}


def blind_kinds(tx: Transaction, policy: Policy) -> dict[AlarmKind, str]:
    """Kinds of which no alarm can have come, on any chart, and why."""
    told = {kind: _why(kind, tuple(missing)) for kind, missing in _missing(tx, policy)}
    told[MISSED] = _of_tests(kept.MISSED.one(tx, MISSED, SUBJECT), policy.alarms.missed_every)
    return {kind: why for kind, why in told.items() if why}


def _missing(tx: Transaction, policy: Policy) -> Iterator[tuple[AlarmKind, Iterable[Missing]]]:
    """Of every chart that there is, and of one that is yet to begin."""
    reviews, proposals = policy.alarms.reference, policy.alarms.reference_early
    rates = kept.RATE.all(tx, "override_collapse")
    yield "override_collapse", [_of_rate(one, reviews) for _, one in rates] or [reviews]
    drifts = kept.DRIFT.all(tx, "escalation_drift")
    yield (
        "escalation_drift",
        [_of_rate(one.watching or one.early, proposals) for _, one in drifts] or [proposals],
    )
    fast = (one.rising for _, one in kept.RATE.all(tx, "fast_approvals"))
    lines = [line.missing for line in fast if line]
    yield "fast_approvals", lines or [FastApprovals(policy).line().missing]
    speeds = kept.SPEED.all(tx, "speeding_up")
    yield "speeding_up", [_of_speed(one, reviews) for _, one in speeds] or [reviews]
    waits = kept.WAITS.all(tx, "breach_forecast")
    yield "breach_forecast", [one.missing for _, one in waits] or [FEWEST]


def _of_rate(chart: RateChart, reference: int) -> Missing:
    if not chart.learned:
        return reference - chart.baseline.n
    lines = [line.missing for line in (chart.rising, chart.falling) if line]
    if chart.falling and chart.longest_run is not None:
        lines.append(max(0, chart.longest_run - chart.falling.tally.cases))
    return min(lines, default=None)


def _of_speed(chart: SpeedChart, reference: int) -> Missing:
    if chart.usual_ms is None:
        return reference - chart.baseline.n
    return chart.line.missing if chart.line else None


def _of_tests(chart: MissedChart | None, every: float) -> str:
    """Releases are all or nothing, so that nobody is told how many results are missing."""
    if chart is None:
        return f"{_TOO_SOON} two releases of blind tests"
    if chart.test(LEAST, every=every) is None:
        return "no alarm can come: so few tests were caught at first that no fall could show"
    return f"{_TOO_SOON} one more release of blind tests" if chart.newest is None else ""


def _why(kind: AlarmKind, missing: tuple[Missing, ...]) -> str:
    """Of several charts, by the one that is nearest to seeing anything."""
    least = min((one for one in missing if one is not None), default=None)
    if least is None:
        return f"no alarm can come: {_NEVER.get(kind, 'there is nothing that it could see')}"
    if least <= 0:
        return ""
    # In steps: one less after each answer would tell real work from blind tests.
    about = -(-least // STEP) * STEP
    return f"{_TOO_SOON} up to {about:,} more {_CASES[kind]}"
