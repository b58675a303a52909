"""Oversight's health as a file to read, print and keep."""

from __future__ import annotations

from pathlib import Path

import click

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, reviewer_option
from overread_console.cli.periods import since_option
from overread_console.cli.talk import data
from overread_console.report.gathering import gather
from overread_console.report.page import render
from overread_queue.clock import SystemClock
from overread_queue.health.metric import Period
from overread_queue.keeping.copies import fresh
from overread_queue.office import LeadOffice


@click.command()
@since_option("30d")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("report.html"),
    show_default=True,
    metavar="FILE",
    help="Where to put it.",
)
@click.option("--replace", is_flag=True, help="Write over what is at FILE.")
@reviewer_option
@desk_option
def report(since: int, out: Path, replace: bool, reviewer: str | None, db: Path) -> Exit:
    """One HTML file on the health of oversight: what is wrong first, then every measure.

    It fetches nothing, runs nothing, prints on A4, and names nobody. It is written whole or not at
    all, readable by you alone.
    """
    with LeadOffice.open(db, reviewer=reviewer) as office:
        page = render(gather(office, db.name, Period(since, SystemClock().now())))
    with fresh(out, replace=replace) as file:
        file.write(page.encode())
    data(f"written: {out}")
    return Exit.DONE
