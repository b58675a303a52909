"""The notices feed in a shell: what agents did, and what reviewers hold against it."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import JsonValue, TypeAdapter

from overread_console.cli.exits import Exit
from overread_console.cli.kinds import identifier
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.pages import grid
from overread_console.cli.talk import data, data_json, say
from overread_console.cli.times import day_and_time
from overread_console.flow.odd import flagged
from overread_console.flow.words import plain_value
from overread_queue.desk import ReviewDesk
from overread_queue.models import Notice

_NOTICES = TypeAdapter(tuple[Notice, ...])
_HEAD = ("notice", "when", "agent", "action", "objections", "with")


@click.command()
@click.option(
    "--unmask", callback=identifier, metavar="NOTICE", help="Show its values; that is recorded."
)
@reviewer_option
@desk_option
@json_option
def notices(unmask: str | None, reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """What agents did by themselves and told of lately, in your pools, newest first.

    Values of a class that the policy calls confidential or restricted are masked.
    """
    with ReviewDesk.open(db, reviewer=reviewer) as desk:
        if unmask is not None:
            data_json(desk.unmask_notice(unmask))
            return Exit.DONE
        found = desk.notices()
    if as_json:
        shape: JsonValue = _NOTICES.dump_python(found, mode="json")
        data_json(shape)
    elif found:
        grid(_HEAD, [_line(one) for one in found])
    else:
        say("no agent told of anything lately")
    return Exit.DONE


@click.command("object")
@click.argument("notice", callback=identifier)
@click.option("--reason", required=True, metavar="TEXT", help="The agent gets to read it.")
@reviewer_option
@desk_option
def object_(notice: str, reason: str, reviewer: str | None, db: Path) -> Exit:
    """Hold something against what an agent did and told of; its agent gets the reason."""
    with ReviewDesk.open(db, reviewer=reviewer) as desk:
        desk.object(notice, reason=reason)
    data(f"{notice} has your objection")
    return Exit.DONE


def _line(one: Notice) -> tuple[str, ...]:
    """Parameters come last: they may be long."""
    said = "; ".join(f"{name}: {plain_value(value)}" for name, value in one.parameters.items())
    said = flagged(said, said)
    when = day_and_time(one.at)
    return one.proposal, when, one.agent, one.action_type, str(one.objections), said
