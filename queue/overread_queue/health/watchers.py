"""Which facts move which chart, and what it says when it alarms. One class for each kind. Pure."""

from __future__ import annotations

from typing import Protocol, TypeVar

from overread_queue.health import wording
from overread_queue.health.alarm import AlarmKind
from overread_queue.health.charts import Baseline, Finding, Line, Plan, RateChart, freeze, rising
from overread_queue.health.drift import DriftChart, DriftPlan
from overread_queue.health.facts import OVERRIDES, Closed, Fact, Proposed, Reviewed
from overread_queue.health.kept import DRIFT, RATE, SPEED, VERSIONS, WAITS, Shape
from overread_queue.health.lateness import WaitsChart
from overread_queue.health.speed import SpeedChart, SpeedPlan
from overread_queue.health.versions import Version, VersionChart
from overread_queue.policy.model import Policy
from overread_queue.states import EscalationKind

C = TypeVar("C")
F = TypeVar("F")
Mark = tuple[bool, int]
"""Whether it is severe, and since when. With another mark it is another alarm."""

COLLAPSED = 4.0
"""Overrides are feared to become so many times as rare …"""
DRIFTED = 2.0
"""… escalations so many times as frequent, or as rare …"""
LEAPT = 4.0
"""… as long as little is known, so many times …"""
TOO_FAST = 5.0
"""… and approvals without reading so many times as frequent."""


class Follower(Protocol[C, F]):
    """Charts `C` of one kind, that facts `F` move."""

    @property
    def kind(self) -> AlarmKind: ...

    @property
    def new(self) -> C:
        """A chart that has seen nothing."""

    @property
    def shape(self) -> Shape[C]: ...

    def picks(self, fact: Fact) -> tuple[str, F] | None:
        """Whose chart this fact moves; None where it moves none of this kind."""

    def after(self, chart: C, fact: F, *, waiting: int) -> C:
        """The chart with one more fact; so many items wait on the desk."""


class Watcher(Follower[C, F], Protocol[C, F]):
    """Charts that raise alarms by themselves."""

    def baseline(self, chart: C) -> Baseline | None:
        """What it has learned; None before that, and where there is nothing to learn."""

    def mark(self, chart: C) -> Mark | None:
        """None while all is well. Asked after every fact, hence without words."""

    def finding(self, subject: str, chart: C) -> Finding | None:
        """The same in numbers and words."""


class Overrides:
    """Overrides of an action type that become rare, or stop."""

    kind: AlarmKind = "override_collapse"
    new = RateChart()
    shape = RATE

    def __init__(self, policy: Policy) -> None:
        alarms = policy.alarms
        self._plan = Plan(
            alarms.reference,
            alarms.overrides_every,
            fall=COLLAPSED,
            none_chance=alarms.no_override_chance,
        )

    def frozen(self, baseline: Baseline) -> RateChart:
        """The chart that a complete baseline would make."""
        return freeze(self._plan, baseline)

    def picks(self, fact: Fact) -> tuple[str, Reviewed] | None:
        if isinstance(fact, Reviewed) and fact.had_choice:
            return fact.action_type, fact
        return None

    def after(self, chart: RateChart, fact: Reviewed, *, waiting: int) -> RateChart:
        return chart.after(self._plan, fact.at, happened=fact.answer in OVERRIDES)

    def baseline(self, chart: RateChart) -> Baseline | None:
        return chart.baseline if chart.learned else None

    def mark(self, chart: RateChart) -> Mark | None:
        if chart.alarmed is not None:
            return True, chart.alarmed.since
        return (False, chart.run_since) if chart.none_lately else None

    def finding(self, subject: str, chart: RateChart) -> Finding | None:
        usual, line = chart.baseline, chart.alarmed
        if line is not None:
            says = wording.overridden(subject, line, usual)
            return Finding(True, line.since, says, line.n, line.rate, usual.rate)
        if chart.none_lately:
            says = wording.none_overridden(subject, chart.run, usual)
            return Finding(False, chart.run_since, says, chart.run, 0.0, usual.rate)
        return None


class Escalations:
    """The share of an action type's proposals that escalates, doubled or halved; before much is
    known, four times as high or as low."""

    kind: AlarmKind = "escalation_drift"
    new = DriftChart()
    shape = DRIFT

    def __init__(self, policy: Policy) -> None:
        alarms = policy.alarms
        every = alarms.escalations_every
        self._plan = DriftPlan(
            early=Plan(alarms.reference_early, every, rise=LEAPT, fall=LEAPT),
            fine=Plan(alarms.reference_proposals, every, rise=DRIFTED, fall=DRIFTED),
        )

    def picks(self, fact: Fact) -> tuple[str, Proposed] | None:
        return (fact.action_type, fact) if isinstance(fact, Proposed) else None

    def after(self, chart: DriftChart, fact: Proposed, *, waiting: int) -> DriftChart:
        version = f"{fact.agent} {fact.version}"
        return chart.after(self._plan, fact.at, version, escalated=fact.escalated)

    def baseline(self, chart: DriftChart) -> Baseline | None:
        return chart.baseline

    def mark(self, chart: DriftChart) -> Mark | None:
        return (True, chart.alarmed.since) if chart.alarmed is not None else None

    def finding(self, subject: str, chart: DriftChart) -> Finding | None:
        line, usual = chart.alarmed, chart.baseline
        if line is None or usual is None:
            return None
        says = wording.escalated(subject, line, usual)
        return Finding(True, line.since, says, line.n, line.rate, usual.rate)


