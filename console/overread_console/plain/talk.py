"""Speaking and listening: lines out, lines in. End of input is an answer of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TextIO

from overread_console.guard import guarded


class EndOfInput(Exception):
    """Nobody is there any more."""


class Talk:
    """One conversation over two text streams."""

    def __init__(self, stdin: TextIO, stdout: TextIO) -> None:
        self._stdin = stdin
        self._stdout = stdout
        self.heard: Callable[[], None] = lambda: None
        """Called for every line that is typed, whatever it says."""

    def say(self, *lines: str) -> None:
        for line in lines:
            self._stdout.write(guarded(line) + "\n")
        self._stdout.flush()

    def say_all(self, lines: Iterable[str]) -> None:
        self.say(*lines)

    def ask(self, question: str) -> str:
        """What was typed, without blanks around it. Raises EndOfInput."""
        self._stdout.write(f"{guarded(question)} ")
        self._stdout.flush()
        answer = self._stdin.readline()
        if not answer:
            self._stdout.write("\n")
            raise EndOfInput
        if not self._stdin.isatty():
            self._stdout.write("\n")
        self.heard()
        return answer.strip()
