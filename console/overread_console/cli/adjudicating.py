"""What was really right: leads say it of closed items, one at a time."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click
from pydantic import JsonValue, TypeAdapter

from overread_console.cli.exits import Exit
from overread_console.cli.kinds import identifier
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.pages import grid
from overread_console.cli.periods import since_option
from overread_console.cli.talk import data, data_json, say
from overread_console.cli.times import day_and_time
from overread_queue.office import LeadOffice
from overread_queue.store.truths import Source, Truth, TruthRow, Unjudged
from overread_queue.truth.choosing import said_of
from overread_queue.truth.words import Known

_KNOWN = TypeAdapter(Known)
_UNJUDGED = TypeAdapter(tuple[Unjudged, ...])


@click.command()
@click.argument("id", required=False, callback=identifier)
@click.argument("truth", required=False, type=click.Choice(get_args(Truth)))
@click.option("--source", type=click.Choice(get_args(Source)), help="How it is known.")
@click.option("--harmful", is_flag=True, help="It was wrong, and did or would have done harm.")
@click.option("--loss", type=float, metavar="AMOUNT", help="What it cost, in your currency.")
@click.option("--note", default="", metavar="TEXT", help="What you found.")
@click.option("--next", "waiting", is_flag=True, help="What to find out next, in a drawn order.")
@click.option("--most", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--said", is_flag=True, help="With --next: what people and the agent made of it.")
@since_option("90d")
@reviewer_option
@desk_option
@json_option
def adjudicate(
    id: str | None,
    truth: Truth | None,
    source: Source | None,
    harmful: bool,
    loss: float | None,
    note: str,
    waiting: bool,
    most: int,
    said: bool,
    since: int,
    reviewer: str | None,
    db: Path,
    as_json: bool,
) -> Exit:
    """Say whether what an agent proposed was right, whatever people made of it. For leads.

    \b
    overread adjudicate --next                       which items to find out about
    overread adjudicate ID                           what is known of one
    overread adjudicate ID wrong --source outcome    what you found out

    That a person approved it is no source. A second reading is blind: do it before --said.
    """
    if waiting == (id is not None):
        raise click.UsageError("give an ID, or --next for what to find out about.")
    if (truth is None) != (source is None):
        raise click.UsageError("right or wrong goes with --source: how is it known?")
    with LeadOffice.open(db, reviewer=reviewer) as office:
        if id is None:
            _list(office.worth_adjudicating(since=since, most=most), said=said, as_json=as_json)
        elif truth is None or source is None:
            _show(office.truth_of(id), as_json=as_json)
        else:
            word = office.adjudicate(id, truth, source, harmful=harmful, loss=loss, note=note)
            _show(word, as_json=as_json)
    return Exit.DONE


def _list(found: tuple[Unjudged, ...], *, said: bool, as_json: bool) -> None:
    if as_json:
        shape: list[dict[str, JsonValue]] = _UNJUDGED.dump_python(found, mode="json")
        data_json([one if said else _blind(one) for one in shape])
    elif not found:
        say("nothing waits for its truth")
    elif said:
        head = ("escalation", "closed", "action", "what was said", "question")
        grid(head, [(*_line(one)[:3], said_of(one), one.question) for one in found])
    else:
        grid(("escalation", "closed", "action", "question"), [_line(one) for one in found])


def _blind(one: dict[str, JsonValue]) -> JsonValue:
    return {name: value for name, value in one.items() if name not in ("verdict", "outcome")}


def _line(one: Unjudged) -> tuple[str, ...]:
    return one.escalation, day_and_time(one.closed_at), one.action_type, one.question


def _show(found: Known, *, as_json: bool) -> None:
    if as_json:
        shape: JsonValue = _KNOWN.dump_python(found, mode="json")
        data_json(shape)
    elif not found.words:
        say(f"nobody has said whether {found.escalation} was right")
    else:
        data(f"{found.escalation} was {found.truth}")
        grid(("source", "truth", "when", "by", "note"), [_word(one) for one in found.words])


def _word(one: TruthRow) -> tuple[str, ...]:
    harm = ", harmful" if one.harmful else ""
    lost = "" if one.loss is None else f", cost {one.loss:,.2f}"
    source = one.source.replace("_", " ")
    return source, f"{one.truth}{harm}{lost}", day_and_time(one.at), one.by, one.note
