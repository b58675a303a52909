"""What blind tests say of a desk, and when they will say more."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import JsonValue, TypeAdapter

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.pages import grid, heading, paragraph
from overread_console.cli.stats import course
from overread_console.cli.talk import data_json
from overread_console.flow.figures import between, moment_words, value_words
from overread_queue.health.metric import Metric, Reading
from overread_queue.office import LeadOffice
from overread_queue.probing.plan import Plan
from overread_queue.probing.results import ProbeResults

_RESULTS = TypeAdapter(ProbeResults)
_PLAN = TypeAdapter(Plan)


@click.command()
@reviewer_option
@desk_option
@json_option
def results(reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """What may be told of blind tests: at least 30 results of 5 people under every figure.

    Figures stand until as many more have come, so that nobody can be subtracted from them; what
    came since the release before is told alone as well.
    """
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.probe_results()
    if as_json:
        shape: JsonValue = _RESULTS.dump_python(found, mode="json")
        data_json(shape)
        return Exit.DONE
    told = "nothing yet" if found.released is None else f"{moment_words(found.released)} UTC"
    paragraph(f"last released: {told}")
    for metric in (*found.metrics, found.noticed):
        _metric(metric)
    for remark in found.remarks:
        paragraph(remark)
    if found.single_operator:
        paragraph("This desk has a single operator: people may decide for their own agents.")
    return Exit.DONE


@click.command()
@reviewer_option
@desk_option
@json_option
def plan(reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """How long until figures say something, at the policy's share and what came in lately."""
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.probe_plan()
    if as_json:
        shape: JsonValue = _PLAN.dump_python(found, mode="json")
        data_json(shape)
        return Exit.DONE
    for remark in found.remarks:
        paragraph(remark)
    if found.reached:
        head = ("tests", "days with work", "what for")
        grid(head, [(f"{tests:,}", f"{days:,}", use) for tests, days, use in found.reached])
    return Exit.DONE


def _metric(metric: Metric) -> None:
    heading(metric.label)
    paragraph(metric.asks, indent=2)
    if metric.whole.value is None:
        paragraph(metric.whole.note, indent=2)
        return
    head = (metric.cut_by, "value", "95 % interval", "n", "")
    grid(head, [_line(metric, one) for one in metric.readings], indent=2)
    if len(metric.series) > 1:
        paragraph("Each release alone:", indent=2)
        course(metric, indent=2)
    paragraph(f"It cannot tell: {metric.cannot_tell}", indent=2)


def _line(metric: Metric, one: Reading) -> tuple[str, ...]:
    value, interval = value_words(one, metric.unit), between(one.interval, metric.unit)
    return one.part or "all", value, interval, f"{one.n:,}", one.note
