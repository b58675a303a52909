"""Styled text without a terminal: words and the role they play. Faces turn roles into colours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from overread_briefs.width import cells, wrap

Role = Literal[
    "text", "strong", "muted", "question", "danger", "warning", "good", "key", "locked", "agent"
]


class Span(NamedTuple):
    """A piece of one line."""

    text: str
    role: Role = "text"


Line = tuple[Span, ...]

BLANK: Line = ()


def plain(line: Line) -> str:
    """The words alone."""
    return "".join(span.text for span in line)


def width(spans: Iterable[Span]) -> int:
    """Terminal columns that the spans take together."""
    return sum(cells(span.text) for span in spans)


def short(text: str, columns: int) -> str:
    """One line of at most `columns` cells; a `…` says that it goes on."""
    if cells(text) <= columns:
        return text
    first, *_ = wrap(text, max(columns - 1, 1))
    return first + "…"


def padded(span: Span, columns: int) -> Span:
    """The span, filled with blanks up to `columns`."""
    return Span(span.text + " " * max(columns - cells(span.text), 0), span.role)


def apart(left: Line, right: Line, columns: int) -> Line:
    """`left` and `right` at the two ends of a line, at least one blank between them."""
    gap = max(columns - width(left) - width(right), 1)
    return (*left, Span(" " * gap), *right)
