"""One escalation on one screen: the card, what is read beside it, and the keys that decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from textual import events, getters, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.widget import Widget

from overread_console.flow.card import PAYING, Choice
from overread_console.flow.care import SURENESS
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.scene import Scene
from overread_console.flow.spans import Line, Role, Span
from overread_console.tui.dialogs.snooze import SnoozeDialog
from overread_console.tui.dialogs.summary import SummaryDialog
from overread_console.tui.dialogs.words import WordsDialog
from overread_console.tui.review.arming import Arming
from overread_console.tui.review.asking import AskingScreen
from overread_console.tui.review.card_view import CardView
from overread_console.tui.review.judging import Judging
from overread_console.tui.review.keys import OPTION_LETTERS, REVIEW_BINDINGS
from overread_console.tui.review.reading import ReadingPane
from overread_queue.clock import Clock

WIDE = 110
"""Columns from which evidence stands beside the card."""


class ReviewScreen(AskingScreen):
    """Nothing on it changes unless the reviewer does something, or time passes."""

    BINDINGS: ClassVar[list[BindingType]] = REVIEW_BINDINGS
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - as Screen has it

    scene: reactive[Scene] = reactive(Scene())
    """Where the flow stands; flows down to the card and the pane."""
    judging: reactive[Judging | None] = reactive[Judging | None](None)
    """A first judgement that is being made; flows down to the card."""

    card = getters.query_one(CardView)
    reading = getters.query_one(ReadingPane)

    def __init__(self, flow: ReviewFlow, clock: Clock) -> None:
        super().__init__(flow)
        self._clock = clock
        self._arming = Arming(clock.now())
        self._over = False
        self._lock_role: Role = "strong"

    @property
    def agent_here(self) -> str:
        return self.scene.review.item.agent if self.scene.review else ""

    def body(self) -> Iterable[Widget]:
        with Horizontal(id="middle"):
            yield CardView().data_bind(ReviewScreen.scene, ReviewScreen.judging)
            yield ReadingPane().data_bind(ReviewScreen.scene)

    def on_mount(self) -> None:
        self.follow(self.flow.scene)

    def on_key(self, event: events.Key) -> None:
        """Any key is a sign that somebody is there, and that what was remarked has been read."""
        self._remark = ()
        self.news.line = self._news(self.scene)
        self._arming.pressed(event.key, self._clock.now())
        self.console.do(self.flow.active, place="activity")

    def on_screen_resume(self) -> None:
        """A dialog is gone, and the card is what is read again."""
        self._arming.shown(self._clock.now())
        self._leave_when_over(self.flow.scene)

    def words_for(self, binding: Binding) -> str:
        """In the item's own words; nothing for an option that it does not have."""
        letter = OPTION_LETTERS.get(binding.id or "")
        choices = self.scene.card.choices if self.scene.card else ()
        own = (f"{one.label}: {one.consequence}" for one in choices if one.letter == letter)
        return super().words_for(binding) if letter is None else next(own, "")

    # ── the picture ──────────────────────────────────────────────────────────

    def follow(self, scene: Scene) -> None:
        before = self.scene
        self.scene = scene
        if _review_id(before) != _review_id(scene):
            self._new_item()
        elif _suggested(before) != _suggested(scene):
            self._arming.shown(self._clock.now())
        self.set_class(scene.pane is not None, "-reading")
        self.top.left = self._where(scene)
        self.top.right = self.console.desk_words
        self.news.line = self._news(scene)
        self._leave_when_over(scene)

    def _new_item(self) -> None:
        self._arming.shown(self._clock.now())
        self._remark, self._lock_role, self.judging = (), "strong", None
        if self.scene.review is not None and self.app.size.width >= WIDE:
            self._do(partial(self.flow.read, 1, unasked=True))

    def _where(self, scene: Scene) -> str:
        place = "finished" if scene.finished else f"item {scene.position} of {scene.total}"
        return " · ".join(filter(None, ("overread", place, scene.pace)))

    def _news(self, scene: Scene) -> Line:
        if self._remark:
            held = (Span(f"{scene.held.short()} · ", "warning"),) if scene.held else ()
            return (*held, *self._remark)
        if scene.lost:
            return (Span(scene.lost, "danger"),)
        lock = (Span(scene.lock, self._lock_role),) if scene.lock else ()
        lately = self._lately(scene, short=bool(lock))
        between = (Span(" · ", "muted"),) if lock and lately else ()
        if scene.held:  # first: it is gone in ten seconds, and the line may be cut at its end
            return (*lately, *between, *lock)
        return (*lock, *between, *lately)

    def _lately(self, scene: Scene, *, short: bool) -> Line:
        """What is held, or what has just happened."""
        if scene.held is not None:
            return (Span(scene.held.short() if short else scene.held.words(), "warning"),)
        return (Span(scene.news.text, scene.news.role),) if scene.news else ()

    def remark(self, text: str) -> None:
        """Say why a key did nothing, until the next key."""
        self._remark = (Span(text, "warning"),)
        self.news.line = self._news(self.scene)

    # ── deciding ─────────────────────────────────────────────────────────────

    def action_option(self, letter: str) -> None:
        """Choose the option with that letter, or say why not now."""
        self._take(letter, clicked=False)

    def _take(self, letter: str, *, clicked: bool) -> None:
        choices = self.scene.card.choices if self.scene.card else ()
        chosen = next((choice for choice in choices if choice.letter == letter), None)
        if chosen is None:
            self.remark(self.scene.why_not(letter))
        elif self.judging is not None:
            self.judging = Judging(chosen)
        elif self._ready(chosen, clicked=clicked):
            self._decide(chosen.key)

    def _ready(self, chosen: Choice, *, clicked: bool) -> bool:
        """Whether a key acts now; a locked one says why."""
        letter, now = chosen.letter, self._clock.now()
        state = self.scene.key(letter)
        if state is not None and not state.enabled:
            self._say_locked(state.why)
        elif self._busy:
            self.remark("one moment, the last key is still being carried out")
        elif self._covered():
            self._do(self.flow.stop_reading)
            self.remark(f"back on the card; press {letter} again")
        elif self._arming.fresh(now):
            self.remark(f"this card just came up; press {letter} again")
        elif not clicked and chosen.kind in PAYING and not self._arming.meant(letter, now):
            self.remark(f"held down, or typed in a rush; let go, then press {letter} once")
        else:
            return True
        return False

    def _say_locked(self, why: str) -> None:
        """A lock stands at the foot already and counts down there; a remark would stand still."""
        if why != self.scene.lock:
            self.remark(why)
            return
        self._remark, self._lock_role = (), "warning"
        self.news.line = self._news(self.scene)

    def _covered(self) -> bool:
        """Whether the options are hidden behind what is being read."""
        return self.has_class("-narrow") and self.scene.pane is not None

    @on(CardView.KeyClicked)
    def _press(self, message: CardView.KeyClicked) -> None:
        """A click on a line is its key."""
        if message.key.isdecimal():
            self.action_read(int(message.key))
        else:
            self._take(message.key, clicked=True)

    # ── everything else ──────────────────────────────────────────────────────

    def action_command(self, name: str) -> None:
        """Carry out one of the commands that every item has."""
        key, act = self._commands()[name]
        state = self.scene.key(key)
        if state is not None and not state.enabled:
            self.remark(state.why)
        elif self._busy:
            self.remark("one moment, the last key is still being carried out")
        else:
            act()

    def _commands(self) -> dict[str, tuple[str, Callable[[], None]]]:
        flow = self.flow
        return {
            "done": ("d", partial(self._do, flow.read_steps)),
            "why": ("w", partial(self._do, flow.read_reasons)),
            "unmask": ("v", partial(self._do, flow.unmask)),
            "comment": ("c", self._comment),
            "snooze": ("z", self._snooze),
            "skip": ("n", partial(self._do, flow.skip)),
            "undo": ("u", partial(self._do, flow.undo)),
            "judge": ("j", self._judge),
            "urgent": ("U", partial(self._do, flow.bring_urgent)),
            "stop": ("S", self.console.action_stop),
            "quit": ("q", partial(self._do, flow.end)),
        }

    def _judge(self) -> None:
        if self._covered():
            self._do(self.flow.stop_reading)
        self.judging = Judging()

    def _judged(self, choice: Choice, number: int) -> None:
        """The last key of a first judgement."""
        if not 1 <= number <= len(SURENESS):
            self.remark("how sure: 1 low, 2 medium, 3 high")
            return
        self.judging = None
        self._do(partial(self.flow.judge, choice.key, SURENESS[number - 1]))

    def _comment(self) -> None:
        self._do(self.flow.read_comments, then=lambda _: self._ask_comment())

    def _ask_comment(self) -> None:
        dialog = WordsDialog(
            "add a note",
            "It travels with the item, for colleagues.",
            lines=self.flow.scene.pane.lines if self.flow.scene.pane else (),
        )
        self._push(dialog, lambda words: self._do(partial(self.flow.comment, words)))

    def _snooze(self) -> None:
        review = self.scene.review
        if review is not None:
            dialog = SnoozeDialog(self._clock.now(), review.handling.deadline_at)
            self._push(dialog, self._ask_why_later)

    def _ask_why_later(self, until: int) -> None:
        dialog = WordsDialog("snooze", "Why later? The next reader sees it first.")
        self._push(dialog, lambda words: self._do(partial(self.flow.snooze, until, words)))

    def _leave_when_over(self, scene: Scene) -> None:
        """The session ended, by `q` or by itself: back to the desk, with what it came to."""
        if scene.in_session or self._over or not self.is_current:
            return
        self._over = True
        self.dismiss()
        if scene.summary is not None:
            dialog = SummaryDialog(scene.summary, scene.ended)
            self.console.push_screen(dialog, self.console.after_session)

    # ── reading ──────────────────────────────────────────────────────────────

    def action_read(self, number: int) -> None:
        """Open a piece of evidence; the same key again goes back to the card."""
        if self.judging is not None and self.judging.choice is not None:
            self._judged(self.judging.choice, number)
        elif self._covered() and self.scene.evidence_at == number:
            self.action_back()
        elif 1 <= number <= len(self.scene.evidence):
            self._do(partial(self.flow.read, number))
        else:
            self.remark(f"there is no evidence {number} on this item")

    def action_beside(self, by: int) -> None:
        if self.scene.evidence:
            at = (self.scene.evidence_at or (0 if by > 0 else 1)) + by
            self.action_read((at - 1) % len(self.scene.evidence) + 1)

    def action_back(self) -> None:
        if self.judging is not None:
            self.judging, self._remark = None, ()
        elif not self.calm_down():
            self._arming.shown(self._clock.now())
            self._do(self.flow.stop_reading)

    def action_scroll(self, by: int) -> None:
        pane = self.card if self.has_class("-narrow") and self.scene.pane is None else self.reading
        pane.scroll_relative(y=by, animate=False)


def _suggested(scene: Scene) -> bool:
    return scene.card is not None and scene.card.suggestion is not None


def _review_id(scene: Scene) -> str:
    return scene.review.id if scene.review else ""
