"""The catalogue of measures, and one of them whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from overread_console.flow.figures import reading_words, sample, weight_words
from overread_console.flow.plot import bars, spark, trace, whiskers
from overread_console.flow.spans import BLANK, Line, Span, apart, short
from overread_console.lead.look import Look, cell, named, sentences
from overread_queue.health.metric import Metric, Reading, Unit

_LABEL, _VALUE, _SAMPLE = 32, 23, 8
_PARTS = 12
"""Parts of a measure that are shown; the command line has them all."""


def measures_page(metrics: Sequence[Metric], look: Look) -> Iterator[Line]:
    """One line for each measure."""
    yield (Span("  "), *readings_head("measure"), Span("  over time", "muted"))
    for row, metric in enumerate(metrics):
        yield _row(metric, look, row)


def _row(metric: Metric, look: Look, row: int) -> Line:
    whole = metric.whole
    room = look.width - 2 - _LABEL - _VALUE - _SAMPLE - 2
    usable = not weight_words(whole, metric.unit)
    shape = _shape(metric, room) if usable else short(weight_words(whole, metric.unit), room)
    return (
        look.mark(row),
        cell(metric.label, _LABEL, "strong" if row == look.cursor else "text"),
        cell(reading_words(whole, metric.unit), _VALUE, "text" if usable else "muted"),
        cell(f"{whole.n:,}", _SAMPLE, "muted", right=True),
        Span(f"  {shape}", "question" if usable else "muted"),
    )


def _shape(metric: Metric, room: int) -> str:
    """How times are spread, and how everything else went over time."""
    if metric.bars and metric.unit == "seconds":
        return spark([count for _, count in metric.bars][-room:])
    values = [one.value for one in metric.series]
    return trace(values, room)


def measure_page(metric: Metric, look: Look) -> Iterator[Line]:
    """One measure: the question, the number and what it cannot tell, the picture, the parts."""
    name = (Span(metric.label, "question"),)
    yield apart(name, (Span(f"overread stats {metric.name}", "muted"),), look.width)
    yield from sentences(metric.asks, look)
    yield BLANK
    yield _whole(metric)
    if metric.whole.note:
        yield from sentences(metric.whole.note, look, "muted")
    yield from named("cannot tell", metric.cannot_tell, look, "warning")
    yield from _picture(metric, look)
    yield from _parts(metric, look)


def _whole(metric: Metric) -> Line:
    whole = metric.whole
    told = weight_words(whole, metric.unit)
    return (
        Span(reading_words(whole, metric.unit), "strong"),
        Span(f"   {sample(whole)}" + (f" · {told}" if told else ""), "muted"),
    )


def _picture(metric: Metric, look: Look) -> Iterator[Line]:
    if any(one.value is not None for one in metric.series):
        yield BLANK
        height = 8 if look.height < 34 else 14
        yield from whiskers(metric.series, metric.unit, width=look.width, height=height)
    if any(count for _, count in metric.bars):
        yield BLANK
        yield from bars(metric.bars, min(look.width, 90))


def _parts(metric: Metric, look: Look) -> Iterator[Line]:
    parts = metric.readings[1:]
    if not parts:
        return
    yield BLANK
    yield (Span(f"by {metric.cut_by}", "strong"),)
    for part in parts[:_PARTS]:
        yield part_line(part, metric.unit, look)
    if len(parts) > _PARTS:
        left = f"and {len(parts) - _PARTS:,} more: overread stats {metric.name}"
        yield (Span(left, "muted"),)


def part_line(part: Reading, unit: Unit, look: Look) -> Line:
    """One reading: of what, the number, its cases, and what to know of it."""
    room = look.width - _LABEL - _VALUE - _SAMPLE - 2
    told = weight_words(part, unit)
    return (
        cell(part.part or "whole desk", _LABEL),
        cell(reading_words(part, unit), _VALUE, "muted" if told else "text"),
        cell(f"{part.n:,}", _SAMPLE, "muted", right=True),
        Span(f"  {short(told, room)}", "muted"),
    )


def readings_head(name: str) -> Line:
    """What the columns of readings are."""
    return (
        cell(name, _LABEL, "muted"),
        cell("95 % in brackets", _VALUE, "muted"),
        cell("cases", _SAMPLE, "muted", right=True),
    )
