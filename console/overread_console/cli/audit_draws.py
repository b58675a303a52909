"""The random sample: the key that draws it, and whether every draw is the key's own."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import JsonValue

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.pages import grid
from overread_console.cli.talk import data, data_json, say
from overread_console.cli.times import day_and_time
from overread_queue.leading.audit_key import Disclosed
from overread_queue.office import LeadOffice


@click.command()
@reviewer_option
@desk_option
@json_option
def draws(reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """Compute every draw again whose key was disclosed. Ends with 5 where one is another.

    A key is disclosed when the next one takes over, so the newest draws cannot be checked yet.
    """
    with LeadOffice.open(db, reviewer=reviewer) as office:
        keys, wrong = office.audit_keys(), office.misdrawn()
    if as_json:
        shown: list[JsonValue] = [
            {"until": one.until, "name": one.name, "key": one.key.hex()} for one in keys
        ]
        data_json({"keys": shown, "misdrawn": [*wrong]})
    elif not keys:
        say("no key was disclosed yet; `overread audit rotate-key` discloses the one in force")
    else:
        grid(("name", "drew until", "key"), [_line(one) for one in keys])
        for id in wrong:
            data(f"{id} was not drawn as its key draws it")
    return Exit.INTEGRITY if wrong else Exit.DONE


@click.command()
@reviewer_option
@desk_option
def rotate(reviewer: str | None, db: Path) -> Exit:
    """Draw the random sample with a new key from now on, and disclose the old one. For leads.

    From then on everybody can check the old draws, and foresees none to come.
    """
    with LeadOffice.open(db, reviewer=reviewer) as office:
        old = office.rotate_audit_key()
    data(f"{old.name} drew until {day_and_time(old.until)}: {old.key.hex()}")
    return Exit.DONE


def _line(one: Disclosed) -> tuple[str, ...]:
    return one.name, day_and_time(one.until), one.key.hex()
