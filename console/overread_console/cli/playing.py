"""The newcomer's verb."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.option("--headless", is_flag=True, help="Play one scripted review as text.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep the desk in DIR, and go on with the one that is there.",
)
def demo(headless: bool, keep: Path | None) -> int:
    """A sample desk with live agents, and the console on it.

    Seven agents, each a process of its own, ask about refunds, accounts, contracts and more, and
    act on what you decide. Without a terminal, one scripted review is played as text.
    """
    if headless or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _as_text(keep)
    return _on_the_terminal(keep)


def _as_text(keep: Path | None) -> int:
    from overread_console.demo.script import play

    return play(keep)


def _on_the_terminal(keep: Path | None) -> int:
    from overread_console.demo.live import play

    return play(keep)
