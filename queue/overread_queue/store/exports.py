"""Rows that leave the desk, one by one: there may be more of them than memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from overread_queue.store.table import Table, Value

Cells = Mapping[str, Value]
"""One row by the names of its columns."""


class Exports(Table):
    """What a period holds: `since` is in it, `until` is not. Times are UTC milliseconds."""

    file = "export"

    def count_sessions(self, *, since: int, until: int) -> int:
        return self._count("count_sessions", since, until)

    def sessions(self, *, since: int, until: int) -> Iterator[Cells]:
        """Those that have ended, with what they came to."""
        return self._each("sessions", since, until)

    def count_decisions(self, *, since: int, until: int) -> int:
        return self._count("count_decisions", since, until)

    def decisions(self, *, since: int, until: int) -> Iterator[Cells]:
        return self._each("decisions", since, until)

    def count_escalations(self, *, since: int, until: int) -> int:
        return self._count("count_escalations", since, until)

    def escalations(self, *, since: int, until: int) -> Iterator[Cells]:
        return self._each("escalations", since, until)

    def count_events(self, *, since: int, until: int) -> int:
        return self._count("count_events", since, until)

    def events(self, *, since: int, until: int) -> Iterator[Cells]:
        return self._each("events", since, until)

    def _count(self, name: str, since: int, until: int) -> int:
        items: int = self._all(name, {"since": since, "until": until})[0]["items"]
        return items

    def _each(self, name: str, since: int, until: int) -> Iterator[Cells]:
        values = {"since": since, "until": until}
        for row in self._connection.execute(self._statements[name], values):
            yield dict(row)
