"""What is odd about a text: hidden characters, stacked marks, words made of look-alike letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from overread_briefs.visible import MAX_COMBINING, is_combining, is_hidden

_WORD = re.compile(r"\w+")
_LINE_ENDING = re.compile(r"\r?\n|\t")

# Only alphabets that hold each other's look-alikes: kana beside kanji, or Latin in a Japanese
# word, deceives nobody.
_LOOK_ALIKES = ("Latin", "Cyrillic", "Greek", "Armenian", "Cherokee", "Coptic", "Lisu")


def suspicions(text: str) -> tuple[str, ...]:
    """Short remarks for a badge, such as `17 hidden characters`; empty for most text.

    Ordinary line endings and tabs are marked by `visible()` but are no reason for suspicion.
    """
    return tuple(_hidden(text)) + (() if text.isascii() else tuple(_odd_letters(text)))


def _hidden(text: str) -> Iterator[str]:
    hidden = sum(map(is_hidden, _LINE_ENDING.sub("", text)))
    if hidden:
        yield f"{hidden:,} hidden character{'' if hidden == 1 else 's'}"


def _odd_letters(text: str) -> Iterator[str]:
    if _tallest_stack(text) > MAX_COMBINING:
        yield "stacks combining marks"
    mixed = {scripts for word in _WORD.findall(text) if len(scripts := _scripts(word)) > 1}
    for scripts in sorted(mixed):
        yield f"mixes {' and '.join(scripts)} letters"
    directions = set(map(unicodedata.bidirectional, text))
    if "L" in directions and directions & {"R", "AL"}:
        yield "mixes left-to-right and right-to-left letters"


def _tallest_stack(text: str) -> int:
    tallest = stack = 0
    for char in text:
        stack = stack + 1 if is_combining(char) else 0
        tallest = max(tallest, stack)
    return tallest


def _scripts(word: str) -> tuple[str, ...]:
    if word.isascii():
        return ()
    names = {unicodedata.name(char, "").partition(" ")[0] for char in word if char.isalpha()}
    return tuple(script for script in _LOOK_ALIKES if script.upper() in names)
