"""Where escalations stand, as the store has it. Only `wait` verifies a decision."""

from __future__ import annotations

from pathlib import Path

import click

from overread_console.cli.exits import Exit
from overread_console.cli.kinds import identifier
from overread_console.cli.onlooker import Standing, halts, rows, signed_statement, standing
from overread_console.cli.options import desk_option, json_option
from overread_console.cli.shapes import rows_json, standing_json
from overread_console.cli.talk import data_json, exactly, say, table
from overread_console.cli.times import day_and_time
from overread_console.flow.odd import flagged
from overread_queue.models import Row
from overread_queue.states import EscalationState
from overread_queue.stopping.halting import said
from overread_queue.trust.sshsig import armor

_STATES = [state.value.lower() for state in EscalationState]


@click.command()
@click.argument("id", callback=identifier)
@click.option("--envelope", "part", flag_value="envelope", help="Print what was signed, exactly.")
@click.option("--signature", "part", flag_value="signature", help="Print its SSH signature.")
@desk_option
@json_option
def show(id: str, part: str | None, db: Path, as_json: bool) -> Exit:
    """Where one escalation and its run stand. Act on `overread wait`, not on this.

    --envelope and --signature print the two files that `ssh-keygen -Y verify` needs.
    """
    if part is not None:
        signed = signed_statement(db, id)
        # Bytes as they were signed: a line end that is added or changed would break the signature.
        exactly(armor(signed.signature) if part == "signature" else signed.payload.decode())
        return Exit.DONE
    found = standing(db, id)
    if as_json:
        data_json(standing_json(found))
    else:
        table(_facts(found))
    return Exit.DONE


@click.command("list")
@click.option("--state", type=click.Choice(_STATES, case_sensitive=False), help="Only these.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help="At most.",
)
@desk_option
@json_option
def list_(state: str | None, limit: int, db: Path, as_json: bool) -> Exit:
    """The escalations of a desk, newest first."""
    found = rows(db, EscalationState(state.upper()) if state else None, most=limit)
    if as_json:
        data_json(rows_json(found))
    elif found:
        table([("id", "state", "tier", "due", "agent", "question"), *map(_line, found)])
    else:
        say("nothing here; `overread submit` hands in a brief")
    for halt in halts(db):
        say(said(halt))
    return Exit.DONE


def _line(row: Row) -> tuple[str, ...]:
    due = day_and_time(row.deadline_at)
    return (
        row.id,
        row.state.lower(),
        row.tier.value,
        due,
        row.agent,
        flagged(row.question, row.question),
    )


def _facts(found: Standing) -> list[tuple[str, str]]:
    row = found.escalation
    return [
        ("id", row.id),
        ("question", flagged(row.question, row.question)),
        ("agent", row.agent),
        ("action", row.action_type),
        ("tier", row.tier.value),
        ("pool", row.pool),
        ("state", row.state.lower()),
        ("verdict", found.verdict or "none yet"),
        *[(f"said by {one.reviewer}", one.verdict) for one in found.opinions],
        ("run", found.run),
        ("run state", (found.run_state or "unknown").lower()),
        ("due", day_and_time(row.deadline_at)),
        ("with", row.claimed_by or "nobody"),
        *([("stopped", said(found.halted))] if found.halted else []),
    ]
