"""Who may ask: the agents of a desk."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import JsonValue

from overread_console.cli import reading
from overread_console.cli.exits import Exit
from overread_console.cli.kinds import identifier
from overread_console.cli.onlooker import places_of
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.people import entry
from overread_console.cli.policy_files import in_force
from overread_console.cli.talk import data, data_json, say, table
from overread_queue.staffing import Staff
from overread_queue.trust.keys import fingerprint
from overread_queue.trust.people import Agent
from overread_queue.trust.roster import Roster


@click.group()
def agents() -> None:
    """Who may ask, and for what."""


@agents.command("add")
@click.argument("name", callback=identifier)
@click.option(
    "--action", "actions", multiple=True, metavar="TYPE", help="It may propose this; repeat."
)
@click.option("--label", metavar="TEXT", help="What reviewers see beside its name.")
@click.option("--operator", metavar="PERSON", help="For whom it works: never reviews it.")
@click.option("--key", metavar="FILE", help="Its .pub file: only what it signs is taken.")
@reviewer_option
@desk_option
def add_agent_(
    name: str,
    actions: tuple[str, ...],
    label: str | None,
    operator: str | None,
    key: str | None,
    reviewer: str | None,
    db: Path,
) -> Exit:
    """Register an agent. An action outside its list comes to a person as a hard stop."""
    program = entry(
        Agent,
        name=name,
        label=label or name,
        operator=operator,
        actions=actions,
        key=reading.public_key(key),
    )
    with Staff.open(db, reviewer=reviewer) as staff:
        listed = in_force(db).actions
        staff.add_agent(program)
    data(name)
    if not actions:
        say(f"{name} may propose nothing, so all that it asks is a hard stop; see --action")
    for one in (one for one in actions if one not in listed):
        say(f"{one} is not in the policy: the desk's owner decides, as on something critical")
    return Exit.DONE


@agents.command("remove")
@click.argument("name", callback=identifier)
@reviewer_option
@desk_option
def remove_agent(name: str, reviewer: str | None, db: Path) -> Exit:
    """Let an agent ask no more. No decision for it is believed after this."""
    with Staff.open(db, reviewer=reviewer) as staff:
        staff.remove_agent(name)
    data(f"{name} is no agent of this desk any more")
    return Exit.DONE


@agents.command("key")
@click.argument("name", callback=identifier)
@click.argument("file", required=False)
@click.option("--none", "without", is_flag=True, help="Take unsigned submissions again.")
@reviewer_option
@desk_option
def key_agent(name: str, file: str | None, without: bool, reviewer: str | None, db: Path) -> Exit:
    """Take only what is signed with the key of this .pub FILE in the name of an agent."""
    if without == (file is not None):
        raise click.UsageError("give the agent's .pub file, or --none")
    line = reading.public_key(file)
    with Staff.open(db, reviewer=reviewer) as staff:
        staff.key_agent(name, line)
    data(f"{name} signs with {fingerprint(line)}" if line else f"{name} signs nothing")
    if without:
        say(f"whoever can write the desk's inbox can ask as {name}")
    return Exit.DONE


@agents.command("list")
@desk_option
@json_option
def list_agents(db: Path, as_json: bool) -> Exit:
    """The agents of a desk."""
    found = Roster.load(places_of(db)).agents.values()
    if as_json:
        data_json([_shape(one) for one in found])
    else:
        lines = [(a.name, a.operator or "nobody", _signs(a), ", ".join(a.actions)) for a in found]
        table([("agent", "works for", "signs with", "may propose"), *lines])
    return Exit.DONE


def _signs(agent: Agent) -> str:
    return fingerprint(agent.key) if agent.key else "nothing"


def _shape(agent: Agent) -> JsonValue:
    return {
        "name": agent.name,
        "operator": agent.operator,
        "actions": list(agent.actions),
        "key": fingerprint(agent.key) if agent.key else None,
    }
