"""The list of what is waiting: ids, and a page of rows at a time, drawn line by line.

Ten thousand items cost the same as ten, as only the rows on screen are ever fetched or drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from overread_briefs.visible import visible
from overread_briefs.width import cells
from overread_console.flow.odd import flagged
from overread_console.flow.spans import short
from overread_console.flow.tiers import look_of
from overread_console.flow.words import due
from overread_queue.models import Row

PAGE = 100
URGENT_MS = 25 * 60_000
"""Due before a session that starts now would end."""

_DUE, _TIER, _AGENT = 14, 6, 14


class WaitingList(ScrollView, can_focus=True):
    """Rows in the order to work. The order changes only by `show`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "waiting--cursor",
        "waiting--muted",
        "waiting--urgent",
        "waiting--gone",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home,g", "edge(0)", "first", show=False),
        Binding("end,G", "edge(-1)", "last", show=False),
    ]

    cursor: reactive[int] = reactive(0)
    """Index of the row at hand."""
    now: reactive[int] = reactive(0)
    """UTC milliseconds that the times are told from."""

    @dataclass
    class RowsWanted(Message):
        """Rows on screen have not been fetched yet."""

        ids: tuple[str, ...]

    def __init__(self) -> None:
        super().__init__()
        self.ids: tuple[str, ...] = ()
        self._rows: dict[str, Row] = {}
        self._wanted: set[str] = set()
        self._gone: frozenset[str] = frozenset()

    @property
    def chosen(self) -> str | None:
        """Id of the row at hand."""
        return self.ids[self.cursor] if self.cursor < len(self.ids) else None

    @property
    def agent(self) -> str:
        """Of the row at hand; empty without one."""
        row = self._rows.get(self.chosen or "")
        return row.agent if row else ""

    def show(self, ids: tuple[str, ...], rows: Sequence[Row]) -> None:
        """A new order. The cursor stays on its item where that is still there."""
        kept = self.chosen
        self.ids, self._gone = ids, frozenset()
        self._rows = {row.id: row for row in rows}
        self._wanted.clear()
        self.virtual_size = Size(self.size.width, len(ids))
        self.cursor = ids.index(kept) if kept in ids else min(self.cursor, max(len(ids) - 1, 0))
        self.refresh()

    def put(self, rows: Sequence[Row]) -> None:
        """Rows that were wanted."""
        self._rows |= {row.id: row for row in rows}
        self._wanted -= {row.id for row in rows}
        self.refresh()

    def mark_gone(self, ids: frozenset[str]) -> None:
        """These are no longer waiting. They keep their place until the next `show`."""
        if ids != self._gone:
            self._gone = ids
            self.refresh()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        width = self.size.width
        if index >= len(self.ids):
            return Strip.blank(width, self.rich_style)
        id = self.ids[index]
        row = self._rows.get(id)
        if row is None:
            self._want(index)
            return self._strip([("  …", self.rich_style)], width)
        return self._row(row, width, at_cursor=index == self.cursor)

    def _row(self, row: Row, width: int, *, at_cursor: bool) -> Strip:
        base = self.rich_style
        if at_cursor:
            base = self.get_component_rich_style("waiting--cursor")
        if row.id in self._gone:
            gone = f"{' – taken':<{3 + _DUE}}{_question(row)}"
            return self._strip([(gone, base + self._part("waiting--gone"))], width)
        urgent = row.deadline_at - self.now < URGENT_MS
        mark = "▲" if urgent else "↑" if row.promoted else " "
        time = due(row.deadline_at, self.now).removeprefix("in ")
        return self._strip(
            [
                (" ▸ " if at_cursor else "   ", base),
                (
                    _fit(f"{mark} {time}", _DUE),
                    base + self._part("waiting--urgent") if urgent else base,
                ),
                (
                    _fit(look_of(row.kind, row.tier).short, _TIER),
                    base + self._part("waiting--muted"),
                ),
                (_fit(_question(row), width - 3 - _DUE - _TIER - _AGENT), base),
                (_fit(visible(row.agent), _AGENT), base + self._part("waiting--muted")),
            ],
            width,
        )

    def _part(self, name: str) -> Style:
        return self.get_component_rich_style(name, partial=True)

    def _strip(self, parts: Sequence[tuple[str, Style]], width: int) -> Strip:
        segments = [Segment(text, style) for text, style in parts]
        return Strip(segments).adjust_cell_length(width, segments[-1].style)

    def _want(self, index: int) -> None:
        """Ask once for the page that a missing row is on."""
        start = index - index % PAGE
        ids = tuple(
            id
            for id in self.ids[start : start + PAGE]
            if id not in self._rows and id not in self._wanted
        )
        if ids:
            self._wanted.update(ids)
            # Made while rendering, a message would count as the screen's own and not bubble.
            self.call_later(self._ask_for, ids)

    def _ask_for(self, ids: tuple[str, ...]) -> None:
        self.post_message(self.RowsWanted(ids))

    def watch_cursor(self, before: int, after: int) -> None:
        self.refresh_line(before)
        self.refresh_line(after)
        self.scroll_to_region(Region(0, after, 1, 1), animate=False)

    def watch_now(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        self.cursor = min(event.y + self.scroll_offset.y, max(len(self.ids) - 1, 0))

    def action_move(self, by: int) -> None:
        self.cursor = max(0, min(self.cursor + by, len(self.ids) - 1))

    def action_page(self, by: int) -> None:
        self.action_move(by * max(self.size.height - 1, 1))

    def action_edge(self, index: int) -> None:
        self.cursor = index % max(len(self.ids), 1)


def _question(row: Row) -> str:
    return flagged(visible(row.question), row.question)


def _fit(text: str, width: int) -> str:
    """Exactly `width` cells."""
    shown = short(text, width - 1)
    return shown + " " * (width - cells(shown))
