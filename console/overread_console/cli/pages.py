"""Pages for people: columns and paragraphs that fit the terminal, and every outside word visible.

Where stdout is no terminal nothing is broken into lines, so that a row stays a row for `grep`.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence

from overread_briefs.visible import visible
from overread_briefs.width import cells, wrap
from overread_console.cli.talk import shown

_GAP = "  "
_LEAST = 12
"""Cells that a last column keeps, even where the others leave less."""
_ENDLESS = 1_000_000


def heading(text: str) -> None:
    """A line of its own, with a blank one before it."""
    shown("")
    shown(visible(text))


def columns(rows: Sequence[Sequence[str]], *, indent: int = 0) -> None:
    """Aligned columns, the last of which is broken where the terminal ends."""
    safe = [[visible(cell) for cell in row] for row in rows]
    if not safe:
        return
    widths = [max(map(cells, column)) for column in zip(*safe, strict=True)][:-1]
    start = indent + sum(width + len(_GAP) for width in widths)
    for row in safe:
        first = " " * indent + "".join(map(_padded, row, widths))
        for before, line in zip(_once(first, start), _broken(row[-1], start), strict=False):
            shown((before + line).rstrip())


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], *, indent: int = 0) -> None:
    """Columns under their names; on a terminal too narrow for them, a paragraph for each row."""
    widths = [max(cells(visible(row[at])) for row in (head, *rows)) for at in range(len(head) - 1)]
    if sum(widths) + len(widths) * len(_GAP) + indent + _LEAST <= _room():
        columns([head, *rows], indent=indent)
        return
    for row in rows:
        paragraph(row[0], indent=indent)
        named = "; ".join(f"{name}: {cell}" for name, cell in zip(head[1:], row[1:], strict=True))
        paragraph(named, indent=indent + len(_GAP))


def paragraph(text: str, *, indent: int = 0) -> None:
    """A sentence or more, broken where the terminal ends."""
    columns([[text]], indent=indent)


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - cells(cell)) + _GAP


def _once(first: str, start: int) -> Iterator[str]:
    yield first
    while True:
        yield " " * start


def _broken(text: str, start: int) -> tuple[str, ...]:
    return wrap(text, max(_room() - start, _LEAST)) or ("",)


def _room() -> int:
    """Cells of a line of stdout."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _ENDLESS
