"""One escalation on one screen: the card, what is read beside it, and the keys that decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widget import Widget

from overread_briefs.fields import Parameters
from overread_console.flow.prompt import Prompt
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.scene import Scene
from overread_console.flow.spans import Line, Span
from overread_console.tui.base import ConsoleScreen
from overread_console.tui.dialogs.form import FormDialog
from overread_console.tui.dialogs.snooze import SnoozeDialog
from overread_console.tui.dialogs.summary import SummaryDialog
from overread_console.tui.dialogs.words import WordsDialog
from overread_console.tui.dialogs.yes import YesDialog
from overread_console.tui.review.card_view import CardView
from overread_console.tui.review.keys import OPTION_LETTERS, REVIEW_BINDINGS
from overread_console.tui.review.reading import ReadingPane
from overread_queue.clock import Clock
from overread_queue.models import SessionSummary

if TYPE_CHECKING:
    from overread_console.tui.app import OverreadApp

T = TypeVar("T")

WIDE = 110
"""Columns from which evidence stands beside the card."""
ARM_MS = 400
"""How long a card is on show before a key can decide it: no finger is that fast on purpose."""


class ReviewScreen(ConsoleScreen):
    """Nothing on it changes unless the reviewer does something, or time passes."""

    BINDINGS: ClassVar[list[BindingType]] = REVIEW_BINDINGS
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - as Screen has it

    scene: reactive[Scene] = reactive(Scene())
    """Where the flow stands; flows down to the card and the pane."""

    card = getters.query_one(CardView)
    reading = getters.query_one(ReadingPane)

    def __init__(self, flow: ReviewFlow, clock: Clock) -> None:
        super().__init__(flow)
        self._clock = clock
        self._shown_at = clock.now()
        self._busy = False
        self._remark: Line = ()

    @property
    def console(self) -> OverreadApp:
        return cast("OverreadApp", self.app)

    def body(self) -> Iterable[Widget]:
        with Horizontal(id="middle"):
            yield CardView().data_bind(ReviewScreen.scene)
            yield ReadingPane().data_bind(ReviewScreen.scene)

    def on_mount(self) -> None:
        self.follow(self.flow.scene)

    def on_key(self) -> None:
        """Any key is a sign that somebody is there."""
        self.console.do(self.flow.active, place="activity")

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
        self.set_class(scene.pane is not None, "-reading")
        self.top.left = self._where(scene)
        self.top.right = self.console.desk_words
        self.news.line = self._news(scene)

    def _new_item(self) -> None:
        self._shown_at = self._clock.now()
        self._remark = ()
        if self.scene.review is not None and self.app.size.width >= WIDE:
            self._do(partial(self.flow.read, 1))

    def _where(self, scene: Scene) -> str:
        place = "finished" if scene.finished else f"item {scene.position} of {scene.total}"
        return " · ".join(filter(None, ("overread", place, scene.pace)))

    def _news(self, scene: Scene) -> Line:
        if self._remark:
            held = (Span(f"{scene.held.short()} · ", "warning"),) if scene.held else ()
            return (*held, *self._remark)
        if scene.held is not None:
            return (Span(scene.held.words(), "warning"),)
        if scene.lost:
            return (Span(scene.lost, "danger"),)
        return (Span(scene.news.text, scene.news.role),) if scene.news else ()

    def remark(self, text: str) -> None:
        """Say why a key did nothing, until the next key."""
        self._remark = (Span(text, "warning"),)
        self.news.line = self._news(self.scene)

    # ── deciding ─────────────────────────────────────────────────────────────

    def action_option(self, letter: str) -> None:
        """Choose the option with that letter, or say why not now."""
        choices = self.scene.card.choices if self.scene.card else ()
        chosen = next((choice for choice in choices if choice.letter == letter), None)
        if chosen is None:
            self.remark(self.scene.why_not(letter))
        elif self._ready(letter):
            self._do(partial(self.flow.prepare, chosen.key), then=self._ask)

    def _ready(self, letter: str) -> bool:
        """Whether a key acts now; a locked one says why."""
        state = self.scene.key(letter)
        if state is not None and not state.enabled:
            self.remark(state.why)
        elif self._busy:
            self.remark("one moment, the last key is still being carried out")
        elif self._covered():
            self._do(self.flow.stop_reading)
            self.remark(f"back on the card; press {letter} again")
        elif 0 <= self._clock.now() - self._shown_at < ARM_MS:
            self.remark(f"this card just came up; press {letter} again")
        else:
            return True
        return False

    def _covered(self) -> bool:
        """Whether the options are hidden behind what is being read."""
        return self.has_class("-narrow") and self.scene.pane is not None

    def _ask(self, prompt: Prompt) -> None:
        """Get what the option still needs, then decide."""
        if prompt.kind == "nothing":
            self._choose(prompt.option)
        elif prompt.kind == "yes":
            self._push(YesDialog(prompt), lambda _: self._choose(prompt.option))
        elif prompt.kind == "words":
            dialog = WordsDialog(prompt.title, prompt.ask, text=prompt.text)
            self._push(dialog, lambda words: self._choose(prompt.option, reason=words))
        else:
            self._push(
                FormDialog(prompt, self.flow),
                lambda values: self._choose(prompt.option, parameters=values),
            )

    def _choose(
        self, option: str, *, parameters: Parameters | None = None, reason: str = ""
    ) -> None:
        self._do(partial(self.flow.choose, option, parameters=parameters, reason=reason))

    @on(CardView.KeyClicked)
    def _press(self, message: CardView.KeyClicked) -> None:
        """A click on a line is its key."""
        if message.key.isdecimal():
            self.action_read(int(message.key))
        else:
            self.action_option(message.key)

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
            "reveal": ("v", partial(self._do, flow.reveal)),
            "comment": ("c", self._comment),
            "snooze": ("z", self._snooze),
            "skip": ("n", partial(self._do, flow.skip)),
            "undo": ("u", partial(self._do, flow.undo)),
            "quit": ("q", partial(self._do, flow.end, then=self._summarise)),
        }

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

    def _summarise(self, summary: SessionSummary | None) -> None:
        self.dismiss()
        if summary is not None:
            self.console.push_screen(SummaryDialog(summary))

    # ── reading ──────────────────────────────────────────────────────────────

    def action_read(self, number: int) -> None:
        """Open a piece of evidence; the same key again goes back to the card."""
        if self._covered() and self.scene.evidence_at == number:
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
        if not self.calm_down():
            self._shown_at = self._clock.now()
            self._do(self.flow.stop_reading)

    def action_scroll(self, by: int) -> None:
        pane = self.card if self.has_class("-narrow") and self.scene.pane is None else self.reading
        pane.scroll_relative(y=by, animate=False)

    # ── carrying out ─────────────────────────────────────────────────────────

    def _do(self, call: Callable[[], T], then: Callable[[T], None] = lambda _: None) -> None:
        """One call at a time: a second key waits for the first to be carried out."""
        self._busy = True
        self._remark = ()

        def arrived(result: T) -> None:
            self._busy = False
            then(result)

        self.console.do(call, then=arrived, refused=self._free)

    def _free(self) -> None:
        self._busy = False

    def _push(self, dialog: ModalScreen[T | None], then: Callable[[T], None]) -> None:
        """Ask something; leaving the dialog leaves everything as it is."""

        def answered(result: T | None) -> None:
            if result is not None:
                then(result)

        self.console.push_screen(dialog, answered)


def _review_id(scene: Scene) -> str:
    return scene.review.id if scene.review else ""
