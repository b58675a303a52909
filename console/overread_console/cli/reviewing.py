"""The reviewer's verb: open the desk, full screen or as plain lines."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option
from overread_console.cli.talk import data, say


@click.command()
@click.option("--plain", is_flag=True, help="Plain lines: for screen readers, scripts, slow links.")
@click.option("--limit", type=click.IntRange(1, 1000), metavar="N", help="Items of a session.")
@click.option(
    "--as",
    "--reviewer",
    "reviewer",
    metavar="REVIEWER",
    help="Review as; default: whoever you are.",
)
@click.option("--practice", is_flag=True, help="Six made-up items, and what each of them was.")
@click.option(
    "--practice-items",
    "items",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Practise with items of your own.",
)
@desk_option
def review(
    plain: bool,
    limit: int | None,
    reviewer: str | None,
    practice: bool,
    items: Path | None,
    db: Path,
) -> int:
    """Open the console and decide what is waiting.

    Without a terminal it is the plain flow, as with --plain. --practice needs no desk and touches
    none.
    """
    plain = plain or not (sys.stdin.isatty() and sys.stdout.isatty())
    if practice or items:
        return _practice(db, items, plain=plain, real=bool(reviewer or limit))
    if plain:
        return _plain(db, reviewer, limit)
    return _full_screen(db, reviewer, limit)


def _plain(db: Path, reviewer: str | None, limit: int | None) -> int:
    from overread_console.plain.face import run

    return run(db, reviewer=reviewer, limit=limit, stdin=sys.stdin, stdout=sys.stdout)


def _full_screen(db: Path, reviewer: str | None, limit: int | None) -> int:
    say("opening the desk …")  # before half a second of imports: a terminal is never blank
    from overread_console.tui.app import run

    return run(db, reviewer=reviewer, limit=limit)


def _practice(db: Path, items: Path | None, *, plain: bool, real: bool) -> int:
    if real:
        raise click.UsageError("practice is nobody's session: leave out --as and --limit")
    from overread_console.practice.run import on_screen, plainly, practise

    show = plainly(sys.stdin, sys.stdout) if plain else on_screen
    for line in practise(show, items=items, desk=db):
        data(line)
    return Exit.DONE
