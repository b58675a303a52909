"""One measure on the page: its number, what it rests on, its charts, what it cannot tell."""

from __future__ import annotations

from overread_console.flow.figures import between, figure, is_count, value_words, weight_words
from overread_console.flow.words import tier_words
from overread_console.report.axis import Axis
from overread_console.report.charts import UNITS, histogram, over_time, strip, strip_axis, tally
from overread_console.report.html import Html, tag
from overread_console.report.parts import paragraph, table
from overread_queue.health.metric import Metric, Period, Reading

_OF = {"from": "days", "released": "release alone"}


def measure(metric: Metric, period: Period) -> Html:
    """Everything known about one measure over a period."""
    return tag(
        "article",
        _head(metric),
        _series(metric, period),
        _bars(metric),
        _parts(metric),
        tag("p", tag("strong", "What it cannot tell: "), metric.cannot_tell, class_="cannot"),
        id=metric.name,
    )


def _head(metric: Metric) -> Html:
    one = metric.whole
    told = tag(
        "p", tag("span", value_words(one, metric.unit), class_=_kind(one)), _rests_on(metric)
    )
    return tag(
        "div",
        tag("h3", metric.label),
        paragraph(metric.asks, "quiet"),
        told,
        paragraph(one.note),
        class_="head",
    )


def _kind(one: Reading) -> str:
    return "whole rough" if one.weight == "rough" else "whole"


def _rests_on(metric: Metric) -> str:
    one = metric.whole
    sample = f"n = {one.n:,}"
    if one.count is not None and not is_count(one, metric.unit):
        sample = f"{one.count:,} of {sample}"
    if one.value is None:
        return sample
    known = f"95 % interval {between(one.interval, metric.unit)}" if one.interval else "no interval"
    return " · ".join(filter(None, (sample, known, weight_words(one, metric.unit))))


def _series(metric: Metric, period: Period) -> Html:
    """Nothing where a few cases would draw a line."""
    known = sum(one.value is not None for one in metric.series)
    if known < 2 or metric.whole.weight in ("none", "counts"):
        return Html()
    caption = (
        f"Each dot is the number of its {_OF[metric.each]}, each upright line its 95 % interval."
    )
    return tag("figure", over_time(metric, period), tag("figcaption", caption))


def _bars(metric: Metric) -> Html:
    if not any(count for _, count in metric.bars):
        return Html()
    return tag("figure", histogram(metric) if metric.unit == "seconds" else tally(metric))


def _parts(metric: Metric) -> Html:
    """The whole desk and its parts on one axis."""
    if len(metric.readings) == 1:
        return Html()
    along = strip_axis(metric.readings, metric.unit)
    scale = f"{figure(along.low, metric.unit)} to {figure(along.high, metric.unit)}"
    head = (metric.cut_by, "number", "n", "95 % interval", f"{UNITS[metric.unit]}, {scale}", "")
    rows = (_part(one, metric, along) for one in metric.readings)
    return tag("div", table(head, rows, numbers=(1, 2, 3)), class_="parts")


def _part(one: Reading, metric: Metric, along: Axis) -> tuple[str, ...]:
    return (
        _name(one.part, metric.cut_by),
        value_words(one, metric.unit),
        f"{one.n:,}",
        between(one.interval, metric.unit),
        strip(one, along, metric.whole.value),
        one.note if one.note and one.part else weight_words(one, metric.unit),
    )


def _name(part: str, cut_by: str) -> str:
    if not part:
        return "the whole desk"
    return tier_words(part) if cut_by == "tier" else part
