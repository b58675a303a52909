"""What a command says: data on stdout, talk on stderr, nothing that a terminal would obey."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from overread_briefs.visible import is_hidden, visible
from overread_briefs.width import cells

if TYPE_CHECKING:
    from pydantic import JsonValue


def data(line: str) -> None:
    """One line of data, made visible, on stdout."""
    click.echo(visible(line))


def data_json(value: JsonValue) -> None:
    """JSON on stdout. Everything beyond printable ASCII is escaped, so it is safe on a terminal."""
    click.echo(json.dumps(value, ensure_ascii=True, indent=2))


def say(text: str) -> None:
    """One sentence for the person at the terminal, on stderr."""
    click.echo(told(text), err=True)


def told(sentence: str) -> str:
    """A sentence of ours, safe to print.

    What it quotes was made visible when it was built; doing that twice would garble the marks, so
    it is done again only where something was missed.
    """
    return visible(sentence) if any(map(is_hidden, sentence)) else sentence


def refuse(error: Exception) -> None:
    """Why nothing happened, one sentence per fault, on stderr."""
    for line in str(error).splitlines():
        say(f"overread: {line}")


def table(rows: Sequence[Sequence[str]]) -> None:
    """Aligned columns on stdout; the last one is as long as it is."""
    shown = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(cells, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        padded = [
            cell + " " * (width - cells(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        click.echo("  ".join(padded).rstrip())
