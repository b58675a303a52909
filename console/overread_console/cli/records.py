"""What is kept and what is erased: legal holds, and payloads past their retention."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from overread_console.cli.exits import Exit
from overread_console.cli.kinds import identifier
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.pages import grid
from overread_console.cli.talk import data, data_json, say
from overread_console.cli.times import day_and_time
from overread_queue import LeadOffice
from overread_queue.keeping.purge import Plan
from overread_queue.keeping.records import Held
from overread_queue.store.keeping import HoldRow

_KINDS = click.Choice(["escalation", "agent", "run"])
_LOG = (
    "somebody reads the database, so its log still holds what was erased; close the consoles and "
    "run this again"
)


@click.command()
@click.option("--yes", is_flag=True, help="Erase; without it, only say what would be erased.")
@click.option("--payload", "id", callback=identifier, metavar="ID", help="Only this one, at once.")
@click.option("--reason", metavar="TEXT", help="Why; needed with --payload.")
@reviewer_option
@desk_option
@json_option
def purge(
    yes: bool, id: str | None, reason: str | None, reviewer: str | None, db: Path, as_json: bool
) -> Exit:
    """Erase what people and agents wrote, once it is past the policy's retention. For leads.

    Verdicts, digests, signatures and the audit chain stay, and still verify. What is under a legal
    hold, or what an agent may still act on, stays too. Backups are not touched.
    """
    if (id is None) != (reason is None):
        raise click.UsageError("--payload and --reason go together.")
    with LeadOffice.open(db, reviewer=reviewer) as office:
        if id is not None:
            return _erased(id, log_emptied=office.erase(id, reason=reason or ""))
        plan = office.purge() if yes else office.plan()
    if as_json:
        data_json({**asdict(plan), "erased": yes})
    else:
        _page(plan, erased=yes)
    if not plan.log_emptied:
        say(_LOG)
    return Exit.DONE if plan.log_emptied else Exit.FAILED


@click.group()
def hold() -> None:
    """Legal holds: what is kept whatever the retention says."""


@hold.command("add")
@click.argument("kind", type=_KINDS)
@click.argument("subject", callback=identifier)
@click.option("--reason", required=True, metavar="TEXT", help="For whoever wants to erase it.")
@reviewer_option
@desk_option
def add_(kind: Held, subject: str, reason: str, reviewer: str | None, db: Path) -> Exit:
    """Keep one escalation, or everything of an agent or a run. For leads."""
    with LeadOffice.open(db, reviewer=reviewer) as office:
        office.hold(kind, subject, reason=reason)
    data(f"{kind} {subject} is kept")
    return Exit.DONE


@hold.command("remove")
@click.argument("kind", type=_KINDS)
@click.argument("subject", callback=identifier)
@reviewer_option
@desk_option
def remove_(kind: Held, subject: str, reviewer: str | None, db: Path) -> Exit:
    """End a hold; the retention counts again. For leads."""
    with LeadOffice.open(db, reviewer=reviewer) as office:
        office.unhold(kind, subject)
    data(f"{kind} {subject} is kept no longer than the policy says")
    return Exit.DONE


@hold.command("list")
@reviewer_option
@desk_option
@json_option
def list_(reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """The holds, the open ones and the lifted ones."""
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.holds()
    if as_json:
        data_json([asdict(one) for one in found])
    elif found:
        grid(("kept", "since", "by", "until", "because of"), [_line(one) for one in found])
    else:
        say("nothing is on hold")
    return Exit.DONE


def _erased(id: str, *, log_emptied: bool) -> Exit:
    data(f"the payload of {id} is erased")
    if not log_emptied:
        say(_LOG)
    return Exit.DONE if log_emptied else Exit.FAILED


def _page(plan: Plan, *, erased: bool) -> None:
    verb = "erased" if erased else "to erase"
    data(f"{verb}: {plan.escalations:,} escalations closed before {day_and_time(plan.before)}")
    data(f"{verb}: {plan.proposals:,} proposals that led to no question")
    data(f"{verb}: {plan.messages:,} refused messages")
    data(f"kept: {plan.held:,} on hold, {plan.in_use:,} that agents may still act on")
    if not erased and plan.items:
        say("nothing was erased yet; run it again with --yes")


def _line(one: HoldRow) -> tuple[str, ...]:
    until = "open" if one.lifted_at is None else day_and_time(one.lifted_at)
    return f"{one.kind} {one.subject}", day_and_time(one.at), one.by, until, one.reason
