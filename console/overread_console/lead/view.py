"""Everything that a lead's pages show, looked up at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from overread_queue.health.alarm import Alarm
from overread_queue.health.glance import Glance
from overread_queue.health.metric import Metric, Period
from overread_queue.health.staffing import Staffing
from overread_queue.office import LeadOffice
from overread_queue.probing.plan import Plan
from overread_queue.probing.results import ProbeResults
from overread_queue.store.records import BreachRow, VerdictRow, WeekRow

LENGTHS = (1, 7, 30, 90, 365)
"""Days that can be looked back over."""
USUAL = 30


@dataclass(frozen=True, slots=True)
class LeadView:
    """A desk's oversight over one period."""

    days: int
    period: Period
    is_lead: bool
    glance: Glance
    metrics: tuple[Metric, ...]
    alarms: tuple[Alarm, ...]
    """In the order in which to look into them; of those that are over, the period's."""
    breaches: tuple[BreachRow, ...]
    verdicts: tuple[VerdictRow, ...]
    weeks: tuple[WeekRow, ...]
    staffing: Staffing
    results: ProbeResults
    plan: Plan

    @property
    def standing(self) -> tuple[Alarm, ...]:
        """Alarms that are not over, in the order of the glance."""
        return (*self.glance.wrong, *self.glance.warnings)


def view_of(office: LeadOffice, days: int) -> LeadView:
    """Looks at the desk, without changing what anybody sees of it."""
    health = office.metrics(office.last_days(days))
    period = health.period
    return LeadView(
        days=days,
        period=period,
        is_lead=office.is_lead,
        glance=office.glance(period),
        metrics=health.metrics,
        alarms=tuple(_of_interest(office.alarms(all=True), period)),
        breaches=office.breaches(since=period.since),
        verdicts=office.verdicts(since=period.since),
        weeks=office.sessions(period),
        staffing=office.staffing(period),
        results=office.probe_results(),
        plan=office.probe_plan(),
    )


def _of_interest(alarms: Iterable[Alarm], period: Period) -> Iterator[Alarm]:
    """What stands, however long it has, and what was over in the period or after it."""
    return (one for one in alarms if one.over_at is None or one.over_at >= period.since)
