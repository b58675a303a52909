"""A reviewer whose answers are known beforehand, typing into the real plain face."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TextIO


class Paper(io.StringIO):
    """What the face prints: passed on at once, and kept for the typist to read."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self._out = out

    def write(self, text: str, /) -> int:
        self._out.write(text)
        self._out.flush()
        return super().write(text)


class Typist(io.StringIO):
    """Looks up the last question on the paper and types the next answer prepared for it.

    Where no answer is left, the typist ends the session.
    """

    def __init__(self, paper: Paper, answers: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self._paper = paper
        self._left = {question: list(lines) for question, lines in answers.items()}

    def isatty(self) -> bool:
        """What is typed is echoed, as on a terminal."""
        return True

    # The stubs give every stream's base the readline of a binary one.
    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        line = self._next() + "\n"
        self._paper.write(line)
        return line

    def _next(self) -> str:
        read = self._paper.getvalue()
        asked = max(self._left, key=read.rfind)
        prepared = self._left[asked]
        return prepared.pop(0) if prepared else "q"
