"""The charts of one kind, as they are kept between two batches of facts."""

from __future__ import annotations

from typing import Generic, TypeVar

from overread_queue.health.facts import Fact
from overread_queue.health.settling import baseline_set, settle
from overread_queue.health.watchers import Follower, Watcher
from overread_queue.moves import Mover

C = TypeVar("C")
F = TypeVar("F")


class Shelf(Generic[C, F]):
    """Takes a chart from the store when a fact first asks for it, and puts all back at the end."""

    def __init__(self, mover: Mover, follower: Follower[C, F]) -> None:
        self._mover, self._follower = mover, follower
        self._charts: dict[str, C] = {}

    def see(self, fact: Fact, *, waiting: int) -> None:
        """Move the chart that this fact is about, if there is one."""
        picked = self._follower.picks(fact)
        if picked is None:
            return
        subject, mine = picked
        was = self._chart(subject)
        self._charts[subject] = now = self._follower.after(was, mine, waiting=waiting)
        self._moved(subject, was, now, at=fact.at)

    def put_back(self) -> None:
        """Every chart that moved is kept."""
        for subject, chart in self._charts.items():
            self._follower.shape.keep(self._mover.tx, self._follower.kind, subject, chart)

    def _moved(self, subject: str, was: C, now: C, *, at: int) -> None:
        """For those who care."""

    def _chart(self, subject: str) -> C:
        if subject not in self._charts:
            found = self._follower.shape.one(self._mover.tx, self._follower.kind, subject)
            self._charts[subject] = self._follower.new if found is None else found
        return self._charts[subject]


class AlarmShelf(Shelf[C, F]):
    """Charts that raise alarms: what they find is settled with the fact that it comes of.

    While an alarm stands it says what was known when it was raised. Figures that moved with every
    answer would tell real work from blind tests.
    """

    def __init__(self, mover: Mover, watcher: Watcher[C, F]) -> None:
        super().__init__(mover, watcher)
        self._watcher = watcher
        self._at = 0

    def _moved(self, subject: str, was: C, now: C, *, at: int) -> None:
        self._at = at
        if self._watcher.mark(was) != self._watcher.mark(now):
            # The last figures of what is over, whether a batch ends here or not.
            self._settle(subject, was)
            self._settle(subject, now)
        learned = self._watcher.baseline(now)
        if learned is not None and learned != self._watcher.baseline(was):
            baseline_set(self._mover, self._watcher.kind, subject, learned)

    def _settle(self, subject: str, chart: C) -> None:
        found = self._watcher.finding(subject, chart)
        settle(self._mover, self._watcher.kind, subject, found, at=self._at)
