"""Processes that are at work at once: forked from one that has done its imports.

A new interpreter needs a second for that, in which nothing can be killed at an interesting moment.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self


class Nursery:
    """Starts processes from the module whose `__main__` calls `serve`, and kills them."""

    def __init__(self, module: str) -> None:
        self._server = subprocess.Popen(
            [sys.executable, module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            start_new_session=True,
        )
        self._alive: dict[str, int] = {}
        self.kills = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._server:
            pass  # At the end of its input it goes, and takes everybody along.

    def start(self, name: str, *given: str | int | Path) -> None:
        """A new process under that name, which does the module's work on what is given."""
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps([*map(str, given)]) + "\n")
        self._server.stdin.flush()
        self._alive[name] = int(self._server.stdout.readline())

    def kill(self, name: str) -> None:
        """Raises `ProcessLookupError` if it gave up by itself."""
        os.kill(self._alive.pop(name), signal.SIGKILL)
        self.kills += 1

    def check(self) -> None:
        """Raises `ProcessLookupError` if any of them gave up."""
        for process in self._alive.values():
            os.kill(process, 0)

    def kill_all(self) -> None:
        for name in tuple(self._alive):
            self.kill(name)


def serve(work: Callable[..., None]) -> None:
    """Fork a worker for each line, and say its process id; at the end of the lines all are killed,
    also where whoever started them has died."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        given = json.loads(line)
        child = os.fork()
        if child == 0:
            _alone(work, given)
        print(child, flush=True)
    os.killpg(0, signal.SIGKILL)


def _alone(work: Callable[..., None], given: list[str]) -> None:
    """The work, and nothing of the parent's afterwards; what goes wrong is told on stderr."""
    try:
        work(*given)
    except BaseException:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    finally:
        os._exit(1)
