"""Which gate of an agent's runtime waits for which answer: a small database on the agent's side."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from overread_briefs.fields import Parameters
from overread_queue.errors import LeaseLost
from overread_queue.store.connection import BUSY_SECONDS, PRAGMAS
from overread_queue.store.driver import sqlite3
from overread_queue.store.failures import retried, translated
from overread_queue.store.mounts import refuse_network
from overread_queue.store.rows import Stored
from overread_queue.store.table import Table, Value

Ended = Literal["delivered", "superseded"]
MAX_TROUBLE = 500


@dataclass(frozen=True, slots=True)
class Question(Stored):
    """What is handed in at a gate."""

    brief: bytes
    checkpoint: str | None
    """As JSON."""


@dataclass(frozen=True, slots=True)
class Wake(Stored):
    """One gate that waits, or has waited, for the answer to one escalation."""

    escalation: str
    """The one that its runtime knows it by."""
    again: str | None
    """The same question, put once more because the approval ran out before it could be brought."""
    runtime: str
    gate: str
    """The runtime's own name of it, the same each time it comes there."""
    target: str
    """What the adapter needs to find the gate again, as JSON."""
    serial_key: str
    """The run that it is in: one live resume at a time."""
    batch_id: str | None
    """Where a runtime wants all its answers at once."""
    added_at: int
    seen_pending: int
    attempts: int
    next_try_at: int
    trouble: str
    """Why the last attempt came to nothing; empty otherwise."""
    fence: int
    ended: Ended | None

    @property
    def answered_by(self) -> str:
        """The escalation whose answer counts."""
        return self.again or self.escalation

    @property
    def where(self) -> Parameters:
        """The target, read."""
        found: Parameters = json.loads(self.target)
        return found


class WakeTable(Table):
    """Statements on `wake`."""

    file = "wake"

    def begin(self, runtime: str, gate: str, question: Question) -> Question:
        """What this gate is asked about with: this, or whatever came before it."""
        values: dict[str, Value] = {"brief": question.brief, "checkpoint": question.checkpoint}
        self._all("begin", {"runtime": runtime, "gate": gate} | values)
        return self.begun(runtime, gate) or question

    def begun(self, runtime: str, gate: str) -> Question | None:
        row = self._one("begun", {"runtime": runtime, "gate": gate})
        return Question.of(row) if row else None

    def drop(self, runtime: str, gate: str) -> None:
        self._all("drop", {"runtime": runtime, "gate": gate})

    def add(
        self,
        escalation: str,
        runtime: str,
        target: Parameters,
        *,
        gate: str,
        serial_key: str,
        batch_id: str | None,
        now: int,
    ) -> None:
        values: dict[str, Value] = {"escalation": escalation, "runtime": runtime, "now": now}
        place: dict[str, Value] = {
            "gate": gate,
            "target": json.dumps(target),
            "serial_key": serial_key,
        }
        self._all("add", values | place | {"batch_id": batch_id})

    def get(self, escalation: str) -> Wake | None:
        row = self._one("get", {"escalation": escalation})
        return Wake.of(row) if row else None

    def at_gate(self, runtime: str, gate: str) -> Wake | None:
        row = self._one("at_gate", {"runtime": runtime, "gate": gate})
        return Wake.of(row) if row else None

    def move(self, runtime: str, gate: str, to: str) -> None:
        """What waits at one gate waits at the other from now on, if nothing does there yet."""
        places: dict[str, Value] = {"runtime": runtime, "gate": gate, "to": to}
        self._all("move", places)
        self._all("move_question", places)

    def open(self, runtime: str) -> list[Wake]:
        return [Wake.of(row) for row in self._all("open", {"runtime": runtime})]

    def batch(self, wake: Wake) -> list[Wake]:
        """What is answered together with it, itself included."""
        if wake.batch_id is None:
            return [wake]
        values = {"runtime": wake.runtime, "batch_id": wake.batch_id}
        return [Wake.of(row) for row in self._all("of_batch", values)]

    def lease(self, wake: Wake, owner: str, *, now: int, until: int) -> Wake | None:
        """None while somebody else delivers to the same run, or where it is not due any more."""
        self._all("lapse", {"runtime": wake.runtime, "serial_key": wake.serial_key, "now": now})
        due: dict[str, Value] = {"escalation": wake.escalation, "now": now}
        row = self._one("lease", due | {"owner": owner, "until": until})
        return Wake.of(row) if row else None

    def extend(self, wake: Wake, *, until: int) -> None:
        """Raises `LeaseLost`, as everything does that needs the lease."""
        if self._one("extend", _held(wake) | {"until": until}) is None:
            raise LeaseLost("wake", wake.escalation)

    def seen(self, wake: Wake) -> None:
        self._all("seen", {"escalation": wake.escalation})

    def later(self, wake: Wake, *, next_try_at: int, trouble: str) -> None:
        """Give the lease back, to try again."""
        again: dict[str, Value] = {"next_try_at": next_try_at, "trouble": trouble[:MAX_TROUBLE]}
        if self._one("later", _held(wake) | again) is None:
            raise LeaseLost("wake", wake.escalation)

    def renew(self, wake: Wake, again: str) -> None:
        """Its question was put once more, as `again`."""
        self._all("renew", {"escalation": wake.escalation, "again": again})

    def end(self, leased: Wake, wakes: Iterable[Wake], ended: Ended, *, now: int) -> None:
        """Over, for all of a batch, by whoever leases one of it."""
        if self._one("holds", _held(leased)) is None:
            raise LeaseLost("wake", leased.escalation)
        for wake in wakes:
            self._all("end", {"escalation": wake.escalation, "ended": ended, "now": now})
            self.drop(wake.runtime, wake.gate)


def _held(wake: Wake) -> dict[str, Value]:
    return {"escalation": wake.escalation, "fence": wake.fence}


class WakeBook:
    """The file, made when it is first written. One connection for each use: uses are far apart."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def at(self) -> Iterator[WakeTable]:
        """Everything in the block is one commit."""
        if not self.path.exists():
            _create(self.path)
        with translated(self.path):
            connection = retried(lambda: _begun(self.path), self.path, seconds=BUSY_SECONDS)
            try:
                yield WakeTable(connection)
                connection.execute("COMMIT")
            finally:
                connection.close()


def _create(path: Path) -> None:
    """Whole or not at all: made beside its place, then moved there unless somebody was first. The
    gates of one process may all be at it at once, each from a thread of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    refuse_network(path)
    made = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with translated(path):
        connection = sqlite3.connect(made, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            connection.executescript(resources.files(__package__).joinpath("wakes.sql").read_text())
        finally:
            connection.close()
    try:
        path.hardlink_to(made)
    except FileExistsError:
        pass
    finally:
        made.unlink()


def _begun(path: Path) -> sqlite3.Connection:
    where = f"file:{quote(str(path.absolute()))}?mode=rw"
    connection = sqlite3.connect(where, uri=True, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        for pragma in PRAGMAS:
            connection.execute(pragma)
        connection.execute("BEGIN IMMEDIATE")
    except BaseException:
        connection.close()
        raise
    return connection
