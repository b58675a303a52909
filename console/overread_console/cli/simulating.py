"""What friction and staffing would cost and bring, if reviewers were as a model has them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import click
from pydantic import JsonValue, TypeAdapter

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option
from overread_console.cli.policy_files import in_force
from overread_console.cli.simulation_page import page
from overread_console.cli.talk import data_json, progress, say
from overread_console.simulation.rules import Rules, Scope, of_policy
from overread_console.simulation.study import Study, study
from overread_console.simulation.world import PARAMETERS, World
from overread_queue.clock import SystemClock
from overread_queue.places import Places
from overread_queue.policy.settings import Friction, Limits
from overread_queue.trust.roster import Roster

BANNER = "A MODEL, NOT EVIDENCE: nobody was observed; it works out what the assumptions imply."
_STUDY = TypeAdapter(Study)
_USUAL_WORK = 4_000
"""Items in a run; enough for the intervals to say something, and done in seconds."""


@click.command()
@click.option(
    "--reviewers", type=click.IntRange(1, 200), help="On shift; default: those of the desk."
)
@click.option("--items", type=click.IntRange(1, 5_000), help="A day.  [default: 200]")
@click.option("--hours", type=click.FloatRange(1, 24), help="In which they arrive.  [default: 8]")
@click.option(
    "--challenge",
    type=click.Choice(["none", "high", "all"]),
    help="On which items; default: as the policy says.",
)
@click.option("--days", type=click.IntRange(10, 1_000), help="To run; default: what takes seconds.")
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same figures.")
@desk_option
@json_option
def simulate(
    reviewers: int | None,
    items: int | None,
    hours: float | None,
    challenge: Scope | None,
    days: int | None,
    seed: int,
    db: Path,
    as_json: bool,
) -> Exit:
    """Price friction and staffing with simulated reviewers. A model, not evidence.

    Takes the friction and the caps of the desk's policy, or the shipped ones where there is no
    desk. Always runs four worlds beside the normal one in which friction may fail.
    """
    given = {"reviewers": reviewers, "items": items, "hours": hours}
    world, sources = _world(db, {name: value for name, value in given.items() if value is not None})
    rules = _rules(db, challenge)
    runs = days or max(10, min(60, _USUAL_WORK // world.items))
    found = study(world, rules, days=runs, seed=seed, told=_progress)
    if as_json:
        data_json(_json(found, world, rules, sources))
    else:
        page(BANNER, found, world, rules, sources)
    return Exit.DONE


def _world(db: Path, given: Mapping[str, float]) -> tuple[World, dict[str, str]]:
    """The world to run, and where each of its numbers is from."""
    sources = {one.name: one.source for one in PARAMETERS}
    known = {"reviewers": _on_the_roster(db)} if db.exists() else {}
    sources |= dict.fromkeys(known, "the desk's roster") | dict.fromkeys(given, "as asked for")
    return replace(World(), **{**known, **given}), sources  # type: ignore[arg-type]


def _on_the_roster(db: Path) -> int:
    now = SystemClock().now()
    people = Roster.load(Places.of(db)).reviewers.values()
    return max(1, sum(one.in_force(now) for one in people))


def _rules(db: Path, challenge: Scope | None) -> Rules:
    if db.exists():
        policy = in_force(db)
        rules = of_policy(policy.friction, policy.limits)
    else:
        say(f"there is no desk at {db}, so the friction is what a policy has that says nothing")
        rules = of_policy(Friction(), Limits())
    return replace(rules, challenge=challenge) if challenge else rules


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        progress(f"{done} of {total} runs", last=done >= total)


def _json(found: Study, world: World, rules: Rules, sources: Mapping[str, str]) -> JsonValue:
    shape: dict[str, JsonValue] = _STUDY.dump_python(found, mode="json")
    assumed: dict[str, JsonValue] = {
        one.name: {
            "value": getattr(world, one.name),
            "means": one.means,
            "source": sources[one.name],
            "low": one.low,
            "high": one.high,
        }
        for one in PARAMETERS
    }
    return {"banner": BANNER, "parameters": assumed, "rules": asdict(rules), **shape}
