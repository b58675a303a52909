"""Oversight's measures as plain lines: one line for each, or one of them whole."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click
from pydantic import JsonValue, TypeAdapter

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.pages import columns, grid, heading, paragraph
from overread_console.cli.periods import since_option, until_option
from overread_console.cli.talk import data_json, say, shown
from overread_console.cli.times import day_and_time
from overread_console.flow.figures import between, day_words, figure, value_words
from overread_queue.health.metric import Health, Metric, Period, Reading
from overread_queue.office import LeadOffice

_HEALTH = TypeAdapter(Health)
Part = Literal["action_type", "tier", "pool", "state"]
_PARTS: dict[str, Part] = {
    "action-type": "action_type",
    "tier": "tier",
    "pool": "pool",
    "state": "state",
}
_UNSURE = {"none": "", "counts": "too few", "rough": "a first idea", "usable": ""}


@click.command()
@click.argument("name", required=False)
@click.option("--by", type=click.Choice(list(_PARTS)), help="Cut it by this; needs NAME.")
@since_option("30d")
@until_option
@reviewer_option
@desk_option
@json_option
def stats(
    name: str | None,
    by: str | None,
    since: int,
    until: int,
    reviewer: str | None,
    db: Path,
    as_json: bool,
) -> Exit:
    """How oversight is doing: every measure in a line, or the one called NAME in full.

    Each comes with its sample and what it cannot tell. A period is counted in whole UTC days.
    Nobody's name is in any of it.
    """
    if by and not name:
        raise click.UsageError("--by cuts one measure: name it, as in `stats override_rate`")
    with LeadOffice.open(db, reviewer=reviewer) as office:
        names = (name,) if name else ()
        found = office.metrics(Period(since, until), names, by=_PARTS[by] if by else None)
    if as_json:
        shape: JsonValue = _HEALTH.dump_python(found, mode="json")
        data_json(shape)
        return Exit.DONE
    for remark in found.remarks:
        say(remark)
    if name:
        _whole(found.metrics[0], found.period)
    else:
        _overview(found)
    return Exit.DONE


def _overview(found: Health) -> None:
    for one in found.stopped:
        paragraph(f"✗ {one.says}, since {day_and_time(one.since)}; `{one.lift}`")
    if found.stopped:
        shown("")
    head = ("measure", "value", "95 % interval", "n", "")
    grid(head, [_line(one) for one in found.metrics])
    heading(f"{_dates(found.period)}; `overread stats NAME` shows one with its parts.")


def _line(metric: Metric) -> tuple[str, ...]:
    one = metric.whole
    value, interval = value_words(one, metric.unit), between(one.interval, metric.unit)
    return metric.name, value, interval, f"{one.n:,}", metric.label


def _whole(metric: Metric, period: Period) -> None:
    paragraph(f"{metric.label}: {metric.asks}")
    paragraph(_dates(period))
    heading(f"BY {metric.cut_by.upper()}" if metric.cut_by else "THE DESK")
    head = (metric.cut_by or "", "value", "95 % interval", "n", "")
    grid(head, [_reading(metric, one) for one in metric.readings])
    if metric.bars:
        heading("HOW OFTEN")
        columns([(label, f"{count:,}") for label, count in metric.bars])
    if any(one.value is not None for one in metric.series):
        heading("OVER TIME")
        course(metric)
    heading("WHAT IT CANNOT TELL")
    paragraph(metric.cannot_tell)


def _reading(metric: Metric, one: Reading) -> tuple[str, ...]:
    told = ". ".join(filter(None, (_unsure(metric, one), one.note)))
    interval = between(one.interval, metric.unit)
    return one.part or "all", value_words(one, metric.unit), interval, f"{one.n:,}", told


def _unsure(metric: Metric, one: Reading) -> str:
    """What is counted whole is no sample, and never too small a one."""
    return "" if metric.unit == "count" else _UNSURE[one.weight]


def course(metric: Metric, *, indent: int = 0) -> None:
    """A line for each point of its series that has a number."""
    rows = [
        (
            day_words(one.at),
            figure(one.value, metric.unit),
            between(one.interval, metric.unit),
            f"{one.n:,}",
        )
        for one in metric.series
        if one.value is not None
    ]
    grid((metric.each, "value", "95 % interval", "n"), rows, indent=indent)


def _dates(period: Period) -> str:
    return f"{day_words(period.since)} to {day_words(period.until - 1)} (UTC)"
