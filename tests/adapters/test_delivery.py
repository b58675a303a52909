"""The delivery loop: over the smallest runtime there is, and what only the loop itself can do."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from delivery_conformance import Conformance
from delivery_desk import HERE, answer, real_time, started
from factories import LONG_ENOUGH, POLICY, House, brief
from journey import kinds
from overread_queue import LeadOffice
from overread_queue.adapters.asking import ask_once
from overread_queue.adapters.delivering import TELL_FROM, Worker
from overread_queue.adapters.loading import named, target_of
from overread_queue.adapters.retrying import LONGEST_RETRY_SECONDS
from overread_queue.adapters.target import Pause
from overread_queue.adapters.telling import Told
from overread_queue.clock import ManualClock, SystemClock
from overread_queue.errors import InvalidRequest, LeaseLost
from overread_queue.places import Places
from overread_queue.store.wakes import WakeBook
from processes import Processes
from toy_runtime import Toy, load

TIRELESS = POLICY + "\n[limits]\nday_items = 100000\nday_minutes = 480\n"
"""One reviewer may do an hour's work in a minute."""


def pause(folder: Path, question: str = "Refund $420.00 on order A-1009?") -> Pause:
    """A gate of a toy run that was never begun."""
    where = {"folder": str(folder), "run": "run-1"}
    return Pause(question, serial_key="run-1", target=where, brief=lambda: brief(question))


class ToyBench:
    """Runs of the toy runtime, each begun by a process of its own."""

    runtime = "custom"
    spec = "toy_runtime:target"
    modules = ("toy_runtime",)

    def __init__(self, here: House, folder: Path, processes: Processes) -> None:
        self._here, self._folder, self._processes = here, folder, processes

    def begin(self, run: str, *, gates: int = 1, slow: float = 0.0) -> list[str]:
        given = (self._here.path, self._folder, run, gates, slow)
        self._processes.run("toy_runtime", *given)
        return self.pending(run)

    def pending(self, run: str) -> list[str]:
        asked = load(self._folder, run).asked
        return [asked] if asked else []

    def paid(self, run: str) -> list[str]:
        return load(self._folder, run).paid

    def told_no(self, run: str) -> list[str]:
        return load(self._folder, run).no

    def over(self, run: str) -> bool:
        return load(self._folder, run).over


class TestToy(Conformance):
    bench_of = ToyBench


@pytest.fixture
def here(tmp_path: Path) -> House:
    return real_time(tmp_path)


@pytest.fixture
def bench(here: House, tmp_path: Path) -> Iterator[ToyBench]:
    with Processes(tmp_path, *ToyBench.modules) as processes:
        yield ToyBench(here, tmp_path, processes)


def test_a_worker_that_stays_is_woken_and_ends_when_it_is_told(
    here: House, bench: ToyBench
) -> None:
    command = ("-m", "overread_console", "--db", here.path, "deliver", "custom", bench.spec)
    worker = started(*command, "--agent", "refund-agent")
    (escalation,) = bench.begin("run-1")
    answer(here, escalation)
    deadline = time.monotonic() + LONG_ENOUGH
    while not bench.over("run-1") and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.send_signal(signal.SIGTERM)
    out, err = worker.communicate(timeout=LONG_ENOUGH)
    assert (worker.returncode, out, err) == (0, f"delivered {escalation} (run-1)\n", "")


@pytest.fixture
def three_workers(tmp_path: Path) -> Iterator[list[subprocess.Popen[str]]]:
    command = ("-m", "overread_console", "--db", tmp_path / "desk.db", "deliver", "custom")
    options = (ToyBench.spec, "--agent", "refund-agent", "--lease", "2")
    real_time(tmp_path, TIRELESS)
    workers = [started(*command, *options) for _ in range(3)]
    yield workers
    for worker in workers:
        worker.kill()
        worker.communicate()


@pytest.mark.soak
def test_two_workers_race_for_an_hours_worth_of_decisions(
    tmp_path: Path, three_workers: list[subprocess.Popen[str]]
) -> None:
    """Each is delivered once, whoever gets it, while two go on and one is killed in the middle."""
    here = House(Places.of(tmp_path / "desk.db"), SystemClock())
    with Processes(tmp_path, *ToyBench.modules) as processes:
        _race(here, ToyBench(here, tmp_path, processes), three_workers)


def _race(here: House, bench: ToyBench, workers: list[subprocess.Popen[str]]) -> None:
    runs = [f"run-{number}" for number in range(200)]
    for number, run in enumerate(runs):
        (escalation,) = bench.begin(run)
        answer(here, escalation, "approve" if number % 3 else "reject")
        if number == len(runs) // 2:
            with workers.pop() as victim:
                victim.kill()
    deadline = time.monotonic() + 120
    while not all(bench.over(run) for run in runs) and time.monotonic() < deadline:
        time.sleep(0.2)
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    said = [worker.communicate(timeout=60)[0].splitlines() for worker in workers]
    assert all(said)
    assert [len(bench.paid(run)) + len(bench.told_no(run)) for run in runs] == [1] * len(runs)
    with here.agent() as queue, WakeBook(queue.wakes).at() as wakes:
        assert wakes.open("custom") == []


def test_what_cannot_be_brought_is_told_and_tried_again_later(here: House, tmp_path: Path) -> None:
    told: list[Told] = []
    with here.agent() as queue:
        asked = ask_once(queue, "custom", pause(tmp_path))
        answer(here, asked)
        worker = Worker(queue, Toy(queue), tell=told.append)
        assert worker.step() == 0
        with WakeBook(queue.wakes).at() as wakes:
            (wake,) = wakes.open("custom")
    assert [one.event for one in told] == ["troubled"]
    assert "FileNotFoundError" in told[0].text
    assert wake.trouble == told[0].text
    assert (wake.attempts, wake.ended) == (1, None)
    assert wake.next_try_at > here.clock.now() - 100


