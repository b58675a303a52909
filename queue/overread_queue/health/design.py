"""What the charts of a desk promise: how seldom they err, and how soon they find a change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from overread_queue.health import kept
from overread_queue.health.alarm import AlarmKind
from overread_queue.health.charts import Baseline, Line, RateChart
from overread_queue.health.drift import DriftChart
from overread_queue.health.missed import FALLEN, MissedChart
from overread_queue.health.missed import KIND as MISSED
from overread_queue.health.speed import SHORTER, SpeedChart
from overread_queue.health.watchers import Overrides
from overread_queue.measure.collapse import collapse_every
from overread_queue.numbers import percent
from overread_queue.policy.model import Policy
from overread_queue.policy.settings import Alarms
from overread_queue.probing.cuts import LEAST
from overread_queue.store import Transaction

EXAMPLES = (0.02, 0.05, 0.08, 0.15, 0.30)
"""Override rates to show a design for, where a desk has no baseline yet."""


@dataclass(frozen=True, slots=True)
class Design:
    """One chart. Numbers are exact, for the cautious end of the baseline; None where there is no
    chart, and `note` says why."""

    kind: AlarmKind
    subject: str
    finds: str
    """The change that it is made to find."""
    baseline: Baseline | None
    """None where the policy sets what is usual, and until it is learned."""
    expected: float | None = None
    feared: float | None = None
    false_alarm_every: float | None = None
    """Cases, on average, while nothing has changed."""
    found_after: float | None = None
    """Cases, on average, once the feared rate is there."""
    found_within: int | None = None
    """Cases, nineteen times in twenty."""
    note: str = ""


def designs(tx: Transaction, policy: Policy) -> Iterator[Design]:
    """Every chart that this desk has begun."""
    alarms = policy.alarms
    for subject, rate in kept.RATE.all(tx, "override_collapse"):
        yield from _overrides(subject, rate, alarms.reference)
    for subject, drift in kept.DRIFT.all(tx, "escalation_drift"):
        yield from _escalations(subject, drift, alarms)
    for subject, fast in kept.RATE.all(tx, "fast_approvals"):
        if fast.rising is not None:
            yield _line("fast_approvals", subject, "five times as many", None, fast.rising)
    for subject, speed in kept.SPEED.all(tx, "speeding_up"):
        yield _speed(subject, speed, alarms.reference)
    for subject, missed in kept.MISSED.all(tx, MISSED):
        yield _missed(subject, missed, alarms.missed_every)


def examples(policy: Policy) -> Iterator[Design]:
    """What override charts would promise, by the rate that the baseline finds."""
    n = policy.alarms.reference
    for rate in EXAMPLES:
        baseline = Baseline(n, round(rate * n), 0, 0)
        chart = Overrides(policy).frozen(baseline)
        yield from _overrides(f"at {percent(rate)}", chart, n)


def _overrides(subject: str, chart: RateChart, needed: int) -> Iterator[Design]:
    finds, usual = "falls to a quarter", chart.baseline
    if not chart.learned:
        yield _learning("override_collapse", subject, finds, needed)
    elif chart.falling is None or chart.longest_run is None:
        note = "too rare to fall: only blind tests show whether people look"
        yield Design("override_collapse", subject, finds, usual, note=note)
    else:
        yield _line("override_collapse", subject, finds, usual, chart.falling)
        yield _run(subject, usual, chart.longest_run)


def _run(subject: str, usual: Baseline, longest: int) -> Design:
    return Design(
        "override_collapse",
        subject,
        f"none in {longest} (a warning)",
        usual,
        expected=usual.low,
        feared=0.0,
        false_alarm_every=collapse_every(usual.low, longest),
        found_after=longest,
        found_within=longest,
    )


def _escalations(subject: str, drift: DriftChart, alarms: Alarms) -> Iterator[Design]:
    """The early chart for as long as it watches, and the fine one."""
    if not drift.rate.learned:
        finds = ("is four times as high", "is four times lower")
        yield from _drift(subject, drift.early, finds, alarms.reference_early)
    yield from _drift(subject, drift.rate, ("doubles", "halves"), alarms.reference_proposals)


def _drift(subject: str, chart: RateChart, finds: tuple[str, str], needed: int) -> Iterator[Design]:
    usual = chart.baseline
    for found, line in zip(finds, (chart.rising, chart.falling), strict=True):
        if not chart.learned:
            yield _learning("escalation_drift", subject, found, needed)
        elif line is None:
            note = "it cannot, from where it is"
            yield Design("escalation_drift", subject, found, usual, note=note)
        else:
            yield _line("escalation_drift", subject, found, usual, line)


def _speed(subject: str, chart: SpeedChart, needed: int) -> Design:
    finds = f"median below {percent(SHORTER)} while more waits"
    if chart.usual_ms is None:
        return _learning("speeding_up", subject, finds, needed)
    if chart.line is None:
        note = "review times are spread too widely for a change to show"
        return Design("speeding_up", subject, finds, chart.baseline, note=note)
    return _line("speeding_up", subject, finds, chart.baseline, chart.line)


def _missed(subject: str, chart: MissedChart, every: float) -> Design:
    """Cases are results of tests that were wrong, for releases of the smallest size."""
    usual, test = chart.baseline, chart.test(LEAST, every=every)
    if test is None:
        note = "so few were caught at first that no fall could show"
        return Design(MISSED, subject, "halves", usual, note=note)
    feared = usual.low / FALLEN
    return Design(
        MISSED,
        subject,
        f"halves (at most {test.limit} of {test.size} caught)",
        usual,
        expected=usual.low,
        feared=feared,
        false_alarm_every=test.mean_run(usual.low),
        found_after=test.mean_run(feared),
        found_within=test.cases_for(feared),
    )


def _learning(kind: AlarmKind, subject: str, finds: str, needed: int) -> Design:
    # Not how many there were: that would move with every answer but those to blind tests.
    return Design(kind, subject, finds, None, note=f"learning: it takes {needed:,} cases")


def _line(kind: AlarmKind, subject: str, finds: str, usual: Baseline | None, line: Line) -> Design:
    chart = line.chart
    return Design(
        kind,
        subject,
        finds,
        usual,
        expected=chart.expected,
        feared=chart.feared,
        false_alarm_every=chart.mean_run(chart.expected),
        found_after=chart.mean_run(chart.feared),
        found_within=chart.cases_for(chart.feared),
    )
