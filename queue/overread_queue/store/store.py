"""The store: one connection to one desk, and transactions on it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from overread_queue.errors import Tampered
from overread_queue.store import bell
from overread_queue.store.actions import Actions
from overread_queue.store.alarms import Alarms
from overread_queue.store.bodies import Decisions, Payloads, Reviews
from overread_queue.store.connection import BUSY_SECONDS, check, check_same, connect, identity
from overread_queue.store.desk import DeskTable
from overread_queue.store.driver import sqlite3
from overread_queue.store.escalations import Escalations
from overread_queue.store.events import Events
from overread_queue.store.exports import Exports
from overread_queue.store.failures import retried, translated
from overread_queue.store.folds import Folds
from overread_queue.store.glass import GlassTable
from overread_queue.store.halts import Halts
from overread_queue.store.health import Health
from overread_queue.store.judgements import Challenges, Judgements
from overread_queue.store.keeping import Keeping
from overread_queue.store.opinions import Opinions
from overread_queue.store.outbox import Outbox
from overread_queue.store.probes import Probes
from overread_queue.store.records import Records
from overread_queue.store.releases import Releases
from overread_queue.store.runs import Runs
from overread_queue.store.search import Search
from overread_queue.store.telemetry import Telemetry
from overread_queue.store.truths import Truths
from overread_queue.store.works import Works


@dataclass(slots=True)
class Transaction:
    """Every table, inside one transaction; what to wake once it is committed."""

    runs: Runs
    escalations: Escalations
    payloads: Payloads
    reviews: Reviews
    judgements: Judgements
    challenges: Challenges
    opinions: Opinions
    decisions: Decisions
    desk: DeskTable
    actions: Actions
    records: Records
    events: Events
    halts: Halts
    glass: GlassTable
    keeping: Keeping
    outbox: Outbox
    health: Health
    alarms: Alarms
    truths: Truths
    probes: Probes
    folds: Folds
    releases: Releases
    search: Search
    exports: Exports
    telemetry: Telemetry
    works: Works
    connection: sqlite3.Connection
    topics: set[str] = field(default_factory=set)

    def wake(self, topic: str) -> None:
        """Ring for `topic` (an escalation's id, or `bell.EVERYBODY`) after the commit."""
        self.topics.add(topic)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """A part that can fail alone: what it wrote is undone, and the rest may be committed.

        Raises `Tampered` where a constraint says no to what the row asks for.
        """
        topics = set(self.topics)
        self.connection.execute("SAVEPOINT apart")
        try:
            yield
        except BaseException as error:
            self.topics = topics
            if self.connection.in_transaction:  # A full disk has undone the whole already.
                self.connection.execute("ROLLBACK TO apart")
                self.connection.execute("RELEASE apart")
            if isinstance(error, sqlite3.IntegrityError):
                raise Tampered(f"a row contradicts what is recorded: {error}") from error
            raise
        self.connection.execute("RELEASE apart")


class Store:
    """One desk's database. Safe to share between threads: one transaction at a time."""

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._lock = threading.RLock()
        # Asked first: a file that is exchanged in between is refused, never written into.
        self._opened = identity(path)
        self._connection = connect(path, busy_seconds=busy_seconds)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """All or nothing, durable when the block is left; waiters are woken after that."""
        with self._lock, translated(self.path):
            self._begin("BEGIN IMMEDIATE")
            transaction = self._transaction()
            try:
                check_same(self.path, self._opened)
                check(self._connection, self.path)
                yield transaction
            except BaseException:
                self._connection.rollback()
                raise
            self._commit()
        for topic in transaction.topics:
            bell.ring(self.path, topic)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One consistent picture of the desk, as it stands at its path now."""
        with self._lock, translated(self.path):
            self._begin("BEGIN")
            try:
                check_same(self.path, self._opened)
                check(self._connection, self.path)
                yield self._transaction()
            finally:
                self._connection.rollback()

    def version(self) -> int:
        """A number that changes when anybody commits. Raises `StoreReplaced`, as `write` does."""
        check_same(self.path, self._opened)
        with self._lock, translated(self.path):
            seen: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
            return seen * 1_000_003 + self._connection.total_changes

    def integrity(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file; empty when it is sound."""
        with self._lock, translated(self.path):
            rows = self._connection.execute("PRAGMA integrity_check").fetchall()
        return tuple(row[0] for row in rows if row[0] != "ok")

    def copy_to(self, target: Path) -> None:
        """A copy in one piece, of one moment, while others work on. `target` is an empty file."""
        with self._lock, translated(target), closing(sqlite3.connect(target)) as copy:
            # All pages in one step: in several, every commit by somebody else starts it anew.
            self._connection.backup(copy, pages=-1)

    @contextmanager
    def erasing(self) -> Iterator[None]:
        """Pages that are freed inside are zeroed, and not only given back."""
        with self._lock, translated(self.path):
            self._connection.execute("PRAGMA secure_delete = ON")
            try:
                yield
            finally:
                self._connection.execute("PRAGMA secure_delete = FAST")

    def empty_log(self) -> bool:
        """Copy the log back and empty it: it still holds what was erased. False where a reader
        keeps it open."""
        with self._lock, translated(self.path):
            self._connection.execute(f"PRAGMA busy_timeout = {self._busy_seconds * 1000:.0f}")
            try:
                row = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self._connection.execute("PRAGMA busy_timeout = 0")
        return not row[0]

    def _transaction(self) -> Transaction:
        here = self._connection
        return Transaction(
            Runs(here),
            Escalations(here),
            Payloads(here),
            Reviews(here),
            Judgements(here),
            Challenges(here),
            Opinions(here),
            Decisions(here),
            DeskTable(here),
            Actions(here),
            Records(here),
            Events(here),
            Halts(here),
            GlassTable(here),
            Keeping(here),
            Outbox(here),
            Health(here),
            Alarms(here),
            Truths(here),
            Probes(here),
            Folds(here),
            Releases(here),
            Search(here),
            Exports(here),
            Telemetry(here),
            Works(here),
            here,
        )

    def _begin(self, statement: str) -> None:
        retried(lambda: self._try(statement), self.path, seconds=self._busy_seconds)

    def _try(self, statement: str) -> None:
        """Begin, and read: a plain BEGIN takes its snapshot, and may have to wait, only then."""
        try:
            self._connection.execute(statement)
            self._connection.execute("PRAGMA user_version").fetchone()
        except BaseException:
            self._connection.rollback()
            raise

    def _commit(self) -> None:
        try:
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.rollback()
            raise
