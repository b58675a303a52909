"""Charts as they are kept. One that somebody altered is as good as none, and stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from overread_queue.health.alarm import AlarmKind
from overread_queue.health.charts import RateChart
from overread_queue.health.drift import DriftChart
from overread_queue.health.lateness import WaitsChart
from overread_queue.health.missed import MissedChart
from overread_queue.health.speed import SpeedChart
from overread_queue.health.versions import VersionChart
from overread_queue.store import Transaction

C = TypeVar("C")


class Shape(Generic[C]):
    """How charts of one type become JSON and come back."""

    def __init__(self, type: type[C]) -> None:
        self._type = type

    @cached_property
    def _adapter(self) -> TypeAdapter[C]:
        """Made when first needed: most programs that import this never read a chart."""
        return TypeAdapter(self._type)

    def keep(self, tx: Transaction, kind: AlarmKind, subject: str, chart: C) -> None:
        tx.alarms.keep_chart(kind, subject, self._adapter.dump_json(chart).decode())

    def one(self, tx: Transaction, kind: AlarmKind, subject: str) -> C | None:
        """None where there is none, or none that can be read."""
        return self._read(tx.alarms.chart(kind, subject))

    def all(self, tx: Transaction, kind: AlarmKind) -> Iterator[tuple[str, C]]:
        """All that can be read, by subject."""
        for subject, text in tx.alarms.charts(kind).items():
            if (found := self._read(text)) is not None:
                yield subject, found

    def _read(self, text: str | None) -> C | None:
        try:
            return self._adapter.validate_json(text) if text else None
        except ValidationError:
            return None


RATE = Shape(RateChart)
DRIFT = Shape(DriftChart)
SPEED = Shape(SpeedChart)
VERSIONS = Shape(VersionChart)
WAITS = Shape(WaitsChart)
MISSED = Shape(MissedChart)