class FastApprovals:
    """Approvals of an action type that nobody can have read."""

    kind: AlarmKind = "fast_approvals"
    new = RateChart()
    shape = RATE

    def __init__(self, policy: Policy) -> None:
        self._alarms, self._words = policy.alarms, policy.friction.words_per_minute

    def picks(self, fact: Fact) -> tuple[str, Reviewed] | None:
        if isinstance(fact, Reviewed) and fact.answer not in OVERRIDES:
            return fact.action_type, fact
        return None

    def after(self, chart: RateChart, fact: Reviewed, *, waiting: int) -> RateChart:
        line = chart.rising or self.line()
        return RateChart(rising=line.after(fact.at, happened=self._is_fast(fact)))

    def baseline(self, chart: RateChart) -> Baseline | None:
        return None

    def mark(self, chart: RateChart) -> Mark | None:
        return (True, chart.alarmed.since) if chart.alarmed is not None else None

    def finding(self, subject: str, chart: RateChart) -> Finding | None:
        line = chart.alarmed
        if line is None:
            return None
        usual = line.chart.expected
        says = wording.approved_fast(subject, line, usual)
        return Finding(True, line.since, says, line.n, line.rate, usual)

    def line(self) -> Line:
        """A new one."""
        alarms = self._alarms
        return rising(alarms.fast_share, TOO_FAST, every=alarms.fast_every)

    def _is_fast(self, fact: Reviewed) -> bool:
        half_read_ms = fact.words / self._words * 60_000 / 2
        return fact.active_ms < max(self._alarms.fast_under * 1000, half_read_ms)


class SpeedingUp:
    """Reviews of an action type that become shorter while more and more waits."""

    kind: AlarmKind = "speeding_up"
    new = SpeedChart()
    shape = SPEED

    def __init__(self, policy: Policy) -> None:
        alarms = policy.alarms
        self._plan = SpeedPlan(alarms.reference, alarms.speed_every)

    def picks(self, fact: Fact) -> tuple[str, Reviewed] | None:
        return (fact.action_type, fact) if isinstance(fact, Reviewed) else None

    def after(self, chart: SpeedChart, fact: Reviewed, *, waiting: int) -> SpeedChart:
        return chart.after(fact.at, took_ms=fact.active_ms, waiting=waiting, plan=self._plan)

    def baseline(self, chart: SpeedChart) -> Baseline | None:
        return chart.baseline if chart.usual_ms is not None else None

    def mark(self, chart: SpeedChart) -> Mark | None:
        return (False, chart.line.since) if chart.found and chart.line is not None else None

    def finding(self, subject: str, chart: SpeedChart) -> Finding | None:
        line, usual, now = chart.line, chart.usual_ms, chart.now_ms
        if not chart.found or line is None or usual is None or now is None:
            return None
        says = wording.sped_up(
            subject,
            now=now / 1000,
            usual=usual / 1000,
            waits=chart.waiting.mean,
            waited=chart.usual_waiting.mean,
        )
        return Finding(False, line.since, says, line.n, now / 1000, usual / 1000)


class Versions:
    """A version of an agent that was never seen before."""

    kind: AlarmKind = "new_version"
    new = VersionChart()
    shape = VERSIONS

    def __init__(self, policy: Policy) -> None:
        self._new_for_ms = policy.audit.new_for * 1000

    def picks(self, fact: Fact) -> tuple[str, Proposed] | None:
        return (fact.agent, fact) if isinstance(fact, Proposed) and fact.version else None

    def after(self, chart: VersionChart, fact: Proposed, *, waiting: int) -> VersionChart:
        return chart.after(fact.at, fact.version)

    def baseline(self, chart: VersionChart) -> Baseline | None:
        return None

    def mark(self, chart: VersionChart) -> Mark | None:
        version = self._latest(chart)
        return (False, version.first_at) if version else None

    def finding(self, subject: str, chart: VersionChart) -> Finding | None:
        version = self._latest(chart)
        if version is None:
            return None
        says = wording.unknown_version(subject, version.name)
        return Finding(False, version.first_at, says, version.proposals, None, None)

    def _latest(self, chart: VersionChart) -> Version | None:
        return chart.new(self._new_for_ms)


class Waits:
    """How long agents waited for an answer in a pool. `outlook` says what comes of it."""

    kind: AlarmKind = "breach_forecast"
    new = WaitsChart()
    shape = WAITS

    def picks(self, fact: Fact) -> tuple[str, Closed] | None:
        if isinstance(fact, Closed) and fact.kind is EscalationKind.APPROVAL:
            return fact.pool, fact
        return None

    def after(self, chart: WaitsChart, fact: Closed, *, waiting: int) -> WaitsChart:
        return chart.after(fact.waited_ms, timed_out=fact.exit == "timed_out")
