"""Who may ask and who decides: the two rosters of a desk."""

from __future__ import annotations

from pathlib import Path

import click

from overread_console.cli import reading
from overread_console.cli.exits import Exit
from overread_console.cli.onlooker import places_of
from overread_console.cli.options import desk_option, json_option
from overread_console.cli.people import entry
from overread_console.cli.talk import data, data_json, say, table


@click.group()
def agents() -> None:
    """Who may ask, and for what."""


@agents.command("add")
@click.argument("name")
@click.option(
    "--action", "actions", multiple=True, metavar="TYPE", help="It may propose this; repeat."
)
@click.option("--label", metavar="TEXT", help="What reviewers see beside its name.")
@click.option("--operator", metavar="PERSON", help="For whom it works: never reviews it.")
@desk_option
def add_agent_(
    name: str, actions: tuple[str, ...], label: str | None, operator: str | None, db: Path
) -> Exit:
    """Register an agent. An action outside its list comes to a person as a hard stop."""
    from overread_queue.setup import add_agent
    from overread_queue.trust.people import Agent

    program = entry(Agent, name=name, label=label or name, operator=operator, actions=actions)
    add_agent(places_of(db), program)
    data(name)
    return Exit.DONE


@agents.command("list")
@desk_option
@json_option
def list_agents(db: Path, as_json: bool) -> Exit:
    """The agents of a desk."""
    from overread_queue.trust.roster import Roster

    found = Roster.load(places_of(db)).agents.values()
    if as_json:
        data_json(
            [{"name": a.name, "operator": a.operator, "actions": list(a.actions)} for a in found]
        )
    else:
        lines = [(a.name, a.operator or "nobody", ", ".join(a.actions)) for a in found]
        table([("agent", "works for", "may propose"), *lines])
    return Exit.DONE


@click.group()
def reviewers() -> None:
    """Who decides, and in which roles."""


@reviewers.command("add")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, metavar="R", help="Repeat for more.")
@click.option("--label", metavar="TEXT", help="The name that colleagues see.")
@click.option("--user", metavar="USER", help="Operating-system user; default: NAME.")
@click.option("--public-key", metavar="FILE", help="An Ed25519 .pub file; default: make a key.")
@desk_option
def add_reviewer_(
    name: str,
    roles: tuple[str, ...],
    label: str | None,
    user: str | None,
    public_key: str | None,
    db: Path,
) -> Exit:
    """Add a reviewer. Without a public key, one is made and kept beside the desk."""
    from overread_queue.setup import add_reviewer
    from overread_queue.trust.people import Reviewer

    line = reading.settings_file(public_key)
    keys = () if line is None else (line.decode("utf-8", "replace"),)
    person = entry(
        Reviewer, name=name, label=label or name, roles=roles, user=user or name, keys=keys
    )
    places = places_of(db)
    add_reviewer(places, person)
    data(name)
    if not keys:
        say(f"the private key is {places.key(name)}; whoever reads it can decide as {name}")
    return Exit.DONE


@reviewers.command("list")
@desk_option
@json_option
def list_reviewers(db: Path, as_json: bool) -> Exit:
    """The reviewers of a desk."""
    from overread_queue.trust.roster import Roster

    found = Roster.load(places_of(db)).reviewers.values()
    if as_json:
        data_json([{"name": r.name, "label": r.label, "roles": list(r.roles)} for r in found])
    else:
        lines = [(r.name, r.label, ", ".join(r.roles)) for r in found]
        table([("reviewer", "name", "roles"), *lines])
    return Exit.DONE
