"""What every group of statements shares: run one by name, get rows back."""

from __future__ import annotations

from collections.abc import Mapping

from overread_queue.store.driver import sqlite3
from overread_queue.store.statements import load

Value = str | int | float | bytes | None


class Table:
    """One file of statements over one connection."""

    file: str

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._statements = load(self.file)

    def _all(self, name: str, values: Mapping[str, Value]) -> list[sqlite3.Row]:
        return self._connection.execute(self._statements[name], values).fetchall()

    def _one(self, name: str, values: Mapping[str, Value]) -> sqlite3.Row | None:
        rows = self._all(name, values)
        return rows[0] if rows else None
