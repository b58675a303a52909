"""Break glass: what could not wait for the people whom the policy names."""

from __future__ import annotations

from pathlib import Path

import click

from overread_console.cli.exits import Exit
from overread_console.cli.kinds import identifier
from overread_console.cli.options import desk_option, reviewer_option
from overread_console.cli.talk import data, say
from overread_queue.office import LeadOffice


@click.command()
@click.argument("id", callback=identifier)
@click.option("--reason", default="", metavar="TEXT", help="Everybody gets to read it.")
@click.option("--looked", is_flag=True, help="You, another lead, have looked at what was decided.")
@reviewer_option
@desk_option
def glass(id: str, reason: str, looked: bool, reviewer: str | None, db: Path) -> Exit:
    """Take an escalation upon yourself that others, or two people, would decide. For leads.

    Only where the policy says `break_glass = true`. It waits at your own desk then. Every desk
    shows it until another lead has looked, and the decision says that one person made it.
    """
    if looked == bool(reason):
        raise click.UsageError("give a --reason, or --looked for another lead's")
    with LeadOffice.open(db, reviewer=reviewer) as office:
        if looked:
            office.look_at(id)
            data(f"{id} was looked at")
        else:
            office.break_glass(id, reason=reason)
            data(f"{id} is yours alone to decide")
            say("every desk shows this until another lead has looked; next: `overread review`")
    return Exit.DONE
