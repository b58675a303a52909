"""How much room text takes in a terminal: cells, lines, and cutting that says what it cut."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from overread_briefs.visible import is_combining

# A mark stays whole, and so does a character with what is drawn onto it.
_MARK = re.compile("⟪[^⟪⟫]*⟫")
# Wide since Unicode 16, which the database of an older Python does not know.
_NEWLY_WIDE = re.compile("[\u2630-\u2637\u268a-\u268f\u4dc0-\u4dff\U0001d300-\U0001d376]")


def cells(text: str) -> int:
    """Columns a terminal needs for one line of text that `visible()` has passed."""
    if text.isascii():
        return len(text)
    return sum(map(_char_cells, text))


@lru_cache(maxsize=4096)
def _char_cells(char: str) -> int:
    if is_combining(char):
        return 0
    wide = unicodedata.east_asian_width(char) in "WF" or _NEWLY_WIDE.match(char)
    return 2 if wide else 1


def clip(text: str, width: int) -> str:
    """Cut one line of visible text to `width` cells, ending in `… +123 chars` that were cut.

    The ending shrinks to `…` where there is no room for the count. Marks are never cut in half.
    """
    if cells(text) <= width:
        return text
    room = width - len(_ending(len(text)))
    if room < 0:
        return "…"[:width]
    kept = _fitting(text, room)
    return kept + _ending(len(text) - len(kept))


def _ending(cut: int) -> str:
    return f"… +{cut:,} chars"


def wrap(text: str, width: int) -> tuple[str, ...]:
    """Break one line of visible text at spaces, and inside a word that is wider than `width`.

    Only a character of two cells in a width of one does not fit.
    """
    lines: list[str] = []
    line, used = "", 0
    for word in text.split():
        size = cells(word)
        if line and used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line)
        *full, line = _chop(word, width) if size > width else [word]
        lines.extend(full)
        used = cells(line)
    return (*lines, line) if line else tuple(lines)


def _chop(word: str, width: int) -> list[str]:
    pieces: list[str] = []
    piece, used = "", 0
    for unit in _units(word):
        for part in (unit,) if cells(unit) <= width else unit:
            size = cells(part)
            if piece and used + size > width:
                pieces.append(piece)
                piece, used = "", 0
            piece += part
            used += size
    return [*pieces, piece]


def _fitting(text: str, width: int) -> str:
    """The longest beginning that fits and splits neither a mark nor a combined character."""
    end = used = 0
    for unit in _units(text):
        used += cells(unit)
        if used > width:
            break
        end += len(unit)
    return text[:end]


def _units(text: str) -> Iterator[str]:
    position = 0
    while position < len(text):
        mark = _MARK.match(text, position)
        end = mark.end() if mark else position + 1
        while end < len(text) and is_combining(text[end]):
            end += 1
        yield text[position:end]
        position = end
