"""Alarms in a shell: what changed, what is behind it, and how seldom that would be chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import click
from pydantic import JsonValue, TypeAdapter

from overread_console.cli.exits import Exit
from overread_console.cli.kinds import identifier
from overread_console.cli.lazy import Entry, LazyGroup
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.pages import columns, grid, heading, paragraph
from overread_console.cli.talk import data, data_json, say
from overread_console.cli.times import day_and_time
from overread_queue.health.alarm import Alarm, AlarmKind
from overread_queue.health.alarm_side import LEARNED
from overread_queue.health.design import Design
from overread_queue.numbers import percent
from overread_queue.office import LeadOffice

_ALARMS = TypeAdapter(tuple[Alarm, ...])
_DESIGNS = TypeAdapter(tuple[Design, ...])


class AlarmVerbs(LazyGroup):
    """By what one does about them."""

    sections: ClassVar[Mapping[str, Mapping[str, Entry]]] = {
        "Looking": {
            "list": Entry("alarms:list_", "What stands now; with --all what is over, too."),
            "show": Entry("alarms:show", "One of them: its cause, and where to look."),
            "design": Entry("alarms:design", "How seldom they err, and how soon they come."),
        },
        "Doing": {
            "ack": Entry("alarms:ack", "Say that you look after it, and what you found."),
            "rebase": Entry("alarms:rebase", "Learn anew what is usual."),
        },
    }


@click.group(cls=AlarmVerbs, invoke_without_command=True)
@reviewer_option
@json_option
@click.pass_context
def alarms(context: click.Context, reviewer: str | None, as_json: bool) -> Exit:
    """What changed on this desk that should not have; without a verb, what stands now."""
    if context.invoked_subcommand is not None:
        return Exit.DONE
    db = context.find_root().params["db"]
    told: Exit = context.invoke(list_, over=False, reviewer=reviewer, db=db, as_json=as_json)
    return told


@click.command("list")
@click.option("--all", "over", is_flag=True, help="Also those that are over.")
@reviewer_option
@desk_option
@json_option
def list_(over: bool, reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """What stands now, the severe and unacknowledged first."""
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.alarms(all=over)
        alone = office.single_operator
    if as_json:
        shape: JsonValue = _ALARMS.dump_python(found, mode="json")
        data_json({"single_operator": alone, "alarms": shape})
        return Exit.DONE
    for one in found:
        paragraph(f"{'✗' if one.severe else '⚠'} {one.says}")
        paragraph(f"{_state(one)}, since {day_and_time(one.since)} · {one.id}", indent=2)
    if not found:
        say("no alarm stands; `overread alarms design` says how soon one would")
    if alone:
        say("this desk has a single operator: people may decide for their own agents")
    return Exit.DONE


@click.command()
@click.argument("id", callback=identifier)
@reviewer_option
@desk_option
@json_option
def show(id: str, reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """One alarm: what was seen, what usually is behind it, and where to look."""
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.alarm(id)
    if as_json:
        shape: JsonValue = TypeAdapter(Alarm).dump_python(found, mode="json")
        data_json(shape)
    else:
        columns(_facts(found))
    return Exit.DONE


@click.command()
@click.argument("id", callback=identifier)
@click.option("--note", required=True, metavar="TEXT", help="What you found.")
@reviewer_option
@desk_option
def ack(id: str, note: str, reviewer: str | None, db: Path) -> Exit:
    """Say that somebody looks after it. It stands until it is over. For leads."""
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.acknowledge(id, note)
    data(f"{found.id} is acknowledged by {found.acknowledged_by}")
    return Exit.DONE


@click.command()
@click.argument("kind", type=click.Choice(LEARNED))
@click.argument("subject", callback=identifier)
@reviewer_option
@desk_option
def rebase(kind: AlarmKind, subject: str, reviewer: str | None, db: Path) -> Exit:
    """Forget what was usual, and learn it from the next cases. For leads.

    Do this once a change turned out to be a good one: until then, what is usual now stays an alarm.
    """
    with LeadOffice.open(db, reviewer=reviewer) as office:
        office.rebase(kind, subject)
    data(f"{kind} of {subject} begins a new baseline")
    say("until it is complete, nothing of this kind alarms")
    return Exit.DONE


@click.command()
@reviewer_option
@desk_option
@json_option
def design(reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """How many cases lie between two false alarms, and how many a true one takes.

    Exact, for the cautious end of what was learned. Alarms on depth and on deadlines are limits of
    the policy, and a new version is no guess: these have no such numbers.
    """
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found, examples = office.alarm_designs(), office.alarm_examples()
    if as_json:
        shape: JsonValue = _DESIGNS.dump_python(found, mode="json")
        data_json(shape)
        return Exit.DONE
    if found:
        _designs(found)
    if not any(one.false_alarm_every for one in found if one.baseline):
        heading("WHAT OVERRIDE ALARMS WILL PROMISE, BY THE RATE THAT THEY LEARN")
        _designs(examples)
    return Exit.DONE


def _state(alarm: Alarm) -> str:
    grade = "severe" if alarm.severe else "warning"
    if alarm.over_at is not None:
        return f"{grade}, over"
    return f"{grade}, acknowledged" if alarm.acknowledged_at is not None else f"{grade}, new"


def _facts(alarm: Alarm) -> list[tuple[str, str]]:
    return [
        ("id", alarm.id),
        ("kind", alarm.kind.replace("_", " ")),
        ("about", alarm.subject),
        ("severity", "severe" if alarm.severe else "warning"),
        ("seen", alarm.says),
        ("usually", alarm.cause),
        ("look at", alarm.look),
        ("since", day_and_time(alarm.since)),
        ("raised", day_and_time(alarm.raised_at)),
        ("acknowledged", _acknowledged(alarm)),
        ("over", day_and_time(alarm.over_at) if alarm.over_at is not None else "not yet"),
    ]


def _acknowledged(alarm: Alarm) -> str:
    if alarm.acknowledged_at is None:
        return f'by nobody; `overread alarms ack {alarm.id} --note "…"`'
    return f"{day_and_time(alarm.acknowledged_at)} by {alarm.acknowledged_by}: {alarm.note}"


def _designs(found: Sequence[Design]) -> None:
    head = ("kind", "about", "alarms when it", "usual", "false every", "found after", "95 % within")
    grid(head, [_design(one) for one in found])


def _design(one: Design) -> tuple[str, ...]:
    name = one.kind.replace("_", " ")
    if one.false_alarm_every is None or one.found_after is None:
        return name, one.subject, one.finds, _usual(one), "", "", one.note
    return (
        name,
        one.subject,
        one.finds,
        _usual(one),
        f"{one.false_alarm_every:,.0f}",
        f"{one.found_after:,.0f}",
        f"{one.found_within:,}",
    )


def _usual(one: Design) -> str:
    if one.baseline is None:
        return f"{percent(one.expected)} (policy)" if one.expected else ""
    return f"{one.baseline.count:,} of {one.baseline.n:,}"
