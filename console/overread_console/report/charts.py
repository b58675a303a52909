"""Charts as inline SVG: black on white, shapes and not colours, every axis with its unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from overread_console.flow.figures import between, day_words, figure
from overread_console.report.axis import Axis, axis
from overread_console.report.html import Html, tag
from overread_queue.health.metric import Metric, Period, Point, Reading, Unit
from overread_queue.measure.intervals import Interval

UNITS: dict[Unit, str] = {
    "share": "share",
    "seconds": "time",
    "count": "items",
    "per_day": "a day",
    "points": "standard deviations",
}
"""What stands at an axis."""
_WHEN = {"from": "from this day on (UTC)", "released": "released on this day (UTC)"}
_WIDTH, _HEIGHT = 660, 180
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 12, 24, 40
_FLOOR = _HEIGHT - _BOTTOM
_STRIP_WIDTH, _STRIP_HEIGHT = 170, 18
_DATES = 6
"""How many dates an axis of time has room for."""
_NAMED = 16
"""How many bars can have their names below them."""
_NAME, _ROW = 190, 22
"""Of a level bar: where it begins, and how far the next one is below it."""


def over_time(metric: Metric, period: Period) -> Html:
    """Each bucket of time with its interval. Where a bucket has no number, the line is broken."""
    points = [one for one in metric.series if one.value is not None]
    values = [value for one in points for value in _spread(one)]
    up = axis(values, metric.unit, start=_FLOOR, end=_TOP)
    since = min([period.since, *(one.at for one in points)])
    across = Axis(since, period.until, 1, _LEFT + 14, _WIDTH - _RIGHT - 14)
    told = f"{metric.label} over time, with 95 % intervals"
    return _drawing(
        told,
        *_grid(up, metric.unit),
        *_dates(metric.series, across),
        *(one for run in _runs(metric.series) for one in _line(run, across, up)),
        *(mark for one in points for mark in _point(one, metric.unit, across, up)),
        *_names(UNITS[metric.unit], _WHEN[metric.each]),
    )


def histogram(metric: Metric) -> Html:
    """Upright bars for classes that follow one another, each with its count above it."""
    up = axis([float(count) for _, count in metric.bars], "count", start=_FLOOR, end=_TOP + 8)
    wide = (_WIDTH - _LEFT - _RIGHT) / len(metric.bars)
    every = max(1, -(-len(metric.bars) // _NAMED))
    bars = [
        part
        for number, bar in enumerate(metric.bars)
        for part in _bar(bar, up, _LEFT + number * wide, wide, named=number % every == 0)
    ]
    told = f"{metric.label}: how often each was seen"
    return _drawing(told, *_grid(up, "count"), *bars, *_names("how many", metric.label))


def tally(metric: Metric) -> Html:
    """Level bars for classes without an order, each with its name before it and its count."""
    along = axis([float(count) for _, count in metric.bars], "count", start=_NAME, end=_WIDTH - 60)
    bars = [
        part
        for number, (label, count) in enumerate(metric.bars)
        for part in _level(label, count, along, number * _ROW)
    ]
    return _drawing(f"{metric.label}: how many of each", *bars, height=len(metric.bars) * _ROW + 2)


def strip(one: Reading, along: Axis, whole: float | None) -> Html:
    """One number on its interval, for a line of a table; the dashes are the whole desk."""
    middle = _STRIP_HEIGHT / 2
    parts = [_segment(along.start, middle, along.end, middle, "rule")]
    if whole is not None:
        at = along.at(whole)
        parts.append(_segment(at, 1, at, _STRIP_HEIGHT - 1, "whole"))
    if one.interval is not None:
        low, high = along.at(one.interval.low), along.at(one.interval.high)
        parts.append(_segment(low, middle, high, middle, "whisker"))
    if one.value is not None:
        parts.append(tag("circle", cx=along.at(one.value), cy=middle, r=3.4))
    size = {"width": _STRIP_WIDTH, "height": _STRIP_HEIGHT}
    return tag(
        "svg", *parts, **size, viewBox=f"0 0 {_STRIP_WIDTH} {_STRIP_HEIGHT}", aria_hidden="true"
    )


def strip_axis(readings: Sequence[Reading], unit: Unit) -> Axis:
    """The axis that all lines of a table share."""
    values = [value for one in readings for value in _ends(one.value, one.interval)]
    return axis(values, unit, start=5, end=_STRIP_WIDTH - 5)


def _drawing(told: str, *parts: Html, height: int = _HEIGHT) -> Html:
    size = f"0 0 {_WIDTH} {height}"
    return tag("svg", tag("title", told), *parts, viewBox=size, role="img", aria_label=told)


def _grid(up: Axis, unit: Unit) -> Iterator[Html]:
    for value in up.marks:
        at = up.at(value)
        yield _segment(_LEFT, at, _WIDTH - _RIGHT, at, "axis" if value == up.low else "rule")
        yield _words(figure(value, unit), _LEFT - 6, at + 4, "end")


def _names(upright: str, across: str) -> Iterator[Html]:
    yield _words(upright, 4, 12, "start", class_="name")
    yield _words(across, _WIDTH - _RIGHT, _HEIGHT - 5, "end", class_="name")


def _dates(series: Sequence[Point], across: Axis) -> Iterator[Html]:
    every = max(1, -(-len(series) // _DATES))
    for one in series[::every]:
        at = across.at(one.at)
        yield _segment(at, _FLOOR, at, _FLOOR + 4, "axis")
        yield _words(day_words(one.at), at, _FLOOR + 17, "middle")


def _runs(series: Sequence[Point]) -> Iterator[list[Point]]:
    """Neighbours that have numbers."""
    for known, run in groupby(series, key=lambda one: one.value is not None):
        if known:
            yield list(run)


def _line(run: Sequence[Point], across: Axis, up: Axis) -> Iterator[Html]:
    if len(run) > 1:
        places = (f"{across.at(one.at):.6g},{up.at(one.value or 0):.6g}" for one in run)
        yield tag("polyline", points=" ".join(places), class_="line")


def _point(one: Point, unit: Unit, across: Axis, up: Axis) -> Iterator[Html]:
    at, value = across.at(one.at), one.value or 0.0
    if one.interval is not None:
        yield _segment(at, up.at(one.interval.low), at, up.at(one.interval.high), "whisker")
    told = (
        f"{day_words(one.at)}: {figure(value, unit)} ({between(one.interval, unit)}), n = {one.n:,}"
    )
    yield tag("circle", tag("title", told), cx=at, cy=up.at(value), r=3)


def _bar(
    bar: tuple[str, int], up: Axis, left: float, wide: float, *, named: bool
) -> Iterator[Html]:
    label, count = bar
    middle, top = left + wide / 2, up.at(count)
    told = tag("title", f"{label}: {count:,}")
    yield tag("rect", told, x=left + wide * 0.12, y=top, width=wide * 0.76, height=_FLOOR - top)
    if count and wide >= 24:
        yield _words(f"{count:,}", middle, top - 4, "middle")
    if named:
        yield _words(label, middle, _FLOOR + 15, "middle")


def _level(label: str, count: int, along: Axis, top: float) -> Iterator[Html]:
    end = along.at(count)
    yield _words(label, _NAME - 8, top + 15, "end")
    yield tag("rect", x=_NAME, y=top + 3, width=end - _NAME, height=_ROW - 6)
    yield _words(f"{count:,}", end + 6, top + 15, "start")


def _segment(x1: float, y1: float, x2: float, y2: float, kind: str) -> Html:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def _words(told: str, x: float, y: float, anchor: str, *, class_: str = "mark") -> Html:
    return tag("text", told, x=x, y=y, text_anchor=anchor, class_=class_)


def _spread(one: Point) -> tuple[float, ...]:
    return _ends(one.value, one.interval)


def _ends(value: float | None, interval: Interval | None) -> tuple[float, ...]:
    known = () if value is None else (value,)
    return (*known, interval.low, interval.high) if interval is not None else known
