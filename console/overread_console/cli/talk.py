"""What a command says: data on stdout, talk on stderr, nothing that a terminal would obey.

Only this file writes to the two streams, so nothing passes that is not guarded here.
"""

from __future__ import annotations

import io
import json
import sys
import threading
import traceback
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

import click

from overread_briefs.visible import visible
from overread_briefs.width import cells
from overread_console.guard import guarded

if TYPE_CHECKING:
    from pydantic import JsonValue


def data(line: str) -> None:
    """One line of data, made visible, on stdout."""
    click.echo(visible(line))


def shown(line: str) -> None:
    """One line on stdout, whose outside words were made visible when it was built."""
    click.echo(guarded(line))


def exactly(text: str) -> None:
    """Text to compare byte for byte; on a terminal, where nobody does that, it is made visible."""
    click.echo(visible(text, multiline=True) if sys.stdout.isatty() else text, nl=False)


def pour(file: BinaryIO) -> None:
    """A file on stdout as it is: one that was written for terminals, or for a pipe."""
    while chunk := file.read(1 << 16):
        click.echo(chunk, nl=False)


def data_json(value: JsonValue) -> None:
    """JSON on stdout. Everything beyond printable ASCII is escaped, so it is safe on a terminal."""
    # DEL is ASCII, so json leaves it as it is; outside of strings it cannot occur.
    click.echo(json.dumps(value, ensure_ascii=True, indent=2).replace("\x7f", "\\u007f"))


def say(text: str) -> None:
    """One sentence for the person at the terminal, on stderr."""
    click.echo(guarded(text), err=True)


def progress(text: str, *, last: bool) -> None:
    """A line on stderr that the next one takes the place of, up to the last."""
    click.echo(f"\r{guarded(text)}", err=True, nl=last)


def refuse(error: Exception) -> None:
    """Why nothing happened, one sentence per fault, on stderr."""
    for line in str(error).split("\n"):
        say(f"overread: {line}")


def misused(error: click.ClickException) -> None:
    """How a command line was meant, on stderr."""
    told = io.StringIO()
    error.show(told)
    for line in told.getvalue().rstrip().split("\n"):
        say(line)


def tell_defects() -> None:
    """Have unexpected exceptions told here, also those of threads."""
    sys.excepthook = crashed
    threading.excepthook = _crashed_in_thread


def crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A defect of ours, on stderr: as Python tells it, with what its words quote made visible."""
    for line in "".join(traceback.format_exception(kind, error, trace)).rstrip().split("\n"):
        say(line)


def _crashed_in_thread(told: threading.ExceptHookArgs) -> None:
    crashed(told.exc_type, told.exc_value or told.exc_type(), told.exc_traceback)


def table(rows: Sequence[Sequence[str]]) -> None:
    """Aligned columns on stdout; the last one is as long as it is."""
    safe = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(cells, column)) for column in zip(*safe, strict=True)]
    for row in safe:
        padded = [
            cell + " " * (width - cells(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        shown("  ".join(padded).rstrip())
