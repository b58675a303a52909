"""The second layer against active text: nothing that is not printable leaves a rendered strip.

`visible()` is the first; this one is for the day somebody forgets it.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter


class PrintableOnly(LineFilter):
    """Replaces control, format and other unprintable characters, keeping every width."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [
            Segment(_printable(segment.text), segment.style, segment.control)
            for segment in segments
        ]


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "�" * cell_len(char) for char in text)
