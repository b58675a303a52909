"""A working day on a desk, every write to its files recorded: `DATABASE RECORD SYNCHRONOUS ROUNDS`.

Runs as a program of its own, because the recording driver takes the place of the usual one.
"""

from __future__ import annotations

import pickle
import sys
from contextlib import closing
from pathlib import Path

import recording_sqlite

sys.modules["pysqlite3"] = recording_sqlite

from overread_queue import AgentQueue, ReviewDesk  # noqa: E402
from overread_queue.clock import ManualClock  # noqa: E402
from overread_queue.store import Store, connection  # noqa: E402
from overread_queue.store.driver import sqlite3  # noqa: E402

CHECKPOINT = "PRAGMA wal_autocheckpoint = 100"
"""Ten times as often as usual, so that a short day has several in the middle of its work."""
OPTIONS = ("approve", "reject", "change", "approve")


class Story:
    """Agents and reviewers by turns. After each call, how far the chain is by now."""

    def __init__(self, db: Path, template: str, clock: ManualClock) -> None:
        self._db, self._template, self._clock = db, template, clock

    def day(self, first: int, rounds: int) -> None:
        clock = self._clock
        with (
            AgentQueue.open(self._db, agent="refund-agent", clock=clock) as queue,
            ReviewDesk.open(self._db, reviewer="ana", clock=clock) as desk,
            closing(Store(self._db)) as self._onlooker,
        ):
            for number in range(first, first + rounds):
                self._round(queue, desk, number)
                desk.sweep()
                self._acknowledged()

    def _round(self, queue: AgentQueue, desk: ReviewDesk, number: int) -> None:
        """One question, from the agent to the reviewer and back."""
        key = f"order-{number}"
        ticket = queue.submit(self._template.replace("A-1009", key), key=key)
        self._acknowledged()
        review = desk.open(desk.claim(ticket.id))
        self._acknowledged()
        option = OPTIONS[number % len(OPTIONS)]
        parameters = {"amount": 10} if option == "change" else None
        desk.decide(review, option=option, parameters=parameters, reason="as the policy says")
        self._acknowledged()
        self._clock.advance(seconds=11)
        desk.release_due()
        self._acknowledged()
        if option == "reject":
            queue.acknowledge(ticket)
        else:
            with queue.resume(ticket):
                self._acknowledged()
        self._acknowledged()

    def _acknowledged(self) -> None:
        with self._onlooker.read() as tx:
            recording_sqlite.log.append(("acknowledged", *tx.events.head()))


def main(db: str, record: str, synchronous: str, rounds: str, template: str, start: str) -> None:
    assert sqlite3 is recording_sqlite
    kept = (pragma for pragma in connection.PRAGMAS if "synchronous" not in pragma)
    connection.PRAGMAS = (*kept, f"PRAGMA synchronous = {synchronous}", CHECKPOINT)
    clock = ManualClock(int(start))
    for day in range(2):
        Story(Path(db), template, clock).day(day * int(rounds), int(rounds))
    Path(record).write_bytes(pickle.dumps(recording_sqlite.log))


if __name__ == "__main__":
    main(*sys.argv[1:])
