"""The lead's pages, in the order of their number keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from overread_console.flow.spans import Line
from overread_console.lead.alarms import alarm_page, alarms_page
from overread_console.lead.health import health_page
from overread_console.lead.look import Look
from overread_console.lead.measures import measure_page, measures_page
from overread_console.lead.probes import probes_page
from overread_console.lead.records import breaches_page, sessions_page
from overread_console.lead.staffing import staffing_page
from overread_console.lead.view import LeadView
from overread_queue.health.alarm import Alarm

Draw = Callable[[LeadView, Look], Iterable[Line]]


@dataclass(frozen=True, slots=True)
class Page:
    """One page. One with rows has a cursor, and shows the row at hand whole."""

    name: str
    lines: Draw
    rows: Callable[[LeadView], int] = lambda _: 0
    whole: Draw = lambda view, look: ()
    alarm: Callable[[LeadView, int], Alarm | None] = lambda view, row: None
    """The alarm in a row."""


def _alarm_at(alarms: tuple[Alarm, ...], row: int) -> Alarm | None:
    return alarms[row] if row < len(alarms) else None


def _standing(view: LeadView, look: Look) -> Iterator[Line]:
    yield from alarm_page(view.standing[look.cursor], look)


def _alarm(view: LeadView, look: Look) -> Iterator[Line]:
    yield from alarm_page(view.alarms[look.cursor], look)


def _measure(view: LeadView, look: Look) -> Iterator[Line]:
    yield from measure_page(view.metrics[look.cursor], look)


PAGES = (
    Page(
        "health",
        lambda view, look: health_page(view.glance, look),
        rows=lambda view: len(view.standing),
        whole=_standing,
        alarm=lambda view, row: _alarm_at(view.standing, row),
    ),
    Page(
        "measures",
        lambda view, look: measures_page(view.metrics, look),
        rows=lambda view: len(view.metrics),
        whole=_measure,
    ),
    Page(
        "alarms",
        lambda view, look: alarms_page(view.alarms, look),
        rows=lambda view: len(view.alarms),
        whole=_alarm,
        alarm=lambda view, row: _alarm_at(view.alarms, row),
    ),
    Page("breaches", lambda view, look: breaches_page(view.breaches, view.verdicts, look)),
    Page("sessions", lambda view, look: sessions_page(view.weeks, look)),
    Page("staffing", lambda view, look: staffing_page(view.staffing, look)),
    Page("probes", lambda view, look: probes_page(view.results, view.plan, look)),
)
