"""Statements on what goes between a mailbox and its desk: copies of messages, and what was told."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.store.rows import Stored
from overread_queue.store.table import Table, Value


@dataclass(frozen=True, slots=True)
class Touched(Stored):
    """What an event was about."""

    seq: int
    agent: str | None
    run: str | None
    escalation: str | None


@dataclass(frozen=True, slots=True)
class Told(Stored):
    """An answer to a message, which its sender has not got yet."""

    id: int
    agent: str
    name: str
    paper: str


@dataclass(frozen=True, slots=True)
class News:
    """What has happened since the papers were written last."""

    touched: list[Touched]
    answers: list[Told]


class Outbox(Table):
    file = "outbox"

    def news(self, *, most: int) -> News | None:
        """None when the papers tell of everything."""
        touched = [Touched.of(row) for row in self._all("touched", {"most": most})]
        answers = [Told.of(row) for row in self._all("answers", {"most": most})]
        return News(touched, answers) if touched or answers else None

    def told(self, news: News) -> None:
        """Remember that the papers tell of it."""
        if news.touched:
            self._all("tell_upto", {"seq": news.touched[-1].seq})
        for one in news.answers:
            self._all("tell", {"id": one.id})

    def copied(self) -> int:
        """Number of the last row that was copied from the agents' inbox."""
        newest: int = self._all("copied", {})[0]["source"]
        return newest

    def copy(self, values: dict[str, Value]) -> None:
        """Keep a message, byte for byte. Copied before, it stays as it is."""
        self._all("copy", values)

    def is_named(self, agent: str, name: str, *, before: int) -> bool:
        """Whether an earlier message of this agent had the name."""
        values: dict[str, Value] = {"agent": agent, "name": name, "before": before}
        return self._one("named", values) is not None
