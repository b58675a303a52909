"""The notices feed: what agents did by themselves and told of. Nothing here waits for anybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Static

from overread_briefs.visible import visible
from overread_console.flow.notices import EMPTY, notice_line, notice_pane
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.scene import Scene
from overread_console.flow.spans import BLANK, Line, Span, padded, short
from overread_console.flow.words import age
from overread_console.tui.base import ConsoleScreen
from overread_console.tui.dialogs.words import WordsDialog
from overread_console.tui.theme import content
from overread_queue.models import Notice

if TYPE_CHECKING:
    from overread_console.tui.app import OverreadApp

_AGE, _AGENT = 6, 18


class NoticesScreen(ConsoleScreen):
    """A list with a cursor; one notice in full takes its place until esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "read", "read", id="notices.read", tooltip="Read the notice in full."),
        Binding(
            "o",
            "object",
            "object",
            id="notices.object",
            tooltip="Object to what was done; the agent gets your reason.",
        ),
        Binding("r", "refresh", "refresh", id="notices.refresh", tooltip="Take in what is new."),
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup", "move(-10)", "page up", show=False),
        Binding("pagedown", "move(10)", "page down", show=False),
        Binding(
            "escape,q",
            "back",
            "back",
            key_display="esc",
            id="notices.back",
            tooltip="Back to the list, then to the desk.",
        ),
    ]

    feed = getters.query_one("#feed", VerticalScroll)
    feed_text = getters.query_one("#feed-text", Static)
    one_text = getters.query_one("#one-text", Static)

    def __init__(self, flow: ReviewFlow) -> None:
        super().__init__(flow)
        self._notices: tuple[Notice, ...] = ()
        self._cursor = 0

    @property
    def console(self) -> OverreadApp:
        return cast("OverreadApp", self.app)

    def body(self) -> Iterable[Widget]:
        with VerticalScroll(id="feed", can_focus=False):
            yield Static(id="feed-text")
        with VerticalScroll(id="one", can_focus=False):
            yield Static(id="one-text")

    def on_mount(self) -> None:
        self.action_refresh()

    def on_resize(self) -> None:
        self._draw()

    # ── the picture ──────────────────────────────────────────────────────────

    def follow(self, scene: Scene) -> None:
        self.top.left = "overread · notices"
        self.top.right = self.console.desk_words
        self.say(scene.news.text, scene.news.role) if scene.news else self.say("")

    @property
    def agent_here(self) -> str:
        notice = self._at_hand()
        return notice.agent if notice else ""

    def _show(self, notices: tuple[Notice, ...]) -> None:
        """The cursor stays on its notice where that is still there."""
        at_hand = self._at_hand()
        ids = [notice.proposal for notice in notices]
        kept = at_hand.proposal if at_hand else None
        self._notices = notices
        self._cursor = ids.index(kept) if kept in ids else 0
        self._draw()

    def _draw(self) -> None:
        self.feed_text.update(content(self._lines()))
        notice = self._at_hand()
        if notice is not None:
            pane = notice_pane(notice, self.console.clock.now())
            self.one_text.update(content(((Span(pane.title, "question"),), *pane.lines)))

    def _lines(self) -> Iterator[Line]:
        if not self._notices:
            yield from ((Span(sentence),) for sentence in EMPTY)
            return
        yield (Span("agents did this by themselves; nobody was asked", "muted"),)
        yield BLANK
        for at, notice in enumerate(self._notices):
            yield self._row(notice, here=at == self._cursor)

    def _row(self, notice: Notice, *, here: bool) -> Line:
        room = max(self.size.width - 2 - 2 - _AGE - _AGENT, 20)
        return (
            Span("▸ " if here else "  ", "key"),
            padded(Span(age(notice.at, self.console.clock.now()), "muted"), _AGE),
            padded(Span(short(visible(notice.agent), _AGENT - 1), "muted"), _AGENT),
            Span(short(notice_line(notice), room), "strong" if here else "text"),
        )

    def _at_hand(self) -> Notice | None:
        return self._notices[self._cursor] if self._notices else None

    # ── keys ─────────────────────────────────────────────────────────────────

    def action_refresh(self) -> None:
        self.console.do(self.flow.desk.notices, then=self._show, place="look")

    def action_move(self, by: int) -> None:
        self._cursor = max(0, min(self._cursor + by, len(self._notices) - 1))
        self._draw()
        self.feed.scroll_to_region(Region(0, self._cursor + 2, 1, 1), animate=False)

    def action_read(self) -> None:
        self.set_class(bool(self._notices), "-reading")

    def action_object(self) -> None:
        notice = self._at_hand()
        if notice is None:
            self.say("there is no notice to object to")
            return
        dialog = WordsDialog(
            "object",
            "What is wrong with it? The agent gets your reason.",
            lines=((Span(notice_line(notice)),),),
        )
        self.console.push_screen(dialog, partial(self._object, notice))

    def _object(self, notice: Notice, reason: str | None) -> None:
        if reason:
            self.console.do(
                partial(self.flow.object, notice, reason), then=lambda _: self.action_refresh()
            )

    def action_back(self) -> None:
        if self.calm_down():
            return
        if self.has_class("-reading"):
            self.remove_class("-reading")
        else:
            self.dismiss()
