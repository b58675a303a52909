"""Calm colours, light and dark, and how the roles of the flow look in them."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.theme import Theme

from overread_console.flow.spans import Line, Role

DARK = Theme(
    name="overread-dark",
    dark=True,
    primary="#8fb4c9",
    secondary="#a7a3c2",
    accent="#d8b26e",
    success="#8fbf8f",
    warning="#d8b26e",
    error="#e08a80",
    foreground="#d6d6d2",
    background="#16181a",
    surface="#1d2022",
    panel="#26292c",
    variables={"ink-muted": "#93999e", "ink-locked": "#6b7075"},
)
LIGHT = Theme(
    name="overread-light",
    dark=False,
    primary="#1f5872",
    secondary="#544f80",
    accent="#7a5200",
    success="#23662b",
    warning="#7a5200",
    error="#a3281c",
    foreground="#22262a",
    background="#faf9f6",
    surface="#f1efea",
    panel="#e4e1da",
    variables={"ink-muted": "#5c6166", "ink-locked": "#85898c"},
)

STYLES: dict[Role, str] = {
    "text": "",
    "strong": "bold",
    "muted": "$ink-muted",
    "question": "bold $primary",
    "danger": "bold $error",
    "warning": "$warning",
    "good": "$success",
    "key": "bold $accent",
    "locked": "$ink-locked",
    "agent": "italic $secondary",
}
"""Never colour alone: each of these goes with a word or a sign in the text."""


def content(lines: Iterable[Line]) -> Content:
    """Lines as a value that Textual shows as it is, never as markup."""
    return Content("\n").join(line_content(line) for line in lines)


def line_content(line: Line) -> Content:
    return Content.assemble(*((span.text, STYLES[span.role]) for span in line))
