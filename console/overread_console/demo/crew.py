"""The simulated agents as child processes: started, watched, and ended by their own pids."""

from __future__ import annotations

import subprocess
import sys
from types import TracebackType
from typing import Self

from overread_console.demo.stage import Stage

END_SECONDS = 5


class Crew:
    """One process for each agent, for as long as the block lasts."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def pids(self) -> dict[str, int]:
        """Which agent runs as which process."""
        return {name: process.pid for name, process in self._running.items()}

    def fallen(self) -> tuple[str, ...]:
        """Agents whose process has ended by itself: something is wrong, the log says what."""
        return tuple(name for name, process in self._running.items() if process.poll() is not None)

    def __enter__(self) -> Self:
        for name in self._stage.agents:
            self._running[name] = self._start(name)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            _end(process)

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        """A session of its own keeps a Ctrl-C at the console from reaching the agents."""
        command = [sys.executable, "-m", "overread_console.demo.agent"]
        with self._stage.log.open("ab") as log:
            return subprocess.Popen(
                [*command, "--db", str(self._stage.db.absolute()), "--agent", name],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
