"""The few characters to type before what cannot be undone: they prove that the object was read."""

from __future__ import annotations

from typing import NamedTuple

from overread_briefs.action import Action
from overread_briefs.canonical import action_sha256

SHORTEST, LONGEST = 3, 16
"""Characters of a target that is typed itself."""
_LETTERS = "acdefhkmnprtvwxy3479"
"""None of them looks like another."""


class Token(NamedTuple):
    """What to type, and what it stands for."""

    text: str
    meaning: str


def token_of(action: Action) -> Token:
    """The target of the action where it is short, else a code of the action's digest."""
    target = action.target or ""
    if SHORTEST <= len(target) <= LONGEST:
        return Token(target, "what it is done to")
    return Token(_code(action), "the code of exactly this action")


def _code(action: Action) -> str:
    number = int(action_sha256(action), 16)
    letters = []
    for _ in range(4):
        number, letter = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[letter])
    return "".join(letters)
