"""The few characters to type before what cannot be undone: they prove that the object was read."""

from __future__ import annotations

from typing import NamedTuple

from overread_briefs.action import Action

SHORTEST, LONGEST = 3, 16
"""Characters of a target that is typed itself."""
_LETTERS = "acdefhkmnprtvwxy3479"
"""None of them looks like another."""


class Token(NamedTuple):
    """What to type, and what it stands for."""

    text: str
    meaning: str


def token_of(action: Action, sha256: str) -> Token:
    """The target of the action where it is short and shown, else a code of the digest.

    `sha256` is that of the action as a whole, also where values of `action` are masked.
    """
    target = action.target or ""
    if SHORTEST <= len(target) <= LONGEST:
        return Token(target, "what it is done to")
    return Token(_code(sha256), "the code of exactly this action")


def _code(sha256: str) -> str:
    number = int(sha256, 16)
    letters = []
    for _ in range(4):
        number, letter = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[letter])
    return "".join(letters)
