"""What friction and staffing would cost and bring, if reviewers were as a model has them."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path

import click
from pydantic import JsonValue, TypeAdapter

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.simulation_page import page
from overread_console.cli.talk import data_json, progress
from overread_console.simulation.rules import Scope
from overread_console.simulation.start import Start, of_desk, shipped
from overread_console.simulation.study import Study, study
from overread_console.simulation.world import PARAMETERS

BANNER = "A MODEL, NOT EVIDENCE: nobody was observed; it works out what the assumptions imply."
_STUDY = TypeAdapter(Study)
_USUAL_WORK = 2_000
"""Items in a run; enough for the intervals to say something, and done in seconds."""


@click.command()
@click.option(
    "--reviewers", type=click.IntRange(1, 200), help="On shift; default: those of the desk."
)
@click.option("--items", type=click.IntRange(1, 5_000), help="A day; default: those of the desk.")
@click.option("--hours", type=click.FloatRange(1, 24), help="In which they arrive.  [default: 8]")
@click.option(
    "--challenge",
    type=click.Choice(["none", "high", "all"]),
    help="On which items; default: as the policy says.",
)
@click.option("--days", type=click.IntRange(10, 1_000), help="To run; default: what takes seconds.")
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same figures.")
@reviewer_option
@desk_option
@json_option
def simulate(
    reviewers: int | None,
    items: int | None,
    hours: float | None,
    challenge: Scope | None,
    days: int | None,
    seed: int,
    reviewer: str | None,
    db: Path,
    as_json: bool,
) -> Exit:
    """Price friction and staffing with simulated reviewers. A model, not evidence.

    Takes the friction, the caps, the people and the volume of the desk, or shipped ones where
    there is no desk. Always runs four worlds beside the normal one in which friction may fail.
    """
    start = of_desk(db, reviewer=reviewer) if db.exists() else shipped(db)
    asked = {"reviewers": reviewers, "items": items, "hours": hours}
    start = start.given({name: value for name, value in asked.items() if value is not None})
    if challenge:
        start = replace(start, rules=replace(start.rules, challenge=challenge))
    runs = days or max(10, min(60, _USUAL_WORK // start.world.items))
    found = study(start.world, start.rules, days=runs, seed=seed, told=_progress)
    if as_json:
        data_json(_json(found, start))
    else:
        page(BANNER, found, start)
    return Exit.DONE


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        progress(f"{done} of {total} runs", last=done >= total)


def _json(found: Study, start: Start) -> JsonValue:
    shape: dict[str, JsonValue] = _STUDY.dump_python(found, mode="json")
    assumed: dict[str, JsonValue] = {
        one.name: {
            "value": getattr(start.world, one.name),
            "means": one.means,
            "source": start.sources[one.name],
            "low": one.low,
            "high": one.high,
        }
        for one in PARAMETERS
    }
    told: dict[str, JsonValue] = {"banner": BANNER, "remark": start.remark}
    return {**told, "parameters": assumed, "rules": asdict(start.rules), **shape}
