"""Finding again what was asked."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import JsonValue, TypeAdapter

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.pages import paragraph
from overread_console.cli.periods import since_option
from overread_console.cli.talk import data, data_json, say
from overread_console.cli.times import day_and_time
from overread_queue.office import LeadOffice
from overread_queue.store.search import Hit

_HITS = TypeAdapter(tuple[Hit, ...])


@click.command()
@click.argument("words", nargs=-1)
@since_option("2000-01-01")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="At most."
)
@click.option("--renew", is_flag=True, help="Make the index anew first. For leads.")
@reviewer_option
@desk_option
@json_option
def search(
    words: tuple[str, ...],
    since: int,
    limit: int,
    renew: bool,
    reviewer: str | None,
    db: Path,
    as_json: bool,
) -> Exit:
    """Escalations that have all of WORDS, the newest first: leads find any, others their pools'.

    Looked at are the question, the steps, the titles of evidence and, once it is closed, the
    reasons; never what is masked. `refund*` is any word that begins so, "order A-1009" a phrase.
    """
    with LeadOffice.open(db, reviewer=reviewer) as office:
        if renew:
            say(f"the index is new: {office.renew_search():,} escalations are in it")
            if not words:
                return Exit.DONE
        found = office.search(_text(words), since=since, most=limit)
    if as_json:
        shape: JsonValue = _HITS.dump_python(found, mode="json")
        data_json(shape)
        return Exit.DONE
    for hit in found:
        _show(hit)
    if not found:
        say("nothing has all of these words")
    return Exit.DONE


def _text(words: tuple[str, ...]) -> str:
    """What the shell was given in quotes is a phrase."""
    return " ".join(f'"{one}"' if " " in one and '"' not in one else one for one in words)


def _show(hit: Hit) -> None:
    answer = (hit.verdict or hit.state.lower()).replace("_", " ")
    data(f"{hit.id}  {day_and_time(hit.created_at)}  {answer}  {hit.agent}  {hit.action_type}")
    paragraph(hit.question, indent=2)
    if hit.excerpt.replace("[", "").replace("]", "") != hit.question:
        paragraph(hit.excerpt.replace("\n", " · "), indent=2)
