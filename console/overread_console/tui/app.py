"""The console on a full screen. `run` opens a desk and gives it back when the reviewer leaves."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar

from rich.text import Text
from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.types import CSSPathType
from textual.worker import Worker, WorkerState

from overread_briefs.errors import BriefError
from overread_briefs.visible import visible
from overread_console.flow.halts import halts_short
from overread_console.flow.review_flow import ReviewFlow
from overread_console.tui.base import ConsoleScreen
from overread_console.tui.desk.screen import DeskScreen
from overread_console.tui.dialogs.stop import StopDialog, Target, WhomDialog
from overread_console.tui.dialogs.summary import Word
from overread_console.tui.help import HelpScreen
from overread_console.tui.last_filter import PrintableOnly
from overread_console.tui.lead.screen import LeadScreen
from overread_console.tui.messages import DeskMoved, Finished, Refused
from overread_console.tui.palette import BindingsProvider
from overread_console.tui.review.screen import ReviewScreen
from overread_console.tui.theme import DARK, LIGHT
from overread_console.tui.watch import changes
from overread_queue.clock import Clock, SystemClock
from overread_queue.desk import ReviewDesk
from overread_queue.errors import OverreadError

T = TypeVar("T")

POLL_TICKS = 5
"""Seconds between looks at the database where the watcher says nothing."""
WATCH_AFTER = 0.3
"""Seconds after the start: the first picture comes first."""
LOOK_AFTER = 0.25
"""Seconds to wait for more changes before looking at the desk."""


def run(
    path: str | Path, *, reviewer: str | None, limit: int | None = None, lead: bool = False
) -> int:
    """Open the console on the desk at `path`. `limit` is the most items of a session; with `lead`
    it begins with how oversight goes.

    0 when it ended as it should.

    Raises what `ReviewDesk.open` raises: there is no screen yet to say it on.
    """
    clock = SystemClock()
    desk = ReviewDesk.open(path, reviewer=reviewer, clock=clock)
    flow = ReviewFlow(desk, clock)
    try:
        app = OverreadApp(flow, db=Path(path), clock=clock, limit=limit, lead=lead)
        app.run()
        return app.return_code or 0
    finally:
        flow.close()


class OverreadApp(App[None]):
    """Holds the flow, carries calls to it into a thread, and follows the database."""

    TITLE = "overread"
    CSS_PATH: ClassVar[CSSPathType | None] = [
        "app.tcss",
        "desk/desk.tcss",
        "lead/lead.tcss",
        "notices/notices.tcss",
        "policy/policy.tcss",
        "review/review.tcss",
        "dialogs/dialogs.tcss",
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "question_mark",
            "help",
            "help",
            key_display="?",
            id="app.help",
            tooltip="Every key of this screen, in words.",
        ),
        Binding(
            "S",
            "stop",
            "stop",
            show=False,
            id="app.stop",
            tooltip="Stop an agent, or the whole desk, until a lead lifts it.",
        ),
        Binding(
            "ctrl+t",
            "toggle_theme",
            "light or dark",
            show=False,
            id="app.theme",
            tooltip="Change between the light and the dark theme.",
        ),
        Binding(
            "ctrl+q",
            "leave",
            "leave",
            show=False,
            priority=True,
            id="app.leave",
            tooltip="Leave the console; what you had claimed goes back.",
        ),
    ]
    COMMANDS = App.COMMANDS | {BindingsProvider}
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        flow: ReviewFlow,
        *,
        db: Path,
        clock: Clock,
        limit: int | None = None,
        lead: bool = False,
    ) -> None:
        super().__init__()
        self._lead = lead
        self.flow = flow
        self.clock = clock
        self.limit = limit
        self.live = False
        self.urgent = 0
        self.leaving = False
        self._db = db
        self._single_operator = flow.desk.single_operator
        self._stop = threading.Event()
        self._seen_focus = False
        self._ticks = 0
        self._ticking = self._looking = False
        self._version: int | None = None
        self._filters.append(PrintableOnly())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own colours, for the moment before our themes are there, and for other themes."""
        return DARK.variables

    def on_mount(self) -> None:
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name
        self.push_screen(DeskScreen(self.flow))
        if self._lead:
            self.oversee()
        self.set_interval(1.0, self.tick)
        self.set_timer(WATCH_AFTER, self._watch)

    def on_unmount(self) -> None:
        self._stop.set()

    # ── calls into the store ─────────────────────────────────────────────────

    def do(
        self,
        call: Callable[[], T],
        *,
        then: Callable[[T], None] = lambda _: None,
        refused: Callable[[], None] = lambda: None,
        place: str = "command",
    ) -> None:
        """Run `call` in a thread; show what it brought, or say why it was refused."""
        self._in_thread(call, then, refused, place)

    @work(thread=True, group="store", exit_on_error=False)
    def _in_thread(
        self,
        call: Callable[[], T],
        then: Callable[[T], None],
        refused: Callable[[], None],
        place: str,
    ) -> None:
        try:
            result = call()
        except (OverreadError, BriefError) as error:
            self.post_message(Refused(visible(str(error)), place, refused))
        else:
            self.post_message(Finished(partial(then, result), place))

    def on_finished(self, message: Finished) -> None:
        if self.is_running:  # a call may come back when the screens are being taken down
            self._say_trouble(message.place, "")
            message.then()
            self._follow()

    def on_refused(self, message: Refused) -> None:
        if self.is_running:
            message.then()
            self._follow()
            self._say_trouble(message.place, message.sentence)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A defect of ours: say so and stay alive, rather than vanish with the reviewer's work."""
        if event.state is WorkerState.ERROR:
            error = visible(repr(event.worker.error))
            self._say_trouble("command", f"This should not happen, please report it: {error}")

    def _fatal_error(self) -> None:
        """Say on the way out what ended the program, but not the values that it held.

        What Textual says by itself quotes them as they are: an agent's text, and masked evidence.
        """
        told = visible("".join(traceback.format_exception(sys.exception())), multiline=True)
        self._exit_renderables.append(Text(told))
        self._close_messages_no_wait()

    def _say_trouble(self, place: str, sentence: str) -> None:
        """What fails is told on top, where it is seen; what works again takes it away anywhere."""
        screens = self._screens()
        for screen in screens[-1:] if sentence else screens:
            screen.say_trouble(place, sentence)

    def _follow(self) -> None:
        for screen in self._screens():
            screen.follow(self.flow.scene)

    def _screens(self) -> list[ConsoleScreen]:
        """The full screens that have come up, also those beneath a dialog; none on the way out."""
        if not self.is_running:
            return []
        stack = [screen for screen in self.screen_stack if isinstance(screen, ConsoleScreen)]
        return [screen for screen in stack if screen.is_mounted]

    # ── time, and what others do ─────────────────────────────────────────────

    def watch_app_focus(self, focus: bool) -> None:
        """A terminal in the background is not somebody reading."""
        if self._seen_focus:
            self.do(partial(self.flow.looked_away, lost=not focus), place="activity")
        self._seen_focus = True

    def on_input_changed(self) -> None:
        """Writing a reason is work on the item too."""
        self.do(self.flow.active, place="activity")

    def tick(self) -> None:
        """Let time pass, once a second; a slow store skips a beat instead of piling them up."""
        if self._ticking:
            return
        self._ticking = True
        self.do(self._pass_time, then=self._ticked, refused=self._tick_over, place="tick")

    def _pass_time(self) -> int | None:
        self.flow.tick()
        self._ticks += 1
        return self.flow.desk.version() if self._ticks % POLL_TICKS == 0 else None

    def _ticked(self, version: int | None) -> None:
        self._tick_over()
        if version is not None and version != self._version:
            self._version = version
            self.post_message(DeskMoved())
        if self.leaving and self.flow.scene.held is None:
            self.exit()

    def _tick_over(self) -> None:
        self._ticking = False

    @work(thread=True, group="watch", exit_on_error=False)
    def _watch(self) -> None:
        self.live = True
        self.post_message(DeskMoved())  # for what was written before anybody watched
        for _ in changes(self._db, self._stop):
            self.post_message(DeskMoved())
        self.live = False

    def on_desk_moved(self) -> None:
        """Others write in bursts: look once, a moment later."""
        if not self._looking:
            self._looking = True
            self.set_timer(LOOK_AFTER, self._look)

    def _look(self) -> None:
        self._looking = False
        for screen in self._screens():
            if isinstance(screen, DeskScreen):
                screen.look()

    @property
    def desk_words(self) -> str:
        """`● live · ▲ 1 urgent`, and whether one person may do both sides here."""
        parts = ["● live" if self.live else "○ polling"]
        if self.urgent:
            parts.append(f"▲ {self.urgent} urgent")
        if stopped := halts_short(self.flow.scene.halts):
            parts.append(stopped)
        if self._single_operator:
            parts.append("single operator")
        return " · ".join(parts)

    # ── ways in and out ──────────────────────────────────────────────────────

    def begin_session(self) -> None:
        """Claim a batch and show its first item."""
        self.do(partial(self.flow.start, max_items=self.limit), then=lambda _: self.enter())

    def begin_with(self, id: str) -> None:
        """Claim one item and show it."""
        self.do(partial(self.flow.take, id), then=lambda _: self.enter())

    def enter(self) -> None:
        """Show the item at hand, where there is one."""
        if self.flow.scene.in_session:
            self.push_screen(ReviewScreen(self.flow, self.clock))

    def after_session(self, word: Word | None) -> None:
        """Do what its reviewer wants done, if anything."""
        if word == "tell":
            self.do(self.flow.tell_owner)
        elif word is not None:
            self.do(partial(self.flow.looked_like_a_test, word == "seemed"))

    def oversee(self) -> None:
        """Show how oversight goes."""
        self.push_screen(LeadScreen(self.flow, self._db))

    def action_stop(self) -> None:
        """Whom, why, and one enter; from everywhere but a stop that is being asked about."""
        if not isinstance(self.screen, WhomDialog | StopDialog):
            self.do(self.flow.agents, then=self._ask_whom)

    def _ask_whom(self, agents: tuple[str, ...]) -> None:
        here = self._screens()[-1].agent_here
        named = dict.fromkeys(filter(None, (here, *agents)))
        self.push_screen(WhomDialog(tuple(named)), self._ask_why)

    def _ask_why(self, target: Target | None) -> None:
        if target is not None:
            self.push_screen(StopDialog(target), partial(self._stop_them, target))

    def _stop_them(self, target: Target, reason: str | None) -> None:
        if reason is not None:
            self.do(partial(self.flow.stop, target.agent, reason))

    def action_help(self) -> None:
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_toggle_theme(self) -> None:
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def action_leave(self) -> None:
        """Leave once nothing is held any more; a second time leaves at once."""
        if self.leaving or self.flow.scene.held is None:
            self.exit()
            return
        self.leaving = True
        self._follow()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        yield SystemCommand("Light or dark", "Change the theme", self.action_toggle_theme)
        yield SystemCommand("Help", "Every key of this screen", self.action_help)
        yield SystemCommand("Leave", "Leave the console", self.action_leave)
