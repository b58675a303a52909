"""Reading a desk's file as an examiner does: every row as it is, none of them believed.

Whoever can write the file can put anything into it, also what the tables do not allow: a table can
be made again without its checks. So values come out as plain objects of any type, text that is
not UTF-8 comes out marked, and rows come one by one, because there may be many.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from overread_queue.store.connection import connect
from overread_queue.store.driver import sqlite3
from overread_queue.store.failures import translated
from overread_queue.store.schema import wanted
from overread_queue.store.table import Table

Cells = tuple[object, ...]


class Evidence(Table):
    """Rows of one file, within one picture of it. Each step may raise a `StoreError`."""

    file = "evidence"

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection)
        self._path = path

    def events(self) -> Iterator[Cells]:
        """Columns as in `EventRow`, by number."""
        return self._each("events")

    def last(self) -> object:
        """The largest number of an event."""
        return next(self._each("last"))[0]

    def checkpoints(self) -> Iterator[Cells]:
        return self._each("checkpoints")

    def signed(self) -> Iterator[Cells]:
        """`decision` or `opinion`, escalation, attempt, envelope, signature."""
        return self._each("statements")

    def judgements(self) -> Iterator[dict[str, object]]:
        """What each signature covers, by column, and the signature."""
        return self._rows("judgements")

    def challenges(self) -> Iterator[dict[str, object]]:
        """The same of challenges."""
        return self._rows("challenges")

    def escalations(self) -> Iterator[Cells]:
        """Id and state."""
        return self._each("escalations")

    def probes(self) -> Iterator[Cells]:
        """Escalation, agent and run of every blind test among real work."""
        return self._each("probes")

    def runs(self) -> Iterator[Cells]:
        """Agent, id and state."""
        return self._each("runs")

    def briefs(self) -> Iterator[Cells]:
        """Escalation, the stored bytes, and the digest they had when they came."""
        return self._each("briefs")

    def policies(self) -> Iterator[Cells]:
        """Digest and body."""
        return self._each("policies")

    def altered_schema(self) -> list[str]:
        """Tables, indexes and triggers that are missing, other than they were made, or planted."""
        there = {str(name): sql for name, sql in self._each("schema")}
        made = wanted()
        return sorted(name for name in set(there) | set(made) if there.get(name) != made.get(name))

    def _rows(self, name: str) -> Iterator[dict[str, object]]:
        with translated(self._path):
            for row in self._connection.execute(self._statements[name]):
                yield dict(row)

    def _each(self, name: str) -> Iterator[Cells]:
        with translated(self._path):
            for row in self._connection.execute(self._statements[name]):
                yield tuple(row)


@contextmanager
def evidence(path: Path) -> Iterator[Evidence]:
    """Raises what `connect` does, and the store's errors for what SQLite cannot read."""
    with closing(connect(path)) as connection, translated(path):
        connection.text_factory = _marked
        connection.execute("BEGIN")
        yield Evidence(connection, path)


def _marked(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")
