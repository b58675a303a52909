"""How much room text takes in a terminal: cells, lines, and cutting that says what it cut."""

from __future__ import annotations

import re
import unicodedata

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
    """Lines of at most `width` cells, broken at spaces and, where a word is longer, inside it."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if cells(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _chop(word, width)
        lines.extend(full)
    return (*lines, line) if line else tuple(lines)


def _chop(word: str, width: int) -> list[str]:
    pieces = []
    while cells(word) > width:
        head = _fitting(word, width) or word[:1]
        pieces.append(head)
        word = word[len(head) :]
    return [*pieces, word]


def _fitting(text: str, width: int) -> str:
    """The longest beginning that fits and splits neither a mark nor a combined character."""
    end = used = 0
    for unit in _units(text):
        used += cells(unit)
        if used > width:
            break
        end += len(unit)
    return text[:end]


def _units(text: str) -> list[str]:
    units: list[str] = []
    position = 0
    while position < len(text):
        mark = _MARK.match(text, position)
        end = mark.end() if mark else position + 1
        while end < len(text) and is_combining(text[end]):
            end += 1
        units.append(text[position:end])
        position = end
    return units
