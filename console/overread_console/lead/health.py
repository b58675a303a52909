"""Oversight's health on one screen: what is wrong first, then what to know, then what is well."""

from __future__ import annotations

from collections.abc import Iterator

from overread_console.flow.figures import brief_time, reading_words, sample, weight_words
from overread_console.flow.plot import spark
from overread_console.flow.spans import BLANK, Line, Span, apart, short
from overread_console.flow.words import past_moment
from overread_console.lead.alarms import alarm_sign
from overread_console.lead.look import WIDEST, Look, cell, sentences
from overread_console.lead.view import LeadView
from overread_queue.health.alarm import Alarm
from overread_queue.health.metric import Metric

WELL = "✓ no alarm is standing"
FIRST = (
    "escalation_rate",
    "override_rate",
    "sla",
    "response_time",
    "challenge_rate",
    "anchoring",
    "probe_hits",
    "fast_reviews",
    "depth",
)
"""Measures that stand on the first page, in this order."""
_LABEL, _VALUE = 27, 28
_SIGNS, _SINCE = 4, 18


def health_page(view: LeadView, look: Look) -> Iterator[Line]:
    """The rows with a cursor are the alarms that stand."""
    yield from _alarms(view, look)
    yield BLANK
    for remark in view.remarks:
        yield from sentences(remark, look, "warning")
    if view.remarks:
        yield BLANK
    found = {one.name: one for one in (*view.metrics, *view.results.metrics)}
    for name in FIRST:
        if name in found:
            yield _measure(found[name], look)
    if "review_time" in found:
        yield BLANK
        yield from _times(found["review_time"], look)


def _alarms(view: LeadView, look: Look) -> Iterator[Line]:
    if not view.standing:
        yield (Span(WELL, "good"),)
    for row, alarm in enumerate(view.standing):
        yield from _alarm(alarm, look, row)


def _alarm(alarm: Alarm, look: Look, row: int) -> Iterator[Line]:
    sign, role = alarm_sign(alarm)
    since = f"since {past_moment(alarm.since, look.now)}"
    room = Look(look.width - _SIGNS - _SINCE, look.height, look.now)
    first, *more = sentences(alarm.says, room, "strong" if row == look.cursor else "text")
    left = (look.mark(row), Span(f"{sign} ", role), *first)
    yield apart(left, (Span(since, "muted"),), min(look.width, WIDEST + _SINCE))
    for line in more:
        yield (Span(" " * _SIGNS), *line)


def _measure(metric: Metric, look: Look) -> Line:
    whole = metric.whole
    usable = not weight_words(whole, metric.unit)
    told = " · ".join(filter(None, (sample(whole), weight_words(whole, metric.unit))))
    return (
        Span("  "),
        cell(metric.label, _LABEL),
        cell(reading_words(whole, metric.unit), _VALUE, "strong" if usable else "muted"),
        Span(short(told, look.width - 2 - _LABEL - _VALUE), "muted"),
    )


def _times(metric: Metric, look: Look) -> Iterator[Line]:
    """The distribution, which a mean would hide, and its ranks."""
    ranks = [one for one in metric.readings[1:] if one.value is not None]
    told = "  ".join(f"{one.part} {brief_time(one.value or 0.0)}" for one in ranks)
    picture = spark([count for _, count in metric.bars])
    yield (
        Span("  "),
        cell(metric.label, _LABEL),
        Span(f"{picture}  " if picture else "", "question"),
        Span(told or "nobody has looked at anything", "text" if told else "muted"),
    )
