"""The charts of one kind, as they are kept between two batches of facts."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import TypeAdapter

from overread_briefs.fields import Parameters
from overread_queue.health.charts import Baseline
from overread_queue.health.facts import Fact
from overread_queue.health.settling import note, settle
from overread_queue.health.watchers import Watcher
from overread_queue.moves import Mover

C = TypeVar("C")
F = TypeVar("F")


class Shelf(Generic[C, F]):
    """Takes a chart from the store when a fact first asks for it, and puts all back at the end."""

    def __init__(self, mover: Mover, watcher: Watcher[C, F]) -> None:
        self._mover, self._watcher = mover, watcher
        self._shape: TypeAdapter[C] = TypeAdapter(type(watcher.new))
        self._charts: dict[str, C] = {}
        self._at = 0

    def see(self, fact: Fact, *, waiting: int) -> None:
        """Move the chart that this fact is about, if there is one."""
        picked = self._watcher.picks(fact)
        if picked is None:
            return
        subject, mine = picked
        was = self._chart(subject)
        self._charts[subject] = now = self._watcher.after(was, mine, waiting=waiting)
        self._at = fact.at
        if self._watcher.mark(was) != self._watcher.mark(now):
            self._settle(subject, now)
        learned = self._watcher.baseline(now)
        if learned is not None and self._watcher.baseline(was) is None:
            self._note(subject, learned)

    def put_back(self) -> None:
        """What stands says what is known now; every chart is kept."""
        for subject, chart in self._charts.items():
            if self._watcher.mark(chart) is not None:
                self._settle(subject, chart)
            state = self._shape.dump_json(chart).decode()
            self._mover.tx.alarms.keep_chart(self._watcher.kind, subject, state)

    def _chart(self, subject: str) -> C:
        if subject not in self._charts:
            kept = self._mover.tx.alarms.chart(self._watcher.kind, subject)
            self._charts[subject] = self._shape.validate_json(kept) if kept else self._watcher.new
        return self._charts[subject]

    def _settle(self, subject: str, chart: C) -> None:
        found = self._watcher.finding(subject, chart)
        settle(self._mover, self._watcher.kind, subject, found, at=self._at)

    def _note(self, subject: str, learned: Baseline) -> None:
        detail: Parameters = {
            "kind": self._watcher.kind,
            "subject": subject,
            "n": learned.n,
            "count": learned.count,
            "since": learned.since,
            "until": learned.until,
        }
        note(self._mover, "baseline_set", detail)
