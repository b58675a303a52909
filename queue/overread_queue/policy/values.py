"""What an agent says, judged: a usable number, text or truth value, or nothing to rely on."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Literal, TypeGuard

from pydantic import JsonValue

from overread_briefs.visible import visible

ParameterType = Literal["number", "amount", "text", "boolean"]
"""`amount` is a number of which more is worse."""

HUGE = 2**53
"""Beyond this, a number is not exact in every language that reads it."""
LONGEST_TEXT = 1000
"""Compared texts are short; longer ones cannot be told from an attempt to slip past a list."""
_SHOWN = 120
_UNUSABLE = "unusable"


def folded(text: str) -> str:
    """Text as it is compared: without case, width or spacing, so that a list is not evaded."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_number(value: object) -> TypeGuard[int | float]:
    """A finite number of a size that can be trusted; a truth value is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -HUGE <= value <= HUGE


def is_a(value: object, type: ParameterType) -> bool:
    match type:
        case "number" | "amount":
            return is_number(value)
        case "text":
            return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT
        case "boolean":
            return isinstance(value, bool)


def recorded(value: object) -> JsonValue:
    """`value` as it is kept: exactly, where a rule could use it, or else as a word about it.

    Keeping what was kept changes nothing, so a stored input is judged as the first time.
    """
    if value is None or isinstance(value, bool):
        return value
    if is_number(value):
        return value
    if isinstance(value, str) and len(value) <= LONGEST_TEXT:
        return value
    return {_UNUSABLE: _word(value)}


def said(value: object) -> str | float | bool | None:
    """`value` as it is shown to people: one safe line, or a number."""
    kept = recorded(value)
    match kept:
        case {"unusable": word}:
            return visible(str(word))[:_SHOWN]
        case str():
            return visible(kept)[:_SHOWN] if kept.strip() else repr(kept)
        case None | bool() | float():
            return kept
        case int():
            return float(kept)
        case _:
            return None


def _word(value: object) -> str:
    match value:
        case Mapping() if set(value) == {_UNUSABLE}:
            return str(value[_UNUSABLE])[:_SHOWN]
        case float():
            return repr(value)
        case int():
            return "a number too large"
        case str():
            return f"text of {len(value):,} characters"
        case Mapping() | list() | tuple():
            return f"{len(value)} values"
        case _:
            return f"a {type(value).__name__}"
