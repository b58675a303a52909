"""What the pages share: the room they have, where the cursor is, and lines in columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from overread_briefs.visible import visible
from overread_briefs.width import cells, wrap
from overread_console.flow.spans import Line, Role, Span, padded, short

CURSOR = "▸ "
_AWAY = "  "
_LEAST = 8
"""Columns that every column of a table keeps."""
WIDEST = 100
"""Sentences are never longer than this: longer ones are hard to follow."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    width: int
    height: int
    now: int
    """UTC milliseconds."""
    cursor: int = 0
    """Which of the page's rows is at hand."""

    def mark(self, row: int) -> Span:
        """Stands before each row that can be chosen."""
        return Span(CURSOR if row == self.cursor else _AWAY, "key")


def sentences(text: str, look: Look, role: Role = "text", *, indent: int = 0) -> Iterator[Line]:
    """Broken where the line ends. Outside words are made visible here."""
    room = max(min(look.width, WIDEST) - indent, 20)
    for line in wrap(visible(text), room) or ("",):
        yield (Span(" " * indent + line, role),)


def named(
    name: str, text: str, look: Look, role: Role = "text", *, room: int = 14
) -> Iterator[Line]:
    """A word on the left, and beside it what it is, under itself where it is long."""
    first, *more = sentences(text, Look(look.width - room, look.height, look.now), role)
    yield (padded(Span(name, "muted"), room), *first)
    for line in more:
        yield (Span(" " * room), *line)


def cell(text: str, room: int, role: Role = "text", *, right: bool = False) -> Span:
    """Exactly `room` columns, the last of them blank; outside words are made visible."""
    shown = short(visible(text), room - 1)
    gap = " " * (room - 1 - cells(shown))
    return Span(f"{gap}{shown} " if right else f"{shown}{gap} ", role)


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    look: Look,
    *,
    numbers: Collection[int] = (),
) -> Iterator[Line]:
    """Columns as wide as what is in them; those of `numbers` end together.

    Where there is too little room, the widest give way.
    """
    rooms = [max(map(cells, column)) + 2 for column in zip(head, *rows, strict=True)]
    while sum(rooms) > look.width and max(rooms) > _LEAST:
        rooms[rooms.index(max(rooms))] -= 1
    for at, row in enumerate((head, *rows)):
        role: Role = "text" if at else "muted"
        parts = enumerate(zip(row, rooms, strict=True))
        yield tuple(cell(text, room, role, right=at in numbers) for at, (text, room) in parts)
