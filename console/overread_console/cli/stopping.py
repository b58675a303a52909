"""The brake in a shell: anybody who reviews stops an agent or the desk, a lead lets it go on."""

from __future__ import annotations

from pathlib import Path

import click

from overread_console.cli.exits import Exit
from overread_console.cli.kinds import identifier
from overread_console.cli.options import Wrapped, desk_option, reviewer_option
from overread_console.cli.talk import data, say
from overread_queue.models import Lifted
from overread_queue.office import LeadOffice
from overread_queue.stopping.halting import WHOLE_DESK, said


def _which(command: Wrapped) -> Wrapped:
    """`AGENT` or `--desk`, one of the two."""
    whole = click.option("--desk", "desk", is_flag=True, help="The whole desk, every agent.")
    return click.argument("agent", required=False, callback=identifier)(whole(command))


@click.command()
@_which
@click.option("--reason", default="", metavar="TEXT", help="Agents get to read it.")
@reviewer_option
@desk_option
def halt(agent: str | None, desk: bool, reason: str, reviewer: str | None, db: Path) -> Exit:
    """Stop an agent, or with --desk every one, until a lead runs `overread lift`.

    From this moment on no approval reaches it, and all that it asks of the desk ends with 7.
    Nothing that was asked or decided is lost. Any reviewer may.
    """
    _one_of(agent, desk)
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.halt(agent, reason=reason)
    data(said(found))
    return Exit.DONE


@click.command()
@_which
@reviewer_option
@desk_option
def lift(agent: str | None, desk: bool, reviewer: str | None, db: Path) -> Exit:
    """Let an agent, or with --desk the desk, go on. For leads.

    Lifts what `overread halt` stopped and the circuit breaker that raises an agent's tiers.
    """
    _one_of(agent, desk)
    with LeadOffice.open(db, reviewer=reviewer) as office:
        lifted = office.lift(agent)
    for line in _lines(lifted):
        data(line)
    if lifted.still is not None:
        say(f"{said(lifted.still)}; `overread lift --desk` lets it go on")
    return Exit.DONE


def _one_of(agent: str | None, desk: bool) -> None:
    if (agent is None) != desk:
        raise click.UsageError("name one agent, or give --desk for all of them.")


def _lines(lifted: Lifted) -> list[str]:
    name = lifted.agent or WHOLE_DESK
    lines = []
    if lifted.halt is not None:
        lines.append(f"{name} goes on; {lifted.halt.by} had stopped it")
    if lifted.breaker:
        lines.append(f"{name} is trusted again: its circuit breaker is closed")
    return lines
