"""A durable submission against one durable row, and a repeated one against both."""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
from pathlib import Path

from factories import brief, house
from measuring import interleaved, report
from overread_queue.clock import SystemClock


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = house(Path(folder), clock=SystemClock())
        raw = sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)
        raw.execute("PRAGMA journal_mode = WAL").fetchone()
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, body BLOB)")
        data = brief().to_bytes()
        keys = itertools.count()
        with here.agent() as queue:
            queue.submit(data, key="again")
            medians = interleaved(
                {
                    "one durable row": lambda: raw.execute(
                        "INSERT INTO item (body) VALUES (?)", (data,)
                    ),
                    "submit": lambda: queue.submit(data, key=f"k{next(keys)}"),
                    "submit again, same key": lambda: queue.submit(data, key="again"),
                },
                rounds=300,
            )
        report(medians, limit="one durable row")


if __name__ == "__main__":
    main()
