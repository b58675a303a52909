"""Blind tests: what was released of them, and when more can be."""

from __future__ import annotations

from collections.abc import Iterator

from overread_console.flow.figures import day_words
from overread_console.flow.plot import whiskers
from overread_console.flow.spans import BLANK, Line, Span
from overread_console.flow.words import count
from overread_console.lead.look import Look, sentences
from overread_console.lead.measures import part_line, readings_head
from overread_queue.probing.plan import Plan
from overread_queue.probing.results import ProbeResults

_COURSE = 6
"""Lines of a course over time."""


def probes_page(results: ProbeResults, plan: Plan, look: Look) -> Iterator[Line]:
    """Released figures only: what is newer is told with the next release, never before."""
    yield from sentences(_released(results), look)
    yield BLANK
    if results.released is not None:
        yield from _figures(results, look)
    yield (Span("when figures can be expected", "question"),)
    for tests, days, use in plan.reached:
        yield from sentences(f"{count(tests, 'test')} in {count(days, 'day')}: {use}", look)
    for remark in (*plan.remarks, *results.remarks):
        yield from sentences(remark, look, "muted")


def _released(results: ProbeResults) -> str:
    if results.released is None:
        return results.metrics[0].whole.note
    return f"as released on {day_words(results.released)}; the next release is all or nothing"


def _figures(results: ProbeResults, look: Look) -> Iterator[Line]:
    for metric in results.metrics:
        yield (Span(metric.label, "question"),)
        yield from sentences(metric.asks, look)
        yield readings_head("part")
        for reading in metric.readings:
            yield part_line(reading, metric.unit, look)
        if len(metric.series) > 1:
            yield (Span("each release alone", "muted"),)
            yield from whiskers(metric.series, metric.unit, width=look.width, height=_COURSE)
        yield from sentences(f"cannot tell: {metric.cannot_tell}", look, "warning")
        yield BLANK
