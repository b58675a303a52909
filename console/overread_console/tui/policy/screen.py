"""The policy in force, page by page. It is read here, and changed by its owner elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from overread_console.flow.policy_pages import Page, page_lines, pages_of
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.scene import Scene
from overread_console.flow.spans import Line, Span
from overread_console.tui.base import ConsoleScreen
from overread_console.tui.theme import content, line_content

if TYPE_CHECKING:
    from overread_console.tui.app import OverreadApp

FRAME = 3
"""Columns of padding and scroll bar."""
WIDEST = 120
"""Lines are never broken later than this: longer ones are hard to follow."""


class PolicyScreen(ConsoleScreen):
    """Numbers and arrows choose a page; it scrolls by itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "1",
            "page(0)",
            "pages",
            key_display="1-5",
            id="policy.page",
            tooltip="Tiers, people, pools, rules, and which policy it is.",
        ),
        *(Binding(str(n), f"page({n - 1})", show=False) for n in range(2, 6)),
        Binding(
            "left,h",
            "beside(-1)",
            "turn",
            key_display="← →",
            id="policy.beside",
            tooltip="The page before, and the one after.",
        ),
        Binding("right,l", "beside(1)", show=False),
        Binding(
            "up,k",
            "scroll(-1)",
            "scroll",
            key_display="↑ ↓",
            id="policy.scroll",
            tooltip="Scroll the page.",
        ),
        Binding("down,j", "scroll(1)", show=False),
        Binding("pageup", "scroll(-15)", show=False),
        Binding("pagedown,space", "scroll(15)", show=False),
        Binding(
            "escape,q",
            "back",
            "back",
            key_display="esc",
            id="policy.back",
            tooltip="Back to the desk.",
        ),
    ]

    tabs = getters.query_one("#tabs", Static)
    page = getters.query_one("#page", VerticalScroll)
    text = getters.query_one("#page-text", Static)

    def __init__(self, flow: ReviewFlow) -> None:
        super().__init__(flow)
        self._pages: tuple[Page, ...] = ()
        self._at = 0

    @property
    def console(self) -> OverreadApp:
        return cast("OverreadApp", self.app)

    def body(self) -> Iterable[Widget]:
        yield Static(id="tabs")
        with VerticalScroll(id="page", can_focus=False):
            yield Static(id="page-text")

    def on_mount(self) -> None:
        self.console.do(partial(pages_of, self.flow.desk), then=self._show, place="look")

    def on_resize(self) -> None:
        self._draw()

    def follow(self, scene: Scene) -> None:
        self.top.left = "overread · policy, to read"
        self.top.right = self.console.desk_words
        self.say(scene.news.text, scene.news.role) if scene.news else self.say("")

    def _show(self, pages: tuple[Page, ...]) -> None:
        self._pages = pages
        self._draw()

    def _draw(self) -> None:
        if self._pages:
            width = min(self.size.width - FRAME, WIDEST)
            self.tabs.update(line_content(self._tab_line()))
            self.text.update(content(page_lines(self._pages[self._at], width)))

    def _tab_line(self) -> Line:
        spans: list[Span] = []
        for at, page in enumerate(self._pages):
            here = at == self._at
            spans += [
                Span("▸" if here else " ", "key"),
                Span(f"{at + 1} ", "key"),
                Span(f"{page.name}  ", "strong" if here else "muted"),
            ]
        return tuple(spans)

    # ── keys ─────────────────────────────────────────────────────────────────

    def action_page(self, at: int) -> None:
        if at < len(self._pages):
            self._at = at
            self._draw()
            self.page.scroll_home(animate=False)

    def action_beside(self, by: int) -> None:
        if self._pages:
            self.action_page((self._at + by) % len(self._pages))

    def action_scroll(self, by: int) -> None:
        self.page.scroll_relative(y=by, animate=False)

    def action_back(self) -> None:
        if not self.calm_down():
            self.dismiss()
