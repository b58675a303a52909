"""Oversight's health on one screen: what is stopped, wrong, well, and what nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from overread_console.flow.figures import brief_time, reading_words, sample
from overread_console.flow.plot import spark
from overread_console.flow.spans import BLANK, Line, Role, Span, apart
from overread_console.flow.words import past_moment
from overread_console.lead.alarms import alarm_sign
from overread_console.lead.look import WIDEST, Look, cell, sentences
from overread_queue.health.alarm import Alarm
from overread_queue.health.glance import Glance, Unknown
from overread_queue.health.metric import Metric, Stopped

WELL = "✓ no alarm is standing"
_LABEL, _VALUE = 32, 23
_SIGNS, _SINCE = 4, 18


def health_page(glance: Glance, look: Look) -> Iterator[Line]:
    """The rows with a cursor are the alarms that stand."""
    for stop in glance.stopped:
        yield from _stopped(stop, look)
    yield from _alarms((*glance.wrong, *glance.warnings), look)
    yield BLANK
    for remark in glance.remarks:
        yield from sentences(remark, look, "warning")
    if glance.remarks:
        yield BLANK
    for metric in glance.fine:
        yield _measure(metric, "✓ ", "good", "strong")
    for why, unknown in groupby(sorted(glance.unknown, key=_why), key=_why):
        for one in unknown:
            yield _measure(one.metric, "– ", "muted", "muted")
        yield from sentences(why, look, "muted", indent=_SIGNS)


def _alarms(alarms: tuple[Alarm, ...], look: Look) -> Iterator[Line]:
    if not alarms:
        yield (Span(WELL, "good"),)
    for row, alarm in enumerate(alarms):
        yield from _alarm(alarm, look, row)


def _stopped(one: Stopped, look: Look) -> Iterator[Line]:
    yield from _dated((Span("  "), Span("✗ ", "danger")), one.says, one.since, look, "strong")
    yield from sentences(f"a lead lets it go on: {one.lift}", look, "muted", indent=_SIGNS)


def _alarm(alarm: Alarm, look: Look, row: int) -> Iterator[Line]:
    sign, role = alarm_sign(alarm)
    start = (look.mark(row), Span(f"{sign} ", role))
    yield from _dated(
        start, alarm.says, alarm.since, look, "strong" if row == look.cursor else "text"
    )


def _dated(start: Line, says: str, at: int, look: Look, role: Role) -> Iterator[Line]:
    """What is said after its sign, and on the right since when."""
    room = Look(look.width - _SIGNS - _SINCE, look.height, look.now)
    first, *more = sentences(says, room, role)
    since = Span(f"since {past_moment(at, look.now)}", "muted")
    yield apart((*start, *first), (since,), min(look.width, WIDEST + _SINCE))
    for line in more:
        yield (Span(" " * _SIGNS), *line)


def _measure(metric: Metric, sign: str, sign_role: Role, role: Role) -> Line:
    """A distribution is told by its ranks, as a single number would hide it."""
    start = (Span("  "), Span(sign, sign_role), cell(metric.label, _LABEL - 2))
    if metric.cut_by == "rank" and (ranks := _ranks(metric)):
        picture = spark([count for _, count in metric.bars])
        return (*start, Span(f"{picture}  ", "question"), Span(ranks, role))
    return (
        *start,
        cell(reading_words(metric.whole, metric.unit), _VALUE, role),
        Span(sample(metric.whole), "muted"),
    )


def _why(unknown: Unknown) -> str:
    return unknown.why


def _ranks(metric: Metric) -> str:
    known = [one for one in metric.readings[1:] if one.value is not None]
    return "  ".join(f"{one.part} {brief_time(one.value or 0.0)}" for one in known)
