"""The contract, offline: is this brief right, and what may be in one."""

from __future__ import annotations

import click

from overread_briefs.errors import InvalidBrief
from overread_briefs.parse import parse_brief
from overread_console.cli import reading
from overread_console.cli.brief_distil import distil
from overread_console.cli.exits import Exit
from overread_console.cli.talk import data, exactly, shown


@click.group()
def brief() -> None:
    """Lint a brief, or draw one from a transcript; export and compare the contract."""


brief.add_command(distil)


@brief.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE|-...")
def lint(files: tuple[str, ...]) -> Exit:
    """Say everything that is wrong with a brief, as submission would. Needs no desk."""
    bad = [name for name in files if not _fits(name)]
    return Exit.INVALID_BRIEF if bad else Exit.DONE


@brief.command()
@click.argument("name", default="brief-1")
def schema(name: str) -> Exit:
    """Print the JSON Schema of a public model: brief-1, envelope-1, evidence, option, ..."""
    from overread_briefs.schema import UnknownSchema, export, to_text

    try:
        exactly(to_text(export(name)))
    except UnknownSchema as error:
        raise click.UsageError(str(error)) from error
    return Exit.DONE


@brief.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
def compat(old: str | None, new: str | None) -> Exit:
    """Whether documents written for schema OLD are still accepted by schema NEW.

    Without NEW, OLD is compared with this version of Overread; without both, the schema that was
    agreed on with the one in use. Ends with 1 on a breaking change.
    """
    from overread_briefs.compat import breaking_changes

    breaks = [
        f"{name}: {fault}"
        for name, before, after in _pairs(old, new)
        for fault in breaking_changes(before, after)
    ]
    for line in breaks or ["compatible"]:
        shown(line)
    return Exit.FAILED if breaks else Exit.DONE


def _fits(name: str) -> bool:
    try:
        parse_brief(reading.brief_bytes(name))
    except InvalidBrief as error:
        for fault in error.faults:
            shown(f"{name}: {fault}")
        return False
    data(f"{name}: ok")
    return True


def _pairs(old: str | None, new: str | None) -> list[tuple[str, reading.Table, reading.Table]]:
    """What to compare with what, and what to call it."""
    from overread_briefs.schema import CHECKED_IN, checked_in, export

    if old is None:
        return [(name, checked_in(name), export(name)) for name in CHECKED_IN]
    after = export("brief-1") if new is None else reading.json_object(new)
    return [(new or "brief-1", reading.json_object(old), after)]
