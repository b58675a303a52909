"""Pictures of measures as lines of text.

What has to be seen is the interval: a number without one looks like a trend. So each moment is a
dot on a whisker, and nothing is joined up. The shapes differ without any colour.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from overread_briefs.visible import visible
from overread_briefs.width import cells
from overread_console.flow.figures import day_words, figure
from overread_console.flow.spans import Line, Span, apart, short
from overread_queue.health.metric import Point, Unit
from overread_queue.numbers import percent

_STEPS = "▁▂▃▄▅▆▇█"
_EIGHTHS = "▏▎▍▌▋▊▉"
_AXIS = 9
"""Columns of the numbers on the left, with the line beside them."""
_ROUND = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_ROUND_SECONDS = (
    1,
    2,
    5,
    10,
    20,
    30,
    60,
    120,
    300,
    600,
    1200,
    1800,
    3600,
    7200,
    14400,
    28800,
    43200,
)
_DAY = 86_400
_WIDEST = 6
"""Columns from one point to the next, where there is room for that."""


def spark(counts: Sequence[int]) -> str:
    """A row of bars, the highest of which is full; what is there at all never looks empty."""
    most = max(counts, default=0)
    return "".join(_step(one, most) for one in counts) if most else ""


def trace(values: Sequence[float | None], columns: int) -> str:
    """A row of at most so many bars for values over time; a blank where there is none.

    Several that share a bar are told by their mean.
    """
    shared = -(-len(values) // max(columns, 1)) or 1
    groups = [values[at : at + shared] for at in range(0, len(values), shared)]
    means = [_mean([one for one in group if one is not None]) for group in groups]
    most = max((one for one in means if one is not None), default=0.0)
    steps = (None if one is None else one / most if most else 0.0 for one in means)
    return "".join(" " if one is None else _STEPS[round(one * 7)] for one in steps)


def bars(rows: Sequence[tuple[str, int]], width: int) -> Iterator[Line]:
    """A distribution lying on its side: label, bar, count and share."""
    total, most = sum(n for _, n in rows), max((n for _, n in rows), default=0)
    label = max((cells(visible(name)) for name, _ in rows), default=0)
    room = max(width - label - 20, 10)
    for name, n in ((visible(name), n) for name, n in rows):
        share = f"{percent(n / total if total else 0.0):>7}"
        bar = _bar(n / most * room if most else 0.0)
        yield (
            Span(" " * (label - cells(name)) + name + "  ", "muted"),
            Span(bar + " " * (room - cells(bar)), "question"),
            Span(f"{n:>7,} "),
            Span(share, "muted"),
        )


def whiskers(points: Sequence[Point], unit: Unit, *, width: int, height: int) -> Iterator[Line]:
    """Values over time, each with its interval: `height` rows, an axis, and its UTC dates.

    The newest stand on the right; of more than fit, the oldest are left out.
    """
    shown = points[-max(width - _AXIS, 10) :]
    top = _top(shown, unit)
    if top is None:
        return
    step = max(min((width - _AXIS) // len(shown), _WIDEST), 1)
    for row in range(height):
        low, high = (top * (height - row - up) / height for up in (1, 0))
        label = figure(high, unit) if row in (0, height // 2) else ""
        marks = (_mark(one, -math.inf if row == height - 1 else low, high) for one in shown)
        yield (_axis(label), *(Span(f"{sign:^{step}}", role) for sign, role in marks))
    yield (Span(" " * (_AXIS - 2) + "└" + "─" * (len(shown) * step), "muted"),)
    yield _dates(shown[0].at, shown[-1].at, len(shown) * step)


def _axis(label: str) -> Span:
    return Span(f"{short(label, _AXIS - 3):>{_AXIS - 3}} {'┤' if label else '│'} ", "muted")


def _mark(point: Point, low: float, high: float) -> Span:
    """What of a point lies above `low`, and up to `high`."""
    if point.value is None:
        return Span(" ")
    if low < point.value <= high:
        return Span("●", "strong")
    within = point.interval
    if within is not None and within.low < high and within.high > low:
        return Span("│", "muted")
    return Span(" ")


def _dates(first: int, last: int, columns: int) -> Line:
    start, end = day_words(first), day_words(last)
    if len(start) + len(end) + 2 > columns:
        return (Span(f"{' ' * (_AXIS - 1)}{start} to {end}", "muted"),)
    ends = apart((Span(start, "muted"),), (Span(end, "muted"),), columns)
    return (Span(" " * (_AXIS - 1)), *ends)


def _top(points: Sequence[Point], unit: Unit) -> float | None:
    """A round number that nothing reaches above; None where there is nothing."""
    known = [one for one in points if one.value is not None]
    ends = [one.interval.high if one.interval else one.value or 0.0 for one in known]
    most = max((one for one in ends if math.isfinite(one)), default=None)
    if most is None:
        return None
    if unit == "seconds":
        return _round_seconds(most)
    return min(_round_up(most), 1.0) if unit == "share" else _round_up(most)


def _round_up(value: float) -> float:
    if value <= 0:
        return 1.0
    scale = 10.0 ** math.floor(math.log10(value))
    return next(one * scale for one in _ROUND if one * scale >= value * (1 - 1e-9))


def _round_seconds(value: float) -> float:
    longer = (one for one in _ROUND_SECONDS if one >= value)
    return next(longer, None) or math.ceil(value / _DAY) * _DAY


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _step(count: int, most: int) -> str:
    return _STEPS[max(math.ceil(count / most * len(_STEPS)) - 1, 0)] if count else " "


def _bar(columns: float) -> str:
    """As long as that many columns, to an eighth; what is there at all has its eighth."""
    whole, eighths = divmod(math.ceil(columns * 8), 8)
    return "█" * whole + (_EIGHTHS[eighths - 1] if eighths else "")
