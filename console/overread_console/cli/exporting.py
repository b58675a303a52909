"""Records for other people's programs: one file, whole or not at all, and its checksum."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TypedDict, Unpack, get_args

import click
from pydantic import JsonValue

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.pages import grid
from overread_console.cli.periods import since_option, until_option
from overread_console.cli.talk import data, data_json, pour, progress, say
from overread_console.cli.times import day_and_time
from overread_queue.exporting.columns import columns as columns_of
from overread_queue.exporting.wish import Exported, Format, Progress, What, Wish
from overread_queue.numbers import percent
from overread_queue.office import LeadOffice

_FORMATS: dict[str, Format] = {name: name for name in get_args(Format)}
_WHATS: dict[str, What] = {name: name for name in get_args(What)}
_FILE = click.Path(path_type=Path, dir_okay=False)
_BAR = 24
"""Cells of a bar."""


@click.group()
def export() -> None:
    """Records of a desk as csv, jsonl or parquet. For leads.

    A file comes into being whole, with FILE.sha256 beside it (`sha256sum -c`), or not at all, and
    the history says what was taken out. Sessions name nobody, and what is classed confidential or
    restricted stays, unless you ask for it.

    \b
    overread export decisions --since 30d --out decisions.parquet
    overread export events --format jsonl --stdout | jq .kind
    """


@export.command("columns")
@click.argument("what", type=click.Choice([*_WHATS]))
@json_option
def columns(what: str, as_json: bool) -> Exit:
    """What the columns of an export mean."""
    found = columns_of(_WHATS[what])
    if as_json:
        data_json([asdict(one) for one in found])
    else:
        grid(("column", "kind", "meaning"), [(one.name, one.kind, one.meaning) for one in found])
    return Exit.DONE


class _Asked(TypedDict):
    """What a command line says, by the names of its options."""

    since: int
    until: int
    shape: str | None
    out: Path | None
    stdout: bool
    replace: bool
    sensitive: bool
    names: bool
    reviewer: str | None
    db: Path
    as_json: bool


def _command(what: What, told: str) -> None:
    """Add one kind of record to the group."""

    @export.command(what, help=told)
    @click.option("--format", "shape", type=click.Choice([*_FORMATS]), help="Or as FILE ends.")
    @since_option("90d")
    @until_option
    @click.option("--out", type=_FILE, metavar="FILE", help=f"Default: {what}.FORMAT, here.")
    @click.option("--stdout", is_flag=True, help="Print it, and keep no file.")
    @click.option("--replace", is_flag=True, help="Write over what is at FILE.")
    @click.option("--sensitive", is_flag=True, help="Also what is confidential or restricted.")
    @click.option("--names", is_flag=True, hidden=what != "sessions", help="Also whose they are.")
    @reviewer_option
    @desk_option
    @json_option
    def taken(**asked: Unpack[_Asked]) -> Exit:
        return _taken(what, asked)


def _taken(what: What, asked: _Asked) -> Exit:
    if asked["stdout"] and (asked["out"] or asked["replace"] or asked["as_json"]):
        raise click.UsageError("--stdout goes with none of --out, --replace and --json.")
    if asked["names"] and what != "sessions":
        raise click.UsageError("--names is for sessions; the rest names whom the record names.")
    wish = Wish(
        what,
        _format(asked["shape"], asked["out"]),
        asked["since"],
        asked["until"],
        sensitive=asked["sensitive"],
        names=asked["names"],
    )
    with LeadOffice.open(asked["db"], reviewer=asked["reviewer"]) as office:
        if asked["stdout"]:
            done = _printed(office, wish)
        else:
            target = asked["out"] or Path(f"{what}.{wish.format}")
            done = office.export(wish, target, replace=asked["replace"], progress=_progress(wish))
            _told(wish, done, target, as_json=asked["as_json"])
    _remarks(wish, done)
    return Exit.DONE


def _format(said: str | None, out: Path | None) -> Format:
    if said is not None:
        return _FORMATS[said]
    if out is None:
        return "csv"
    ending = out.suffix.removeprefix(".")
    if ending not in _FORMATS:
        raise click.UsageError(f"{out} ends in none of {', '.join(_FORMATS)}; say --format.")
    return _FORMATS[ending]


def _printed(office: LeadOffice, wish: Wish) -> Exported:
    """Written down whole first, so that a slow reader does not keep the desk's log from being
    emptied, and gets nothing where something fails."""
    if wish.format == "parquet" and sys.stdout.isatty():
        raise click.UsageError("parquet is no text; write it to a file, or into a pipe.")
    with tempfile.TemporaryFile() as file:
        done = office.export_into(wish, file, progress=_progress(wish))
        file.seek(0)
        pour(file)
    return done


def _progress(wish: Wish) -> Progress | None:
    """A bar for whoever watches stderr."""
    if not sys.stderr.isatty():
        return None

    def shown(done: int, total: int) -> None:
        part = done / total if total else 1.0
        filled = "█" * int(part * _BAR)
        progress(
            f"{filled:░<{_BAR}} {percent(part):>5}  {done:,} of {total:,} {wish.what}",
            last=done >= total,
        )

    return shown


def _told(wish: Wish, done: Exported, target: Path, *, as_json: bool) -> None:
    if as_json:
        shape: dict[str, JsonValue] = {"file": str(target), **asdict(wish), **asdict(done)}
        data_json(shape)
    else:
        data(f"{target}: {done.rows:,} {wish.what}, sha256 {done.sha256}")


def _remarks(wish: Wish, done: Exported) -> None:
    if not done.rows:
        period = f"from {day_and_time(wish.since)} to {day_and_time(wish.until)}"
        say(f"there are no {wish.what} {period}; the export is empty")
    if done.single_operator:
        say("this desk has a single operator: people may decide for their own agents")
    if wish.sensitive:
        say("what is confidential or restricted is in it; the history says that you took it out")


_command("sessions", "What each sitting came to; its people are numbered anew in each file.")
_command("decisions", "Every signed answer, with its envelope.")
_command("escalations", "Every question, and what became of it.")
_command("events", "The history, event by event.")
