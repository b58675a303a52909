"""The library of blind tests: made of closed questions, read by a lead before others meet them."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import JsonValue

from overread_briefs import Brief
from overread_briefs.visible import visible
from overread_console.cli.exits import Exit
from overread_console.cli.kinds import identifier
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.pages import columns, grid, heading, paragraph
from overread_console.cli.talk import data_json, say, shown
from overread_console.cli.times import day_and_time
from overread_queue.office import LeadOffice
from overread_queue.probing.making import Probe
from overread_queue.probing.mutations import MUTATIONS, Mutation
from overread_queue.store.probes import ProbeRow


@click.command()
@click.argument("escalation", callback=identifier)
@click.argument("mutation", type=click.Choice(MUTATIONS))
@reviewer_option
@desk_option
@json_option
def make(
    escalation: str, mutation: Mutation, reviewer: str | None, db: Path, as_json: bool
) -> Exit:
    """Make a test of a closed hard approval whose truth is known (`overread adjudicate`).

    Of one that was right, `none` makes a control, and everything else puts one mistake into it.
    Nobody meets it before `overread probes check ID --realistic`.
    """
    with LeadOffice.open(db, reviewer=reviewer) as office:
        made = office.make_probe(escalation, mutation)
    if as_json:
        data_json(_probe_json(made))
    else:
        _page(made)
        say(f"read it, then: overread probes check {made.row.id} --realistic|--unrealistic")
    return Exit.DONE


@click.command("list")
@reviewer_option
@desk_option
@json_option
def list_(reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """Every test that was made. For leads: who knows a test cannot be tested by it."""
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.probes()
    if as_json:
        data_json([_row_json(one) for one in found])
    elif found:
        head = ("test", "made", "action", "mutation", "state")
        grid(head, [_line(one) for one in found])
    else:
        say("no tests yet; `overread probes make ESCALATION MUTATION` makes one")
    return Exit.DONE


@click.command()
@click.argument("id", callback=identifier)
@reviewer_option
@desk_option
@json_option
def show(id: str, reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """One test as people would meet it, and what is wrong with it.

    Whoever has read it never meets it among their own work.
    """
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.probe(id)
    if as_json:
        data_json(_probe_json(found))
    else:
        _page(found)
    return Exit.DONE


@click.command()
@click.argument("id", callback=identifier)
@click.option(
    "--realistic/--unrealistic",
    default=None,
    help="Could it be real work, and would a careful person see what is wrong?",
)
@reviewer_option
@desk_option
def check(id: str, realistic: bool | None, reviewer: str | None, db: Path) -> Exit:
    """Say whether people could tell a test from real work. Only realistic ones are met."""
    if realistic is None:
        raise click.UsageError("say --realistic or --unrealistic: nobody else has read it.")
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.check_probe(id, realistic=realistic)
    say(f"{found.id} is {_state(found)}")
    return Exit.DONE


@click.command()
@click.argument("id", callback=identifier)
@reviewer_option
@desk_option
def retire(id: str, reviewer: str | None, db: Path) -> Exit:
    """Put a test among real work no more, such as one that people have begun to talk about."""
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.retire_probe(id)
    say(f"{found.id} is {_state(found)}")
    return Exit.DONE


def _line(row: ProbeRow) -> tuple[str, ...]:
    return row.id, day_and_time(row.made_at), row.action_type, _kind(row), _state(row)


def _kind(row: ProbeRow) -> str:
    if row.mutation != "none":
        return row.mutation
    return "control" if row.sort == "good" else "wrong as it was"


def _state(row: ProbeRow) -> str:
    if row.body is None:
        return "erased"
    if row.retired_at is not None:
        return "retired"
    if row.realistic is None:
        return "not checked yet"
    return "ready" if row.realistic else "unrealistic"


def _row_json(row: ProbeRow) -> JsonValue:
    """Whether it is among real work now is nobody's business."""
    return {
        "id": row.id,
        "sort": row.sort,
        "mutation": row.mutation,
        "explanation": row.explanation,
        "source": row.source,
        "action_type": row.action_type,
        "made_at": row.made_at,
        "made_by": row.made_by,
        "state": _state(row),
        "checked_by": row.checked_by,
    }


def _probe_json(found: Probe) -> JsonValue:
    brief: JsonValue = None
    if found.brief is not None:
        brief = found.brief.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {"probe": _row_json(found.row), "findings": [*found.findings], "brief": brief}


def _page(found: Probe) -> None:
    row = found.row
    paragraph(f"{row.id}: {_kind(row)}, {_state(row)}, of {row.source}")
    paragraph(row.explanation or "Nothing is wrong with it: approving it is right.")
    for one in found.findings:
        paragraph(f"⚠ {one}")
    if found.brief is not None:
        _read(found.brief)


def _read(brief: Brief) -> None:
    """All that people can read of it."""
    heading(brief.question)
    action = brief.action
    columns([(name, str(value)) for name, value in action.parameters.items()], indent=2)
    if brief.recommendation is not None:
        advice = brief.recommendation
        paragraph(f"advice: {advice.option}, {advice.reason}; doubt: {advice.doubt or 'none'}")
    for step in brief.accomplished:
        paragraph(f"{step.outcome}: {step.text}", indent=2)
    for option in brief.options:
        paragraph(f"{option.label}: {option.consequence}", indent=2)
    for one in brief.evidence:
        heading(f"{one.title} ({one.source}, {one.stance}, {one.sensitivity})")
        for line in (one.content or "").split("\n"):
            shown(f"  {visible(line)}")
