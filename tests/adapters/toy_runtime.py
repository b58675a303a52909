"""The smallest runtime that keeps its state: one JSON file for each run.

    python toy_runtime.py DESK FOLDER RUN GATES SLOW

Begins a run and ends when it waits. `toy_runtime:target` is what a worker delivers to.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from factories import brief
from overread_queue.adapters.asking import ask_once
from overread_queue.adapters.target import Answer, Found, Pause
from overread_queue.agent import AgentQueue
from overread_queue.store.wakes import Wake


@dataclass
class Run:
    """What the file of a run says."""

    name: str
    gates: int
    slow: float
    asked: str = ""
    at: int = 0
    paid: list[str] = field(default_factory=list)
    no: list[str] = field(default_factory=list)
    over: bool = False


def load(folder: Path, run: str) -> Run:
    return Run(**json.loads((folder / f"{run}.json").read_text()))


def save(folder: Path, run: Run) -> None:
    written = folder / f"{run.name}.new"
    written.write_text(json.dumps(asdict(run)))
    written.replace(folder / f"{run.name}.json")


def ask(queue: AgentQueue, folder: Path, run: Run) -> None:
    """Ask, then write down what for: both may be repeated."""
    pause = Pause(
        gate=f"{run.name}:{run.at}",
        serial_key=run.name,
        target={"folder": str(folder), "run": run.name},
        brief=lambda: brief(f"Refund number {run.at + 1}?"),
    )
    run.asked = ask_once(queue, "custom", pause)
    save(folder, run)


class Toy:
    runtime = "custom"

    def __init__(self, queue: AgentQueue) -> None:
        self._queue = queue

    def locate(self, wake: Wake) -> Found:
        return "waiting" if self._load(wake).asked == wake.escalation else "gone"

    def resume(self, answers: Sequence[Answer]) -> None:
        (one,) = answers
        run, folder = self._load(one.wake), Path(str(one.wake.where["folder"]))
        if run.asked != one.wake.escalation:
            raise RuntimeError("this run waits for something else")
        time.sleep(run.slow)
        run.asked, run.at = "", run.at + 1
        if not one.decision.releases:
            run.no.append(one.decision.verdict)
            run.over = True
        else:
            run.paid.append(one.decision.id)
            run.over = run.at >= run.gates
        save(folder, run)
        if not run.over:
            ask(self._queue, folder, run)

    def drive_on(self, wake: Wake) -> None:
        run = self._load(wake)
        if not run.over and not run.asked:
            ask(self._queue, Path(str(wake.where["folder"])), run)

    def _load(self, wake: Wake) -> Run:
        return load(Path(str(wake.where["folder"])), str(wake.where["run"]))


def target(queue: AgentQueue) -> Toy:
    return Toy(queue)


def main(desk: str, folder: str, name: str, gates: str, slow: str) -> None:
    with AgentQueue.open(desk, agent="refund-agent") as queue:
        ask(queue, Path(folder), Run(name, int(gates), float(slow)))


if __name__ == "__main__":
    main(*sys.argv[1:])
