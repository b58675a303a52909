"""Short texts out of long ones: they fit the card, and say where they were cut."""

from __future__ import annotations

import json
import re

from pydantic import JsonValue

from overread_briefs.budget import words
from overread_briefs.fields import Parameters
from overread_briefs.visible import visible
from overread_briefs.width import cells

_BREAKS = re.compile(r"[_\-.:/\s]+|(?<=[a-z0-9])(?=[A-Z])")


def humanised(name: str) -> str:
    """`track_parcel`, `trackParcel` and `mcp__track.parcel` as "Track parcel"."""
    parts = [one for one in _BREAKS.split(name) if one and one != "mcp"]
    text = " ".join(one if one.isupper() else one.lower() for one in parts)
    return text[:1].upper() + text[1:] or name


def slug(name: str, taken: set[str]) -> str:
    """A key of that name that nobody has yet."""
    base = re.sub(r"[^a-z0-9]+", "-", humanised(name).lower()).strip("-")[:40].strip("-") or "fact"
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    taken.add(found)
    return found


def one_line(text: str) -> str:
    return " ".join(text.split())


def short(text: str, *, most_words: int, most_cells: int) -> str:
    """The beginning that fits, as it will be shown; an ellipsis where something is missing."""
    line = one_line(text)
    if _fits(line, most_words, most_cells):
        return line
    kept = ""
    for word in line.split(" "):
        longer = f"{kept} {word}".strip()
        if not _fits(f"{longer} …", most_words, most_cells):
            break
        kept = longer
    return f"{kept} …" if kept else _cut(line, most_words, most_cells)


def _cut(line: str, most_words: int, most_cells: int) -> str:
    """A single run that is too long even alone."""
    while line and not _fits(f"{line}…", most_words, most_cells):
        line = line[: len(line) * 3 // 4]
    return f"{line}…"


def _fits(text: str, most_words: int, most_cells: int) -> bool:
    shown = visible(text)
    return words(shown) <= most_words and cells(shown) <= most_cells


def gist(text: str) -> str:
    """What a result says first: its first line with a letter in it, or the parts of a JSON."""
    try:
        loaded = json.loads(text)
    except ValueError:
        loaded = None
    if isinstance(loaded, dict) and loaded:
        return ", ".join(listed(loaded))
    return next((line for line in text.splitlines() if re.search(r"\w", line)), text.strip())


def value_text(value: JsonValue) -> str:
    """A parameter as a person would write it."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def listed(arguments: Parameters) -> list[str]:
    """`order A-1009` for each; the name in the words of people."""
    return [
        f"{humanised(name).lower()} {one_line(value_text(value))}"
        for name, value in arguments.items()
    ]
