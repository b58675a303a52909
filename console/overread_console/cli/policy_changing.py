"""Change control: who stands for a policy, and what puts it into force."""

from __future__ import annotations

from pathlib import Path

import click

from overread_console.cli.exits import Exit
from overread_console.cli.kinds import identifier
from overread_console.cli.options import desk_option, reviewer_option
from overread_console.cli.policy_files import candidate
from overread_console.cli.talk import data, say
from overread_console.flow.words import count
from overread_queue.leading.policies import Readiness
from overread_queue.office import LeadOffice


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--role", required=True, callback=identifier, metavar="R", help="Stand for it as.")
@reviewer_option
@desk_option
def sign(file: str, role: str, reviewer: str | None, db: Path) -> Exit:
    """Stand for exactly these bytes, in a role that you hold.

    A file that changes afterwards, if only by a comment, needs a new signature; so does the same
    file once another policy has come into force, because it changes something else then.
    """
    policy = candidate(file)
    with LeadOffice.open(db, reviewer=reviewer) as office:
        _say_what_changes(office.readiness(policy, source=file))
        statement = office.sign(policy, role=role, source=file).statement
        ready = office.readiness(policy, source=file)
    data(f"{statement.policy_sha256} signed by {statement.reviewer} as {statement.role}")
    _say_what_is_missing(ready, file)
    return Exit.DONE


@click.command()
@click.argument("file", metavar="FILE")
@reviewer_option
@desk_option
def activate(file: str, reviewer: str | None, db: Path) -> Exit:
    """Put a policy into force, once everybody has signed whom the present one asks for."""
    policy = candidate(file)
    with LeadOffice.open(db, reviewer=reviewer) as office:
        ready = office.activate(policy, source=file)
    data(f"{ready.policy.sha256} is in force")
    _say_what_changes(ready)
    return Exit.DONE


def _say_what_changes(ready: Readiness) -> None:
    found = ready.difference
    eased = sum(one.direction == "loosened" for one in found.changes)
    strict = sum(one.direction == "tightened" for one in found.changes)
    loosened = count(len(found.loosened) + eased, "change")
    tightened = count(len(found.tightened) + strict, "change")
    say(f"against the policy before it: {loosened} to looser, {tightened} to stricter")


def _say_what_is_missing(ready: Readiness, file: str) -> None:
    if ready.missing:
        say(f"still to be signed as {', '.join(ready.missing)}")
    else:
        say(f"nothing is missing; `overread policy activate {file}` puts it into force")
