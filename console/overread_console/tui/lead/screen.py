"""The lead's screen: pages on how oversight goes, what is wrong first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Static

from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.scene import Scene
from overread_console.flow.spans import Line, Span
from overread_console.flow.words import count, wall_clock
from overread_console.lead.look import CURSOR, Look
from overread_console.lead.pages import PAGES, Page
from overread_console.lead.view import LENGTHS, USUAL, LeadView
from overread_console.tui.lead.acting import ActingScreen
from overread_console.tui.signs import LEAD_SIGNS
from overread_console.tui.theme import content, line_content
from overread_queue.health.alarm import Alarm

FRAME = 3
"""Columns of padding and scroll bar."""
LAST = len(PAGES)


class LeadScreen(ActingScreen):
    """Anybody in the roster may look; what only a lead may do says so."""

    signs = LEAD_SIGNS

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "1",
            "page(0)",
            "pages",
            key_display=f"1-{LAST}",
            id="lead.page",
            tooltip="Turn to one of the pages that stand in the line above.",
        ),
        *(Binding(str(n), f"page({n - 1})", show=False) for n in range(2, LAST + 1)),
        Binding(
            "left,h",
            "beside(-1)",
            "turn",
            show=False,
            key_display="← →",
            id="lead.beside",
            tooltip="The page before or after; of what is open, the next one.",
        ),
        Binding("right,l", "beside(1)", show=False),
        Binding(
            "up,k",
            "move(-1)",
            "choose",
            show=False,
            key_display="↑ ↓",
            id="lead.move",
            tooltip="Choose a line; scroll where there is none, or one is open.",
        ),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "scroll(-15)", show=False),
        Binding("pagedown,space", "scroll(15)", show=False),
        Binding("enter", "open", "open", id="lead.open", tooltip="Show the line whole."),
        Binding(
            "a",
            "acknowledge",
            "acknowledge",
            id="lead.acknowledge",
            tooltip="Say what you found behind an alarm (leads).",
        ),
        Binding(
            "left_square_bracket",
            "length(-1)",
            "days",
            key_display="[ ]",
            id="lead.length",
            tooltip="Look back over fewer days, or over more.",
        ),
        Binding("right_square_bracket", "length(1)", show=False),
        Binding(
            "r",
            "refresh",
            "look again",
            show=False,
            id="lead.refresh",
            tooltip="Look at the desk again.",
        ),
        Binding(
            "s",
            "save",
            "save picture",
            id="lead.save",
            tooltip="Save this screen as a picture (SVG).",
        ),
        Binding(
            "escape,q",
            "back",
            "back",
            key_display="esc",
            id="lead.back",
            tooltip="Back to the list, then to the desk.",
        ),
    ]

    tabs = getters.query_one("#tabs", Static)
    page = getters.query_one("#page", VerticalScroll)
    text = getters.query_one("#page-text", Static)

    def __init__(self, flow: ReviewFlow, db: Path) -> None:
        super().__init__(flow, db)
        self._view: LeadView | None = None
        self._length = LENGTHS.index(USUAL)
        self._at = 0
        self._cursors = [0] * len(PAGES)
        self._whole = False

    @property
    def page_name(self) -> str:
        return self._page.name

    @property
    def may_acknowledge(self) -> bool:
        return self._view is not None and self._view.is_lead

    @property
    def alarm_at_hand(self) -> Alarm | None:
        alarms, id = self._view.alarms if self._view else (), self._row(self._at)
        return next((one for one in alarms if one.id == id), None)

    @property
    def _page(self) -> Page:
        return PAGES[self._at]

    @property
    def _days(self) -> int:
        return LENGTHS[self._length]

    def body(self) -> Iterable[Widget]:
        yield Static(id="tabs")
        with VerticalScroll(id="page", can_focus=False):
            yield Static(id="page-text")

    def on_mount(self) -> None:
        self.action_refresh()

    def on_resize(self) -> None:
        self._draw()

    # ── the picture ──────────────────────────────────────────────────────────

    def follow(self, scene: Scene) -> None:
        self.top.left = f"overread · oversight · last {count(self._days, 'day')}"
        self.top.right = self.console.desk_words
        self.say(scene.news.text, scene.news.role) if scene.news else self.say(self._said)

    def _show(self, view: LeadView) -> None:
        """Every cursor stays on what it was on, wherever that stands now."""
        at_hand = [self._row(at) for at in range(len(PAGES))]
        self._view = view
        rows = [page.rows(view) for page in PAGES]
        self._cursors = [
            there.index(kept) if kept in there else 0
            for kept, there in zip(at_hand, rows, strict=True)
        ]
        self._whole = self._whole and at_hand[self._at] in rows[self._at]
        self._said = f"as of {wall_clock(self.console.clock.now())} · {_standing(view)}"
        self._draw()

    def _row(self, at: int) -> str:
        """What the cursor of a page is on; empty where there is nothing."""
        rows = PAGES[at].rows(self._view) if self._view else ()
        return rows[self._cursors[at]] if rows else ""

    def _draw(self) -> None:
        self.tabs.update(line_content(self._tab_line()))
        if self._view is None:
            self.text.update(content(((Span("looking through the records …", "muted"),),)))
            return
        lines = tuple(self._lines(self._view))
        self.text.update(content(lines))
        if not self._whole:
            self._keep_in_sight(lines)

    def _lines(self, view: LeadView) -> Iterable[Line]:
        width, now = self.size.width - FRAME, self.console.clock.now()
        look = Look(width, self.page.size.height, now, self._cursors[self._at])
        return self._page.whole(view, look) if self._whole else self._page.lines(view, look)

    def _keep_in_sight(self, lines: tuple[Line, ...]) -> None:
        """The line with the cursor, and from the first one also what stands above it."""
        marked = (at for at, line in enumerate(lines) if line and line[0].text == CURSOR)
        at = next(marked, None)
        if at is not None:
            above = 0 if self._cursors[self._at] == 0 else at
            self.page.scroll_to_region(Region(0, above, 1, at - above + 1), animate=False)

    def _tab_line(self) -> Line:
        spans: list[Span] = []
        for at, page in enumerate(PAGES):
            here = at == self._at
            spans += [
                Span("▸" if here else " ", "key"),
                Span(f"{at + 1} ", "key"),
                Span(f"{page.name} ", "strong" if here else "muted"),
            ]
        return tuple(spans)

    # ── keys ─────────────────────────────────────────────────────────────────

    def action_refresh(self) -> None:
        self.console.do(partial(self.look, self._days), then=self._show)

    def action_page(self, at: int) -> None:
        self._at, self._whole = at, False
        self._draw()
        self.page.scroll_home(animate=False)

    def action_beside(self, by: int) -> None:
        if self._whole:
            self._choose(by)
            self.page.scroll_home(animate=False)
        else:
            self.action_page((self._at + by) % len(PAGES))

    def action_move(self, by: int) -> None:
        if self._whole or not self._row(self._at):
            self.action_scroll(by)
        else:
            self._choose(by)

    def _choose(self, by: int) -> None:
        rows = self._page.rows(self._view) if self._view else ()
        self._cursors[self._at] = max(0, min(self._cursors[self._at] + by, len(rows) - 1))
        self._draw()

    def action_scroll(self, by: int) -> None:
        self.page.scroll_relative(y=by, animate=False)

    def action_open(self) -> None:
        if not self._row(self._at):
            self.tell("there is nothing to open on this page")
            return
        self._whole = True
        self._draw()
        self.page.scroll_home(animate=False)

    def action_length(self, by: int) -> None:
        wanted = self._length + by
        if not 0 <= wanted < len(LENGTHS):
            self.tell(f"{'the shortest' if by < 0 else 'the longest'} there is")
            return
        self._length = wanted
        self.action_refresh()

    def action_back(self) -> None:
        if self.calm_down():
            return
        if not self._whole:
            self.dismiss()
            return
        self._whole = False
        self._draw()


def _standing(view: LeadView) -> str:
    waiting = sum(one.acknowledged_at is None for one in view.standing)
    return f"{count(waiting, 'alarm')} to look into" if waiting else "no alarm to look into"
