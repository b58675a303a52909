"""Stop an agent, or everything: whom, why, and one enter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from overread_briefs.visible import visible
from overread_console.flow.spans import Line, Span
from overread_console.tui.dialogs.base import Dialog
from overread_console.tui.theme import content

MOST = 8
"""Agents on offer, on the keys from 1 on."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to stop."""

    agent: str | None
    """None for the whole desk."""

    @property
    def words(self) -> str:
        return visible(self.agent) if self.agent is not None else "the whole desk"


class WhomDialog(Dialog[Target]):
    """Gives whom to stop, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(n), f"stop({n})", show=False, id=f"stop.{n}") for n in range(MOST + 1)
    ]

    def __init__(self, agents: tuple[str, ...]) -> None:
        super().__init__("stop whom?", "a number chooses · esc back, with nothing done")
        self._targets = (Target(None), *(Target(agent) for agent in agents[:MOST]))

    def middle(self) -> Iterable[Widget]:
        first, *rest = enumerate(self._targets)
        yield Static(content(_line(*one) for one in (*rest, first)), classes="lines")

    def action_stop(self, number: int) -> None:
        if number < len(self._targets):
            self.dismiss(self._targets[number])


class StopDialog(Dialog[str]):
    """Gives the reason, which may be empty, or None where nobody is to be stopped."""

    reason = getters.query_one(Input)

    def __init__(self, target: Target) -> None:
        super().__init__(f"stop {target.words}?", "enter stops · esc back, with nothing done")

    def middle(self) -> Iterable[Widget]:
        yield Static(Content("Nothing that was asked is lost; nothing more is approved or done."))
        yield Static(Content("A lead lifts it with `overread lift`."), classes="lines")
        yield Input(placeholder="why, in a few words; may be empty", compact=True)

    def on_mount(self) -> None:
        self.reason.cursor_blink = False
        self.reason.focus()

    @on(Input.Submitted)
    def _send(self) -> None:
        self.dismiss(self.reason.value.strip())


def _line(number: int, target: Target) -> Line:
    return (Span(f"{number} ", "key"), Span(target.words))
