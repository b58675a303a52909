"""The lead's screen, and its staffing page as plain lines."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from pydantic import JsonValue, TypeAdapter

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.periods import since_option, until_option
from overread_console.cli.talk import data_json, say, shown
from overread_console.flow.spans import plain
from overread_console.lead.look import Look
from overread_console.lead.staffing import staffing_page
from overread_queue.health.metric import Period
from overread_queue.health.staffing import SHIFT_HOURS, Staffing
from overread_queue.office import LeadOffice

_STAFFING = TypeAdapter(Staffing)
_COLUMNS = 78


@click.command()
@reviewer_option
@desk_option
def lead(reviewer: str | None, db: Path) -> int:
    """How oversight goes: what is wrong first, measures with their intervals, alarms, staffing.

    The same as plain lines: `overread stats`, `overread alarms`, `overread breaches`,
    `overread staffing`.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            "this needs a terminal; `overread stats`, `overread alarms`, `overread breaches` and "
            "`overread staffing` say the same as plain lines"
        )
    say("opening the desk …")
    from overread_console.tui.app import run

    return run(db, reviewer=reviewer, lead=True)


@click.command()
@since_option("30d")
@until_option
@click.option(
    "--reviewers",
    type=click.IntRange(1, 10_000),
    multiple=True,
    metavar="N",
    help="Show so many, too; may be repeated.",
)
@click.option(
    "--hours",
    type=click.FloatRange(0, 24, min_open=True),
    default=SHIFT_HOURS,
    show_default=True,
    help="Of a day in which work comes in.",
)
@reviewer_option
@desk_option
@json_option
def staffing(
    since: int,
    until: int,
    reviewers: tuple[int, ...],
    hours: float,
    reviewer: str | None,
    db: Path,
    as_json: bool,
) -> Exit:
    """How many reviewers the work of a desk asks for, and what each control costs them."""
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.staffing(Period(since, until), reviewers=reviewers, hours=hours)
    if as_json:
        dumped: JsonValue = _STAFFING.dump_python(found, mode="json")
        data_json(dumped)
        return Exit.DONE
    for line in staffing_page(found, Look(_COLUMNS, height=0, now=until)):
        shown(plain(line).rstrip())
    return Exit.DONE
