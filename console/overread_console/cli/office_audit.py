"""What an auditor is handed: each requirement, and the records that speak to it."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import get_args

import click
from pydantic import JsonValue

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.pages import columns, heading, paragraph
from overread_console.cli.periods import since_option, until_option
from overread_console.cli.talk import data_json
from overread_console.cli.times import day_and_time
from overread_queue.office import LeadOffice
from overread_queue.policy.controls import Evidenced, Mark, load_controls

_GLYPHS: dict[Evidenced, str] = {"evidenced": "✓", "partial": "◐", "no data in period": "·"}


@click.command()
@since_option("90d")
@until_option
@click.option(
    "--controls",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Requirements and their records; default: the ones that ship.",
)
@reviewer_option
@desk_option
@json_option
def pack(
    since: int,
    until: int,
    controls: Path | None,
    reviewer: str | None,
    db: Path,
    as_json: bool,
) -> Exit:
    """Each requirement as evidenced, partial, or without data in the period.

    A record shows that something was done. It makes nobody compliant.
    """
    if since >= until:
        raise click.UsageError("--since must be before --until.")
    note = load_controls(controls).note
    with LeadOffice.open(db, reviewer=reviewer) as office:
        marks = office.evidence(since=since, until=until, controls=controls)
        alone = office.single_operator
    if as_json:
        period: dict[str, JsonValue] = {"since": since, "until": until, "note": note}
        period["single_operator"] = alone
        data_json({**period, "controls": [_mark_json(one) for one in marks]})
    else:
        if alone:
            paragraph("This desk has a single operator: people may decide for their own agents.")
        _page(marks, f"from {day_and_time(since)} to {day_and_time(until)}", note)
    return Exit.DONE


def _page(marks: tuple[Mark, ...], period: str, note: str) -> None:
    states = Counter(one.state for one in marks)
    told = ", ".join(f"{states[state]} {state}" for state in get_args(Evidenced))
    paragraph(f"{told}; {period}")
    paragraph(note)
    for framework, group in groupby(sorted(marks, key=_framework), key=_framework):
        heading(framework)
        columns([_line(one) for one in group], indent=2)


def _framework(one: Mark) -> str:
    return one.control.framework


def _line(one: Mark) -> tuple[str, ...]:
    control = one.control
    state = f"{_GLYPHS[one.state]} {one.state}"
    return control.reference, state, f"{control.requires} {_speaking(one)}"


def _speaking(one: Mark) -> str:
    """The records behind a mark, and those that there are none of."""
    told = [f"{kind.replace('_', ' ')}: {count or 'none'}" for kind, count in one.counts.items()]
    if one.control.from_day:
        told.append(f"a duty from {one.control.from_day}")
    return f"[{'; '.join(told)}]"


def _mark_json(one: Mark) -> JsonValue:
    counts: dict[str, JsonValue] = dict(one.counts.items())
    return {
        **one.control.model_dump(mode="json", by_alias=True),
        "state": one.state,
        "counts": counts,
        "missing": [*one.missing],
    }
