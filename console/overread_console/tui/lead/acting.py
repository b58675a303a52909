"""What can be done on a lead's page: acknowledge the alarm at hand, save a picture."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from overread_briefs.visible import visible
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.spans import Span
from overread_console.lead.picture import picture_name, save_picture
from overread_console.lead.view import LeadView, view_of
from overread_console.tui.base import ConsoleScreen
from overread_console.tui.dialogs.words import WordsDialog
from overread_queue.health.alarm import Alarm
from overread_queue.office import LeadOffice

if TYPE_CHECKING:
    from overread_console.tui.app import OverreadApp


class ActingScreen(ConsoleScreen):
    """Subclasses say what is at hand. A lead's door has no session to keep: each call opens it."""

    def __init__(self, flow: ReviewFlow, db: Path) -> None:
        super().__init__(flow)
        self._db = db
        self._said = ""

    @property
    def console(self) -> OverreadApp:
        return cast("OverreadApp", self.app)

    @property
    def page_name(self) -> str:
        """Of the page that is shown."""
        raise NotImplementedError

    @property
    def alarm_at_hand(self) -> Alarm | None:
        raise NotImplementedError

    @property
    def may_acknowledge(self) -> bool:
        """Whether whoever looks is a lead."""
        raise NotImplementedError

    def tell(self, words: str) -> None:
        """Stands at the foot until the next look."""
        self._said = words
        self.say(words)

    # ── calls into the store ─────────────────────────────────────────────────

    def look(self, days: int) -> LeadView:
        with self._office() as office:
            return view_of(office, days)

    def _office(self) -> LeadOffice:
        clock = self.console.clock
        return LeadOffice.open(self._db, reviewer=self.flow.desk.name, clock=clock)

    # ── alarms ───────────────────────────────────────────────────────────────

    def action_acknowledge(self) -> None:
        alarm = self.alarm_at_hand
        if alarm is None:
            self.tell("choose an alarm first: page 3 has them all")
        elif not self.may_acknowledge:
            self.tell("only a lead acknowledges an alarm; you may read everything")
        elif alarm.acknowledged_at is not None or alarm.over_at is not None:
            self.tell("there is nothing left to acknowledge")
        else:
            asked = ((Span(visible(alarm.says)),),)
            dialog = WordsDialog(
                "acknowledge", "What did you find?", lines=asked, enter="acknowledges"
            )
            self.console.push_screen(dialog, partial(self._acknowledge, alarm))

    def _acknowledge(self, alarm: Alarm, note: str | None) -> None:
        if note:
            call = partial(self._note, alarm.id, note)
            self.console.do(call, then=lambda _: self.action_refresh())

    def _note(self, id: str, note: str) -> None:
        with self._office() as office:
            office.acknowledge(id, note)

    def action_refresh(self) -> None:
        """Look at the desk again."""
        raise NotImplementedError

    # ── pictures ─────────────────────────────────────────────────────────────

    def action_save(self) -> None:
        """The picture is taken before the dialog covers the page."""
        svg = self.app.export_screenshot(title="overread")
        name = picture_name(self.page_name, self.console.clock.now())
        dialog = WordsDialog(
            "save a picture of this page", "As which file?", text=name, enter="saves"
        )
        self.console.push_screen(dialog, partial(self._save, svg))

    def _save(self, svg: str, name: str | None) -> None:
        if name:
            self.console.do(partial(save_picture, svg, name), then=self._saved)

    def _saved(self, path: Path) -> None:
        self.tell(f"saved as {visible(str(path))}")
