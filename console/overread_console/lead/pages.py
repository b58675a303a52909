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

Draw = Callable[[LeadView, Look], Iterable[Line]]


@dataclass(frozen=True, slots=True)
class Page:
    """One page. One with rows has a cursor, and shows the row at hand whole."""

    name: str
    lines: Draw
    rows: Callable[[LeadView], tuple[str, ...]] = lambda view: ()
    """What each row is about: the name of a measure, the id of an alarm."""
    whole: Draw = lambda view, look: ()


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
        rows=lambda view: tuple(one.id for one in view.standing),
        whole=_standing,
    ),
    Page(
        "measures",
        lambda view, look: measures_page(view.metrics, look),
        rows=lambda view: tuple(one.name for one in view.metrics),
        whole=_measure,
    ),
    Page(
        "alarms",
        lambda view, look: alarms_page(view.alarms, look),
        rows=lambda view: tuple(one.id for one in view.alarms),
        whole=_alarm,
    ),
    Page("breaches", lambda view, look: breaches_page(view.breaches, view.verdicts, look)),
    Page("sessions", lambda view, look: sessions_page(view.weeks, look)),
    Page("staffing", lambda view, look: staffing_page(view.staffing, look)),
    Page("probes", lambda view, look: probes_page(view.results, view.plan, look)),
)
