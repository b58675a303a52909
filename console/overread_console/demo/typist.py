"""A reviewer whose answers are known beforehand, typing into the real plain face."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TextIO


class Paper(io.TextIOBase):
    """What the face prints: passed on at once, and remembered for the typist."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        self._out.write(text)
        self._out.flush()
        return len(text)

    def writable(self) -> bool:
        return True


class Typist(io.TextIOBase):
    """Reads the question on the paper and types the next of the answers prepared for it.

    What is typed is printed too, as a terminal would echo it. Where no answer is left, the typist
    ends the session.
    """

    def __init__(self, paper: Paper, answers: Mapping[str, Sequence[str]]) -> None:
        self._paper = paper
        self._left = {question: list(lines) for question, lines in answers.items()}

    def readable(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        line = self._next()
        self._paper.write(f"{line}\n")
        return f"{line}\n"

    def _next(self) -> str:
        asked = max(self._left, key=self._paper.text.rfind, default="")
        prepared = self._left.get(asked)
        return prepared.pop(0) if prepared else "q"
