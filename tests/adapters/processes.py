"""Processes of their own that start at once: forked from one that has imported what they need.

A runtime's imports take a second or more, and a story about crashes needs many processes.

    python processes.py MODULE...

forks for every line on stdin; each fork runs `main(*arguments)` of one of the modules.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Ended:
    """How a process ended, and what it said."""

    code: int
    out: str
    err: str


class Processes:
    """Starts processes from modules beside this one."""

    def __init__(self, folder: Path, *modules: str) -> None:
        self._folder = folder
        self._names = itertools.count()
        self._server = subprocess.Popen(
            [sys.executable, str(HERE / "processes.py"), *modules],
            stdin=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._server:
            pass  # At the end of its input it goes.

    def run(self, module: str, *arguments: object, timeout: float = 60) -> str:
        """What the process prints; it has to end well."""
        ended = self.start(module, *arguments)(timeout)
        assert ended.code == 0, ended.err
        return ended.out.strip()

    def start(self, module: str, *arguments: object) -> Callable[[float], Ended]:
        """Start it now; call what comes back, with seconds, to wait for its end."""
        place = self._folder / f"process-{next(self._names)}"
        job = {"module": module, "given": [*map(str, arguments)], "place": str(place)}
        assert self._server.stdin
        self._server.stdin.write(json.dumps(job) + "\n")
        self._server.stdin.flush()
        return lambda timeout: _ended(place, timeout)


def _ended(place: Path, timeout: float) -> Ended:
    code, deadline = place.with_suffix(".code"), time.monotonic() + timeout
    while not code.exists():
        assert time.monotonic() < deadline, f"{place} does not end"
        time.sleep(0.005)
    texts = (place.with_suffix(end).read_text() for end in (".out", ".err"))
    return Ended(int(code.read_text()), *texts)


def serve(modules: list[str]) -> None:
    mains = {name: importlib.import_module(name).main for name in modules}
    for line in sys.stdin:
        job = json.loads(line)
        if os.fork() == 0:
            _watch(Path(job["place"]), lambda job=job: mains[job["module"]](*job["given"]))


def _watch(place: Path, work: Callable[[], object]) -> None:
    """Fork once more, so that somebody is there to see how the work ends, kill -9 included."""
    if os.fork() == 0:
        _work(place, work)
    _, status = os.wait()
    written = place.with_suffix(".written")
    written.write_text(str(os.waitstatus_to_exitcode(status)))
    written.replace(place.with_suffix(".code"))
    os._exit(0)


def _work(place: Path, work: Callable[[], object]) -> None:
    code = 1
    with place.with_suffix(".out").open("w") as out, place.with_suffix(".err").open("w") as err:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                work()
                code = 0
            except BaseException:
                traceback.print_exc()
        out.flush()
        err.flush()
        os._exit(code)


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    serve(sys.argv[1:])
