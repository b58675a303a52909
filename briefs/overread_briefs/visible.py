"""The one boundary for text from outside: what cannot be seen becomes a mark, nothing is dropped.

A mark is `⟪NAME⟫`, or `⟪NAME×3⟫` for a run of the same character. The opening bracket itself is
always marked when it comes from outside, so no text can imitate a mark, and `invisible()` gives
back exactly what came in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from overread_briefs.errors import UnknownMark

MAX_COMBINING = 4
"""Combining marks shown on one base; a fifth would climb into the line above."""

_C0 = """
    NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI
    DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US
"""
_NAMES: dict[int, str] = dict(enumerate(_C0.split())) | {
    0x7F: "DEL",
    0x85: "NEL",
    0x9B: "CSI",
    0x9D: "OSC",
    0xA0: "NBSP",
    0xAD: "SHY",
    0x034F: "CGJ",
    0x061C: "ALM",
    0x200B: "ZWSP",
    0x200C: "ZWNJ",
    0x200D: "ZWJ",
    0x200E: "LRM",
    0x200F: "RLM",
    0x2028: "LS",
    0x2029: "PS",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x202F: "NNBSP",
    0x2060: "WJ",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
    0xFEFF: "BOM",
}
_POINTS = {name: point for point, name in _NAMES.items()}

# Blank or invisible characters that their category does not give away: grapheme joiner, Hangul,
# Khmer and Khitan fillers, variation selectors, braille blank, null notehead.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U00016fe4\U0001d159\U000e0100-\U000e01ef]"
)
# Conjoining vowels and finals of Hangul draw over the letter before them, like combining marks.
_CONJOINING = re.compile("[\u1161-\u11ff\ud7b0-\ud7c6\ud7cb-\ud7fb]")

# Characters known to be harmless without asking the database: most text never leaves this set.
_HARMLESS = (
    " -~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u03a1\u03a3-\u03ce\u0410-\u044f\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20bf\u2190-\u23ff\u2500-\u27bf\u3001-\u3020\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff"
    "\uac00-\ud7a3"
)
_SUSPECTS = re.compile(f"[^{_HARMLESS}]+")
_SUSPECTS_BUT_LINE_FEEDS = re.compile(f"[^\n{_HARMLESS}]+")
_MARK = re.compile("⟪[^⟪⟫]*⟫?")
# Seven digits are enough for any document, and keep a forged count from filling the memory.
_MARK_PARTS = re.compile(
    r"⟪(?:U\+(?P<hex>[0-9A-F]{4,6})|TAG:(?P<tag>[0-9A-F]{2})|(?P<name>[A-Z0-9]+))"
    r"(?:×(?P<times>[1-9][0-9]{0,6}))?⟫"
)


def visible(text: str, *, multiline: bool = False) -> str:
    """Text that is safe to print: every hidden or active character shown as a mark.

    `multiline` keeps line feeds; everywhere else they are marked too.
    """
    if text.isascii() and text.isprintable():
        return text
    suspects = _SUSPECTS_BUT_LINE_FEEDS if multiline else _SUSPECTS
    return suspects.sub(_show, text)


def invisible(text: str) -> str:
    """The text that `visible()` was given. Raises `UnknownMark` on what it never writes."""
    return _MARK.sub(_unmark, text)


@lru_cache(maxsize=4096)
def is_hidden(char: str) -> bool:
    """Whether a character is active, invisible, or a space that only looks like one."""
    return not char.isprintable() or _BLANK.match(char) is not None


@lru_cache(maxsize=4096)
def is_combining(char: str) -> bool:
    """Whether a character draws onto the one before it."""
    return unicodedata.category(char)[0] == "M" or _CONJOINING.match(char) is not None


def _show(stretch: re.Match[str]) -> str:
    return "".join(
        _mark(char, len(list(run))) if marked else char * len(list(run))
        for (char, marked), run in groupby(_judge(stretch))
    )


def _judge(stretch: re.Match[str]) -> Iterator[tuple[str, bool]]:
    """Each character, and whether to mark it. `room` counts what may still be drawn onto a base."""
    before = stretch.string[stretch.start() - 1] if stretch.start() else " "
    room = 0 if before in " \n" else MAX_COMBINING
    for char in stretch[0]:
        if char == "⟪" or is_hidden(char):
            room = 0
            yield char, True
        elif is_combining(char):
            yield char, room == 0
            room = max(room - 1, 0)
        else:
            room = MAX_COMBINING
            yield char, False


def _mark(char: str, times: int) -> str:
    return f"⟪{_name(ord(char))}{f'×{times}' if times > 1 else ''}⟫"


def _name(point: int) -> str:
    if 0xE0000 <= point <= 0xE007F:
        return f"TAG:{point - 0xE0000:02X}"
    return _NAMES.get(point) or f"U+{point:04X}"


def _unmark(match: re.Match[str]) -> str:
    mark = match[0]
    parts = _MARK_PARTS.fullmatch(mark)
    point = _point(parts) if parts else -1
    if parts is None or not 0 <= point <= 0x10FFFF:
        raise UnknownMark(mark)
    return chr(point) * int(parts["times"] or 1)


def _point(parts: re.Match[str]) -> int:
    if parts["name"]:
        return _POINTS.get(parts["name"], -1)
    return 0xE0000 + int(parts["tag"], 16) if parts["tag"] else int(parts["hex"], 16)