def test_a_gate_that_was_never_reached_is_not_taken_for_answered(
    here: House, bench: ToyBench, tmp_path: Path
) -> None:
    """A reviewer may be faster than the agent's own checkpoint."""
    told: list[Told] = []
    (other,) = bench.begin("run-1")
    with here.agent() as queue:
        answer(here, ask_once(queue, "custom", pause(tmp_path, "Refund something else?")))
        assert Worker(queue, Toy(queue), tell=told.append).step() == 0
    assert [one.event for one in told] == ["troubled"]
    assert "does not wait for" in told[0].text
    assert bench.pending("run-1") == [other]


def test_a_batch_is_brought_whole_or_not_at_all(here: House) -> None:
    class Together:
        runtime = "custom"

        def __init__(self) -> None:
            self.got: list[list[str]] = []

        def locate(self, wake: object) -> str:
            return "waiting"

        def resume(self, answers: object) -> None:
            self.got.append([one.wake.escalation for one in answers])  # type: ignore[attr-defined]

        def drive_on(self, wake: object) -> None:
            raise AssertionError("nothing was left of it")

    with here.agent() as queue:
        parts = [replace(pause(here.path, f"Refund {n}?"), batch_id="turn-1") for n in (1, 2)]
        both = [ask_once(queue, "custom", one) for one in parts]
        target = Together()
        worker = Worker(queue, target)  # type: ignore[arg-type]
        answer(here, both[1])
        assert worker.step() == 0
        answer(here, both[0], "reject")
        assert worker.step() == 2
    assert target.got == [both]


def test_a_lease_that_was_taken_over_writes_nothing_more(here: House) -> None:
    with here.agent() as queue:
        ask_once(queue, "custom", pause(here.path))
        book = WakeBook(queue.wakes)
    with book.at() as wakes:
        (waiting,) = wakes.open("custom")
        first = wakes.lease(waiting, "one", now=1_000, until=2_000)
        assert first is not None
        assert wakes.lease(waiting, "two", now=1_999, until=3_000) is None
        second = wakes.lease(waiting, "two", now=2_000, until=3_000)
        assert second is not None
        with pytest.raises(LeaseLost):
            wakes.end(first, [first], "delivered", now=2_100)
        with pytest.raises(LeaseLost):
            wakes.extend(first, until=9_000)
        wakes.end(second, [second], "delivered", now=2_200)
        assert wakes.open("custom") == []


@pytest.mark.parametrize(
    ("runtime", "spec", "says"),
    [
        ("nothing", "a:b", "is no runtime; use one of"),
        ("custom", "toy_runtime", "write `package.module:name`"),
        ("custom", "no_such_agent:target", "there is no module 'no_such_agent'"),
        ("custom", "toy_runtime.py:target", "name it without .py"),
        ("custom", "toy_runtime:nothing", "toy_runtime has no 'nothing'"),
        ("custom", "toy_runtime:__name__", "is no function that takes the queue"),
        ("custom", "toy_runtime:str", "has no 'str'"),
    ],
)
def test_a_target_that_is_none_says_what_to_write(
    here: House, runtime: str, spec: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)
    with here.agent() as queue, pytest.raises(InvalidRequest, match=says):
        target_of(queue, runtime, spec)


def test_what_is_named_is_looked_for_in_the_current_folder_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "an_agent_of_mine.py").write_text("graph = 'mine'\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [])
    assert named("an_agent_of_mine:graph") == "mine"


def test_an_agent_that_breaks_while_it_is_imported_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "an_agent_that_breaks.py").write_text("import no_such_package\n")
    (tmp_path / "an_agent_without_a_key.py").write_text("import os\nos.environ['NO_SUCH_KEY']\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidRequest, match="No module named 'no_such_package'"):
        named("an_agent_that_breaks:graph")
    with pytest.raises(InvalidRequest, match="KeyError: 'NO_SUCH_KEY'; `python -c"):
        named("an_agent_without_a_key:graph")


def test_the_desk_learns_that_an_agent_cannot_be_reached(here: House, tmp_path: Path) -> None:
    with here.agent() as queue:
        asked = ask_once(queue, "custom", pause(tmp_path))
        answer(here, asked)
        clock = ManualClock(here.clock.now())
        worker = Worker(queue, Toy(queue), clock=clock)
        for _ in range(TELL_FROM):
            worker.step()
            clock.advance(seconds=LONGEST_RETRY_SECONDS)
    with LeadOffice.open(here.path, reviewer="olga") as office:
        (one,) = office.undelivered()
        assert office.undelivered(older_than_seconds=3600) == ()
    assert (one.id, one.agent, one.verdict) == (asked, "refund-agent", "approve")
    assert (one.tries, one.taken) == (TELL_FROM, False)
    assert "FileNotFoundError" in one.trouble
    assert kinds(here.path, asked).count("undelivered") == 1


def test_an_approval_that_was_carried_out_waits_for_nobody(here: House, bench: ToyBench) -> None:
    (escalation,) = bench.begin("run-1")
    answer(here, escalation)
    with LeadOffice.open(here.path, reviewer="olga") as office:
        assert [one.id for one in office.undelivered()] == [escalation]
        with here.agent() as queue:
            assert Worker(queue, Toy(queue)).step() == 1
        assert office.undelivered() == ()
