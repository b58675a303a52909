"""What every adapter promises, told once. A test file makes a class of it with its own bench."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar, Protocol

import pytest

from deliver_once import POINTS
from delivery_desk import answer, approve_at_the_console, real_time
from factories import LONG_ENOUGH, House
from overread_queue.adapters.retrying import FIRST_RETRY_SECONDS
from overread_queue.store.wakes import WakeBook
from processes import Processes

LEASE_SECONDS = 2.0
LONG_LEASE_SECONDS = 60.0
"""Of workers that live: they have ended before it does, however slow the machine is."""


LOOPS_OWN = ("before_locate", "after_locate")
"""Deaths that no runtime hears of: the same for all of them, so that most runs leave them out."""
SOMEWHERE = [
    pytest.param(point, marks=pytest.mark.soak if point in LOOPS_OWN else ()) for point in POINTS
]


class Bench(Protocol):
    """One runtime with an agent in it that pays a refund once somebody has said yes."""

    runtime: ClassVar[str]
    modules: ClassVar[tuple[str, ...]]
    """What its processes run: modules of these tests with a `main`."""

    def __init__(self, here: House, folder: Path, processes: Processes) -> None: ...

    @property
    def spec(self) -> str:
        """What `overread deliver RUNTIME SPEC` takes."""

    def begin(self, run: str, *, gates: int = 1, slow: float = 0.0) -> list[str]:
        """A process of its own runs until every gate that it can come to waits, and ends. The
        escalations that are open then. After `gates` answers it pays `gates` times; it pays for
        `slow` seconds."""

    def pending(self, run: str) -> list[str]:
        """Escalations that were submitted for the run and are open."""

    def paid(self, run: str) -> list[str]:
        """The idempotency keys under which it has paid, in order."""

    def told_no(self, run: str) -> list[str]:
        """Verdicts that stopped a payment, in order."""

    def over(self, run: str) -> bool:
        """Whether the run has come to its end."""


class Conformance:
    """Crash at every point, duplicates, two workers, a stale answer, a slow node."""

    bench_of: ClassVar[type[Bench]]

    @pytest.fixture
    def here(self, tmp_path: Path) -> House:
        return real_time(tmp_path)

    @pytest.fixture(scope="class")
    def processes(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
        folder = tmp_path_factory.mktemp("processes")
        with Processes(folder, "deliver_once", *self.bench_of.modules) as started:
            yield started

    @pytest.fixture
    def bench(self, here: House, tmp_path: Path, processes: Processes) -> Bench:
        self.processes = processes
        return self.bench_of(here, tmp_path, processes)

    def deliver(self, here: House, bench: Bench, *, lease: float = LONG_LEASE_SECONDS) -> str:
        return self.processes.run("deliver_once", *self.worker(here, bench), "", lease)

    def worker(self, here: House, bench: Bench) -> tuple[object, ...]:
        return (here.path, "refund-agent", bench.runtime, bench.spec)

    def dies(self, here: House, bench: Bench, point: str) -> None:
        ended = self.processes.start(
            "deliver_once", *self.worker(here, bench), point, LEASE_SECONDS
        )(60)
        assert ended.code == 9, ended.err

    def recover(self, here: House, bench: Bench, run: str) -> None:
        """Another worker takes over once the leases of the dead one are over."""
        deadline = time.monotonic() + LONG_ENOUGH
        while time.monotonic() < deadline and not bench.over(run):
            time.sleep(FIRST_RETRY_SECONDS / 2)
            self.deliver(here, bench)
        assert bench.over(run)

    def test_an_approval_reaches_its_gate_and_is_acted_on_under_its_own_key(
        self, here: House, bench: Bench
    ) -> None:
        """Asked by one process, answered at the console of another, brought on by a third."""
        (escalation,) = bench.begin("run-1")
        assert self.deliver(here, bench) == "0"
        approve_at_the_console(here)
        assert self.deliver(here, bench) == "1"
        assert bench.paid("run-1") == [f"{escalation}/1"]
        assert bench.over("run-1")
        assert self.deliver(here, bench) == "0"

    def test_a_no_reaches_its_gate_and_nothing_is_paid(self, here: House, bench: Bench) -> None:
        (escalation,) = bench.begin("run-1")
        answer(here, escalation, "reject")
        assert self.deliver(here, bench) == "1"
        assert bench.told_no("run-1") == ["reject"]
        assert bench.paid("run-1") == []
        assert bench.over("run-1")

    @pytest.mark.parametrize("point", SOMEWHERE)
    def test_a_worker_that_dies_anywhere_is_followed_by_one_that_finishes(
        self, here: House, bench: Bench, point: str
    ) -> None:
        (escalation,) = bench.begin("run-1")
        answer(here, escalation)
        self.dies(here, bench, point)
        self.recover(here, bench, "run-1")
        assert set(bench.paid("run-1")) == {f"{escalation}/1"}
        assert len(bench.paid("run-1")) == 1

    def test_two_workers_bring_each_answer_once(self, here: House, bench: Bench) -> None:
        runs = [f"run-{number}" for number in range(4)]
        asked = {run: bench.begin(run)[0] for run in runs}
        for escalation in asked.values():
            answer(here, escalation)
        with ThreadPoolExecutor(3) as pool:
            brought = list(pool.map(lambda _: int(self.deliver(here, bench)), range(3)))
        assert sum(brought) == len(runs)
        assert {run: bench.paid(run) for run in runs} == {
            run: [f"{escalation}/1"] for run, escalation in asked.items()
        }

    def test_a_node_that_is_slower_than_a_lease_is_not_run_twice(
        self, here: House, bench: Bench
    ) -> None:
        (escalation,) = bench.begin("run-1", slow=LEASE_SECONDS * 1.6)
        answer(here, escalation)
        with ThreadPoolExecutor(2) as pool:
            brought = list(
                pool.map(lambda _: int(self.deliver(here, bench, lease=LEASE_SECONDS)), range(2))
            )
        assert sorted(brought) == [0, 1]
        assert bench.paid("run-1") == [f"{escalation}/1"]

    def test_an_answer_brought_again_never_opens_the_next_gate(
        self, here: House, bench: Bench
    ) -> None:
        first = bench.begin("run-1", gates=2)[0]
        answer(here, first)
        self.dies(here, bench, "before_end")
        time.sleep(LEASE_SECONDS + FIRST_RETRY_SECONDS)
        self.deliver(here, bench)
        assert bench.paid("run-1") == [f"{first}/1"]
        assert not bench.over("run-1")
        (second,) = bench.pending("run-1")
        answer(here, second, "reject")
        self.recover(here, bench, "run-1")
        assert bench.paid("run-1") == [f"{first}/1"]
        assert bench.told_no("run-1") == ["reject"]

    def test_everything_is_written_down_as_delivered(self, here: House, bench: Bench) -> None:
        (escalation,) = bench.begin("run-1")
        answer(here, escalation)
        self.deliver(here, bench)
        with here.agent() as queue, WakeBook(queue.wakes).at() as wakes:
            (wake,) = wakes.open(bench.runtime) or [wakes.get(escalation)]
        assert wake is not None
        assert (wake.ended, wake.attempts, wake.trouble) == ("delivered", 1, "")
