"""Endless work for processes that will be killed. Each says in a file of its own what it has done,
in lines that count only when they are whole."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from factories import brief
from overread_queue import AgentQueue, ReviewDesk
from overread_queue.clock import new_id
from overread_queue.errors import OverreadError
from overread_queue.states import EscalationState

PAUSE = 0.01


def submit(db: Path, said: Path, name: str) -> None:
    """An agent that asks one question after the other."""
    template = brief().to_bytes().decode()
    with AgentQueue.open(db, agent="refund-agent") as queue, said.open("a", buffering=1) as log:
        while True:
            key = f"{name}-{new_id(time.time_ns() // 1_000_000)}"
            text = template.replace("A-1009", key)
            ticket = queue.submit(text, key=key, checkpoint={"order": key})
            log.write(f"submitted {ticket.id}\n")
            time.sleep(PAUSE)


def decide(db: Path, said: Path, name: str) -> None:
    """A reviewer's console, which also sweeps."""
    with ReviewDesk.open(db, reviewer=name) as desk, said.open("a", buffering=1) as log:
        while True:
            desk.sweep()
            for item in desk.start_session(max_items=3).items:
                with suppress(OverreadError):
                    option = random.choice(["approve", "approve", "reject"])
                    receipt = desk.decide(desk.open(item), option=option, reason="no")
                    if receipt.state == "recorded":
                        log.write(f"recorded {receipt.escalation}\n")
            for receipt in desk.release_due():
                log.write(f"recorded {receipt.escalation}\n")
            time.sleep(PAUSE)


def resume(db: Path, said: Path, name: str) -> None:
    """An agent that carries out whatever was approved."""
    with AgentQueue.open(db, agent="refund-agent") as queue, said.open("a", buffering=1) as log:
        while True:
            for row in queue.escalations(EscalationState.DECIDED, limit=50):
                with suppress(OverreadError):
                    with queue.resume(row.id) as go:
                        assert go.checkpoint == {"order": go.action.parameters["order"]}
                        log.write(f"acted {row.id}\n")
                    log.write(f"completed {row.id}\n")
            time.sleep(PAUSE)


WORKERS: tuple[tuple[str, Callable[[Path, Path, str], None]], ...] = (
    ("asker-1", submit),
    ("asker-2", submit),
    ("ana", decide),
    ("ben", decide),
    ("doer-1", resume),
    ("doer-2", resume),
)


def nursery() -> None:
    """Fork a worker for each line of `[place, database, said]`, and say its process id.

    A fork is at work at once, where a new interpreter needs a second for its imports.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        place, db, said = json.loads(line)
        child = os.fork()
        if child == 0:
            _work(place, Path(db), Path(said))
        print(child, flush=True)


def _work(place: int, db: Path, said: Path) -> None:
    name, work = WORKERS[place]
    try:
        work(db, said, name)
    finally:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        os._exit(1)


if __name__ == "__main__":
    nursery()
