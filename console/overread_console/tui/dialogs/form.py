"""Change what may be changed, and see the exact action before it is approved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from overread_briefs.fields import Parameters
from overread_briefs.visible import visible
from overread_console.flow.form import Field, read_form
from overread_console.flow.prompt import Prompt
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.spans import Line, Span
from overread_console.tui.dialogs.base import Dialog
from overread_console.tui.theme import content
from overread_queue.errors import OverreadError

if TYPE_CHECKING:
    from overread_console.tui.app import OverreadApp


_UNCHANGED: tuple[Line, ...] = ((Span("nothing is changed yet", "muted"),),)


class FormDialog(Dialog[Parameters]):
    """Gives the changed parameters, or None. What is shown at the foot is what will be executed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+s",
            "approve",
            "approve this",
            priority=True,
            id="form.approve",
            tooltip="Approve the action exactly as shown.",
        ),
    ]

    shown = getters.query_one("#executed", Static)
    complaint = getters.query_one("#complaint", Static)

    def __init__(self, prompt: Prompt, flow: ReviewFlow) -> None:
        super().__init__(
            prompt.title, "tab next · enter in the last field, or ctrl+s, approves this · esc back"
        )
        self._prompt = prompt
        self._flow = flow
        self._ready: Parameters | None = None

    def middle(self) -> Iterable[Widget]:
        if self._prompt.lines:
            yield Static(content(self._prompt.lines))
        for field in self._prompt.fields:
            yield Static(_label(field), classes="label")
            yield Input(field.text, id=_id(field), compact=True, select_on_focus=False)
        yield Static(id="executed", classes="lines")
        yield Static(id="complaint")

    def on_mount(self) -> None:
        for box in self.query(Input):
            box.cursor_blink = False
        self.query(Input).first().focus()
        self._preview()

    @on(Input.Changed)
    def _preview(self) -> None:
        """Ask the desk, on each change, what would be executed."""
        self._ready = None
        self._check(self._show)

    def _check(self, then: Callable[[tuple[Parameters, tuple[Line, ...]] | str], None]) -> None:
        texts = {field.name: self._box(field).value for field in self._prompt.fields}
        cast("OverreadApp", self.app).do(
            partial(_checked, self._flow, self._prompt, texts), then=then
        )

    def _show(self, outcome: tuple[Parameters, tuple[Line, ...]] | str) -> None:
        if isinstance(outcome, str):
            self.shown.update("")
            self.complaint.update(Content(outcome))
            return
        self._ready, lines = outcome
        self.complaint.update("")
        self.shown.update(content(lines))

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        if event.input is self._box(self._prompt.fields[-1]):
            self.action_approve()
        else:
            self.focus_next()

    def action_approve(self) -> None:
        """Check once more what is typed now, and approve exactly that."""
        self._check(self._approve)

    def _approve(self, outcome: tuple[Parameters, tuple[Line, ...]] | str) -> None:
        self._show(outcome)
        if self._ready:
            self.dismiss(self._ready)

    def _box(self, field: Field) -> Input:
        return self.query_one(f"#{_id(field)}", Input)


def _checked(
    flow: ReviewFlow, prompt: Prompt, texts: dict[str, str]
) -> tuple[Parameters, tuple[Line, ...]] | str:
    """What would be executed, or a sentence about what is not permitted."""
    try:
        values = read_form(prompt.fields, texts)
        lines = flow.preview(prompt.option, values) if values else _UNCHANGED
        return values, lines
    except OverreadError as refused:
        return visible(str(refused))


def _id(field: Field) -> str:
    """Parameter names may hold dots and slashes, which ids may not."""
    return "field-" + field.name.encode().hex()


def _label(field: Field) -> Content:
    return Content.assemble((field.title, "bold"), (f"  {field.hint}", "$ink-muted"))
