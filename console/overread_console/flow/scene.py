"""One picture of the flow: all that a face needs to draw, and nothing that can change later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from overread_console.flow.card import Card
from overread_console.flow.held import HeldView
from overread_console.flow.keys import COMMANDS, KeyState
from overread_console.flow.no_option import why_no_option
from overread_console.flow.panes import Pane
from overread_console.flow.spans import Line, Role
from overread_queue.models import Halt, Review, SessionSummary

NOTHING_MASKED = "open what is masked first: evidence (1-9), or the action (w)"


@dataclass(frozen=True, slots=True)
class News:
    """Something that just happened, in one sentence."""

    text: str
    at: int
    """UTC milliseconds."""
    role: Role = "text"


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the flow stands."""

    in_session: bool = False
    position: int = 0
    total: int = 0
    pace: str = ""
    """`4 of 18 min`: what the session took so far, of what it was expected to take."""
    review: Review | None = None
    card: Card | None = None
    pane: Pane | None = None
    evidence: tuple[Line, ...] = ()
    evidence_at: int | None = None
    """Number of the evidence in the pane."""
    held: HeldView | None = None
    news: News | None = None
    summary: SessionSummary | None = None
    ended: str = ""
    """Why the session ended by itself; empty where the reviewer ended it."""
    lost: str = ""
    """Why the item at hand can no longer be decided here; empty while it can."""
    lock: str = ""
    """What approving still waits for, now: `approve in 14 s · 1 contradiction unread (1)`."""
    challengeable: bool = False
    """Approving is locked by time alone, so its keys open the challenge meanwhile."""
    halts: tuple[Halt, ...] = ()
    """Who is stopped until a lead lifts it."""

    @property
    def finished(self) -> bool:
        """Whether a session is open with nothing left in it."""
        return self.in_session and self.position > self.total

    def keys(self) -> tuple[KeyState, ...]:
        """Every key of the review screen, options first."""
        return (*self._option_keys(), *self._command_keys())

    def key(self, letter: str) -> KeyState | None:
        """What a letter does now, or None where it does nothing at all."""
        return next((state for state in self.keys() if state.key == letter), None)

    def why_not(self, letter: str) -> str:
        """Why a letter of options chooses nothing on the item at hand."""
        if self.card is None:
            return "no item is open, so there is nothing to decide"
        return why_no_option(letter, self.card)

    def _option_keys(self) -> Iterator[KeyState]:
        for choice in self.card.choices if self.card else ():
            shut = choice.locked and not self.challengeable
            why = self.lost or (self.lock if shut else "")
            yield KeyState(choice.letter, choice.label, not why, why)

    def _command_keys(self) -> Iterator[KeyState]:
        for command in COMMANDS:
            why = self._locked(command.name)
            yield KeyState(command.key, command.label, not why, why)

    def _locked(self, name: str) -> str:
        if name in ("quit", "stop", "urgent"):
            return ""
        if name == "undo":
            return "" if self.held else "nothing is held, so there is nothing to take back"
        if self.review is None:
            return "no item is open; start a session first"
        if name == "unmask" and not (self.pane and (self.pane.masked or self.pane.parameter)):
            return NOTHING_MASKED
        if name == "judge":
            return self.lost or self._nothing_to_judge()
        return self.lost if name in ("snooze", "comment") else ""

    def _nothing_to_judge(self) -> str:
        if self.card is None or self.card.withheld:
            return ""
        if self.card.judged:
            return f"you judged already, and it stays: {self.card.judged}"
        return "nothing is withheld on this item, so there is nothing to judge first"
