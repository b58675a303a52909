"""The leads' door to the measures of oversight."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from overread_queue.errors import StoreError
from overread_queue.health.catalogue import blind_tests, chosen, read
from overread_queue.health.following import follow
from overread_queue.health.metric import Health, Period
from overread_queue.health.periods import days_of, last_days, period_of
from overread_queue.health.remarks import remarks
from overread_queue.health.stopped import stopped
from overread_queue.health.tallying import Cut
from overread_queue.health.view import View
from overread_queue.leading.side import OfficeSide


class HealthSide(OfficeSide):
    """The leads' door to the measures of oversight."""

    def last_days(self, count: int) -> Period:
        """The last so many UTC days, today among them."""
        return last_days(count, now=self._ground.clock.now())

    def metrics(
        self, period: Period, names: Sequence[str] = (), *, by: Cut | None = None
    ) -> Health:
        """The measures of those names, or all of them, over every UTC day that the period touches.

        What happened since the last reading is counted first. Of blind tests there is what was
        released last, whatever the period. `by` cuts by something else than
        each measure does by itself. Raises `UnknownMetric`, and `InvalidRequest` for a period that
        ends before it begins or a cut that is not kept.
        """
        measures, days = chosen(names), days_of(period)
        # A disk that is full keeps nobody from reading what was counted before.
        with suppress(StoreError):
            follow(self._ground)
        with self._ground.store.read() as tx:
            now, waiting = self._ground.clock.now(), tuple(tx.health.open())
            view = View(tx.health, tx.truths, days, now, waiting)
            behind = tx.events.head()[0] > tx.health.cursor()
            single = self.single_operator
            return Health(
                period=period_of(days),
                metrics=read(view, measures, by) + blind_tests(tx, names, by),
                remarks=tuple(remarks(view, behind=behind, single_operator=single)),
                single_operator=single,
                stopped=stopped(self._ground, tx),
            )
