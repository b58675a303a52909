"""The conformance of runtimes whose runs are kept in files, and what of it runs every time.

Deaths around `locate` and slow tools are the worker's business, the same for all of them: those
stories run in full over the toy runtime, and here only in the long runs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar

import pytest

from deliver_once import POINTS
from delivery_conformance import Bench, Conformance
from factories import House
from overread_queue.adapters.asking import recalled
from overread_queue.adapters.kept import Kept, Shelf
from processes import Processes

OWN = ("after_resume",)
"""The death after which a kept file has gone on, and nobody has heard of it."""
ORDERED = [pytest.param(point, marks=() if point in OWN else pytest.mark.soak) for point in POINTS]


class StoppingBench:
    """Runs of the refund agent in the one module that a runtime has here."""

    runtime: ClassVar[str]
    modules: ClassVar[tuple[str, ...]]

    def __init__(self, here: House, folder: Path, processes: Processes) -> None:
        self._here, self._folder, self._processes = here, folder, processes

    @property
    def spec(self) -> str:
        return f"{self.modules[0]}:gate"

    def begin(self, run: str, *, gates: int = 1, slow: float = 0.0) -> list[str]:
        asked = self._processes.run(self.modules[0], self._here.path, run, gates, slow)
        found: list[str] = json.loads(asked)
        return found

    def pending(self, run: str) -> list[str]:
        with self._here.agent() as queue:
            wakes = [
                recalled(queue, runtime=self.runtime, gate=one.gate)
                for one in self._kept(run).pending.values()
            ]
        return [one.escalation for one in wakes if one]

    def paid(self, run: str) -> list[str]:
        return self._lines(run, "paid")

    def told_no(self, run: str) -> list[str]:
        return self._lines(run, "no")

    def over(self, run: str) -> bool:
        return not self._kept(run).state

    def _kept(self, run: str) -> Kept:
        with self._here.agent() as queue:
            return Shelf(queue, self.runtime).get(run)

    def _lines(self, run: str, said: str) -> list[str]:
        file = self._folder / f"{run}.{said}"
        return file.read_text().splitlines() if file.exists() else []


class StoppingConformance(Conformance):
    bench_of: ClassVar[type[Bench]]

    @pytest.mark.parametrize("point", ORDERED)
    def test_a_worker_that_dies_anywhere_is_followed_by_one_that_finishes(
        self, here: House, bench: Bench, point: str
    ) -> None:
        super().test_a_worker_that_dies_anywhere_is_followed_by_one_that_finishes(
            here, bench, point
        )

    @pytest.mark.soak
    def test_a_node_that_is_slower_than_a_lease_is_not_run_twice(
        self, here: House, bench: Bench
    ) -> None:
        super().test_a_node_that_is_slower_than_a_lease_is_not_run_twice(here, bench)
