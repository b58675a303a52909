"""What is waiting, what it costs, and what is first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from overread_briefs.visible import visible
from overread_console.flow.desk_view import DeskView, desk_lines, view_of, waiting_with
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.scene import Scene
from overread_console.flow.spans import Span, short
from overread_console.tui.base import ConsoleScreen
from overread_console.tui.desk.waiting import WaitingList
from overread_console.tui.notices.screen import NoticesScreen
from overread_console.tui.policy.screen import PolicyScreen
from overread_console.tui.theme import content
from overread_queue.models import Row

if TYPE_CHECKING:
    from overread_console.tui.app import OverreadApp


SEARCH_AFTER = 0.12
"""Seconds without a key before the filter is applied."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What is waiting at one moment, through the filter of that moment."""

    ids: tuple[str, ...]
    rows: tuple[Row, ...]
    """Those on the screen; the others come when they are scrolled to."""
    filter: str


class DeskScreen(ConsoleScreen):
    """The list never moves under the cursor: what is new waits for `r`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "start",
            "start session",
            id="desk.start",
            tooltip="Start a session: a batch of what is due first.",
        ),
        Binding(
            "o",
            "open",
            "this one",
            id="desk.open",
            tooltip="Review only the item under the cursor.",
        ),
        Binding(
            "u",
            "urgent",
            "urgent",
            id="desk.urgent",
            tooltip="Review the most urgent item at once.",
        ),
        Binding(
            "slash",
            "filter",
            "filter",
            key_display="/",
            id="desk.filter",
            tooltip="Show only what has these words; esc shows everything again.",
        ),
        Binding(
            "r",
            "refresh",
            "refresh",
            show=False,
            id="desk.refresh",
            tooltip="Take in what is new and what is gone.",
        ),
        Binding(
            "n",
            "notices",
            "notices",
            id="desk.notices",
            tooltip="Read what agents did and told of; object to it.",
        ),
        Binding(
            "p",
            "policy",
            "policy",
            show=False,
            id="desk.policy",
            tooltip="Read the policy: tiers, people, pools, rules.",
        ),
        Binding(
            "L",
            "lead",
            "lead",
            id="desk.lead",
            tooltip="How oversight goes: health, measures, alarms, staffing.",
        ),
        Binding(
            "U",
            "undo",
            "take back",
            show=False,
            id="desk.undo",
            tooltip="Take back the last approval while it is held.",
        ),
        Binding(
            "escape",
            "clear",
            "clear",
            show=False,
            id="desk.clear",
            tooltip="Clear the filter, or put an error away.",
        ),
        Binding(
            "q",
            "app.leave",
            "leave",
            id="desk.leave",
            tooltip="Leave the console.",
        ),
    ]

    waiting = getters.query_one(WaitingList)
    words = getters.query_one("#filter", Input)
    overview = getters.query_one("#overview", Static)

    def __init__(self, flow: ReviewFlow) -> None:
        super().__init__(flow)
        self._listing: Listing | None = None
        self._view: DeskView | None = None
        self._new: frozenset[str] = frozenset()
        self._pending: Timer | None = None
        self._spoke = False
        labels = ", ".join(label for _, label in flow.desk.pools) or "no pool"
        self._who = visible(f"overread · {flow.desk.label} · {labels}")

    @property
    def console(self) -> OverreadApp:
        return cast("OverreadApp", self.app)

    @property
    def agent_here(self) -> str:
        return self.waiting.agent

    def body(self) -> Iterable[Widget]:
        yield Static(id="overview")
        yield Static("   due           tier  question", id="columns", markup=False)
        yield WaitingList()
        yield Input(id="filter", placeholder="words to look for", compact=True)

    def on_mount(self) -> None:
        self.words.cursor_blink = False
        self.words.display = False
        self.waiting.focus()
        self.action_refresh()

    def on_screen_resume(self) -> None:
        if self._listing is not None:
            self.action_refresh()

    # ── what the desk says ───────────────────────────────────────────────────

    def look(self) -> None:
        """Somebody wrote to the desk: see what changed, without moving anything."""
        self.console.do(self._fetch(rows=0), then=self._compare, place="look")

    def action_refresh(self) -> None:
        """The list first: it is what the eye and the cursor wait for."""
        height = max(self.waiting.size.height, self.app.size.height)
        self.console.do(self._fetch(rows=height), then=self._show, place="look")

    def _fetch(self, *, rows: int) -> partial[Listing]:
        top = self.waiting.scroll_offset.y
        return partial(_listing, self.flow, self.words.value, slice(top, top + rows))

    def _show(self, listing: Listing) -> None:
        if listing.filter == self.words.value:
            self._listing, self._new = listing, frozenset()
            self.waiting.show(listing.ids, listing.rows)
            self._sum_up()

    def _compare(self, listing: Listing) -> None:
        before = self._listing
        if before is None or not before.ids or listing.filter != before.filter:
            self.action_refresh()
            return
        shown, there = frozenset(self.waiting.ids), frozenset(listing.ids)
        self._listing, self._new = listing, there - shown
        self.waiting.mark_gone(shown - there)
        self._sum_up()

    def _sum_up(self) -> None:
        self.console.do(partial(view_of, self.flow.desk), then=self._show_view, place="look")

    def _show_view(self, view: DeskView) -> None:
        self._view = view
        self.console.urgent = view.overview.urgent_count

    @on(WaitingList.RowsWanted)
    def _fetch_rows(self, message: WaitingList.RowsWanted) -> None:
        self.console.do(
            partial(self.flow.desk.rows, message.ids), then=self.waiting.put, place="look"
        )

    # ── the picture ──────────────────────────────────────────────────────────

    def follow(self, scene: Scene) -> None:
        now = self.console.clock.now()
        self.waiting.now = now
        self.top.left = self._who
        told = f" · notices ({self._view.notices})" if self._view and self._view.notices else ""
        self.top.right = self.console.desk_words + told
        if self._view is not None:
            lines = desk_lines(self._view, now, filtered=bool(self.words.value))
            self.overview.update(content(lines))
        self._say_news(scene)

    def _say_news(self, scene: Scene) -> None:
        """What stands at the foot goes once it is not so any more; what a key said stays."""
        spoke, self._spoke = self._spoke, True
        if scene.held is not None:
            leaving = " · leaving once it is recorded, q leaves now" if self.console.leaving else ""
            self.say(scene.held.words("U") + leaving, "warning")
        elif self._no_match():
            words = short(visible(self.words.value), 50)
            self.say(f"nothing matches '{words}' · esc clears", "strong")
        elif self._new:
            self.say(f"{len(self._new)} new · press r", "strong")
        elif scene.news is not None:
            self.say(scene.news.text, scene.news.role)
        elif self._listing is not None and not self._listing.ids:
            self.say_line((Span("Nothing is waiting. New items appear here by themselves."),))
        else:
            self._spoke = False
            if spoke:
                self.say("")

    def _no_match(self) -> bool:
        """Whether there is nothing in the list because of the words above it."""
        listing = self._listing
        if listing is None or listing.filter != self.words.value:
            return False
        return bool(listing.filter.strip()) and not listing.ids

    # ── keys ─────────────────────────────────────────────────────────────────

    def action_start(self) -> None:
        self.console.begin_session()

    def action_open(self) -> None:
        if self.waiting.chosen is not None:
            self.console.begin_with(self.waiting.chosen)

    def action_urgent(self) -> None:
        urgent = self._view.overview.urgent if self._view else ()
        if urgent:
            self.console.begin_with(urgent[0].id)
        else:
            self.say("nothing is urgent now; enter starts a session")

    def action_notices(self) -> None:
        self.console.push_screen(NoticesScreen(self.flow))

    def action_policy(self) -> None:
        self.console.push_screen(PolicyScreen(self.flow))

    def action_lead(self) -> None:
        self.console.oversee()

    def action_undo(self) -> None:
        self.console.do(self.flow.undo, then=lambda _: self.console.enter())

    def action_filter(self) -> None:
        self.words.display = True
        self.words.focus()

    def action_clear(self) -> None:
        if self.calm_down():
            return
        self.words.value = ""
        self.words.display = False
        self.waiting.focus()

    @on(Input.Changed, "#filter")
    def _search(self) -> None:
        if self._pending is not None:
            self._pending.stop()
        self._pending = self.set_timer(SEARCH_AFTER, self.action_refresh)

    @on(Input.Submitted, "#filter")
    def _back_to_list(self) -> None:
        self.waiting.focus()


def _listing(flow: ReviewFlow, words: str, on_screen: slice) -> Listing:
    ids = waiting_with(flow.desk, words)
    return Listing(ids, flow.desk.rows(ids[on_screen]), words)
