"""What a lead looks at when something went wrong: missed deadlines, agents that keep failing."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import JsonValue, TypeAdapter

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.pages import grid, heading
from overread_console.cli.periods import since_option
from overread_console.cli.talk import data_json, say
from overread_console.cli.times import day_and_time
from overread_console.flow.words import duration
from overread_queue.office import LeadOffice
from overread_queue.stopping.breaker import Breaker
from overread_queue.store.records import BreachRow, VerdictRow
from overread_queue.store.rows import Unclaimed

_UNDELIVERED = TypeAdapter(tuple[Unclaimed, ...])
_BREACHES = TypeAdapter(tuple[BreachRow, ...])
_VERDICTS = TypeAdapter(tuple[VerdictRow, ...])
_BREAKERS = TypeAdapter(tuple[Breaker, ...])


@click.command()
@since_option("90d")
@reviewer_option
@desk_option
@json_option
def breaches(since: int, reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """Deadlines missed, by workflow and action type, most first.

    What nobody answered in time stands beside what people answered, never among their rejections.
    """
    with LeadOffice.open(db, reviewer=reviewer) as office:
        missed, answered = office.breaches(since=since), office.verdicts(since=since)
    if as_json:
        data_json(_breaches_json(missed, answered))
        return Exit.DONE
    if missed:
        grid(("agent", "action", "pool", "missed", "last"), [_breach(one) for one in missed])
    else:
        say(f"no deadline was missed since {day_and_time(since)}")
    if answered:
        heading("ANSWERS, BY ACTION")
        grid(("action", "verdict", "items"), [_answer(one) for one in answered])
    return Exit.DONE


@click.command()
@click.option(
    "--older-than", default=300.0, show_default=True, help="Seconds since it was answered."
)
@reviewer_option
@desk_option
@json_option
def undelivered(older_than: float, reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """Answers that have not reached their agents, and why, where anybody said why.

    `overread deliver` brings them to the agents' runtimes; an agent that waits by itself takes its
    own.
    """
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.undelivered(older_than_seconds=older_than)
    if as_json:
        shape: JsonValue = _UNDELIVERED.dump_python(found, mode="json")
        data_json(shape)
    elif found:
        head = ("id", "agent", "verdict", "answered", "tries", "trouble")
        grid(head, [_unclaimed(one) for one in found])
    else:
        say(f"every answer older than {duration(older_than)} has reached its agent")
    return Exit.DONE


@click.command()
@reviewer_option
@desk_option
@json_option
def breakers(reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """Agents whose tier is raised because their actions kept failing or being rejected."""
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.breakers()
    if as_json:
        shape: JsonValue = _BREAKERS.dump_python(found, mode="json")
        data_json(shape)
    elif found:
        grid(("agent", "state", "since", "because of"), [_breaker(one) for one in found])
    else:
        say("no agent is watched closely")
    return Exit.DONE


def _breach(row: BreachRow) -> tuple[str, ...]:
    return row.agent, row.action_type, row.pool, f"{row.breaches:,}", day_and_time(row.last_at)


def _answer(row: VerdictRow) -> tuple[str, ...]:
    return row.action_type, row.verdict.replace("_", " "), f"{row.items:,}"


def _breaker(row: Breaker) -> tuple[str, ...]:
    if row.lifted_at is None:
        return row.agent, "open", day_and_time(row.opened_at), row.cause
    state = f"lifted by {row.lifted_by}"
    return row.agent, state, day_and_time(row.lifted_at), row.cause


def _breaches_json(missed: tuple[BreachRow, ...], answered: tuple[VerdictRow, ...]) -> JsonValue:
    return {
        "breaches": _BREACHES.dump_python(missed, mode="json"),
        "verdicts": _VERDICTS.dump_python(answered, mode="json"),
    }


def _unclaimed(one: Unclaimed) -> tuple[str, ...]:
    trouble = one.trouble or ("its agent acts on it" if one.taken else "nobody has come for it")
    answered = day_and_time(one.released_at)
    return (one.id, one.agent, one.verdict, answered, str(one.tries), trouble)
