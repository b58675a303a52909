"""A reviewer whose answers are known beforehand, typing into the real plain face."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

_COMMAND = "What now?"
"""The question whose answer chooses an option; the others ask about the one chosen."""
_NOT_YET = re.compile(r"Not now\. Approve opens in ([0-9]+) s")


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

    Told that approving is not open yet, the typist waits as long as was said and types the option
    again.
    Where no answer is left, the typist ends the session.
    """

    def __init__(
        self,
        paper: Paper,
        answers: Mapping[str, Sequence[str]],
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__()
        self._sleep = sleep
        self._command, self._read_to = "", 0
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
        told, self._read_to = read[self._read_to :], len(read)
        locked = _NOT_YET.search(told)
        if locked:
            self._sleep(int(locked[1]))
            return self._command
        asked = max(self._left, key=read.rfind)
        prepared = self._left[asked]
        answer = prepared.pop(0) if prepared else "q"
        if _COMMAND in told.splitlines()[-1]:
            self._command = answer
        return answer
