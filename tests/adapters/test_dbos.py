"""DBOS, the real one: workflows in its SQLite database, whose process dies while they wait."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dbos import DBOSClient

import dbos_agent
from delivery_conformance import LONG_LEASE_SECONDS, Bench, Conformance
from delivery_desk import HERE, answer, real_time
from factories import House, brief
from overread_queue.adapters.asking import ask_once
from overread_queue.adapters.dbos import Gate, WorkflowTarget
from overread_queue.adapters.delivering import Worker
from overread_queue.adapters.loading import target_of
from overread_queue.adapters.target import Pause
from overread_queue.adapters.telling import Told
from overread_queue.errors import Halted, InvalidRequest
from overread_queue.store.wakes import WakeBook
from processes import Processes


class DbosBench:
    """Workflows of the refund agent in `dbos_agent`."""

    runtime = "dbos"
    spec = "dbos_agent:client"
    modules = ("dbos_agent",)

    def __init__(self, here: House, folder: Path, processes: Processes) -> None:
        self._folder, self._processes = folder, processes
        self._one_at_a_time = threading.Lock()

    def begin(self, run: str, *, gates: int = 1, slow: float = 0.0) -> list[str]:
        return [self._processes.run("dbos_agent", self._folder, run, gates, slow)]

    def come_back(self) -> None:
        """The agent's own process, which DBOS wants to be one."""
        with self._one_at_a_time:
            self._processes.run("dbos_agent", self._folder)

    def pending(self, run: str) -> list[str]:
        return [] if self.over(run) else dbos_agent.asked(run)[-1:]

    def paid(self, run: str) -> list[str]:
        return self._lines(run, "paid")

    def told_no(self, run: str) -> list[str]:
        return self._lines(run, "no")

    def over(self, run: str) -> bool:
        return run not in dbos_agent.going()

    def _lines(self, run: str, said: str) -> list[str]:
        file = self._folder / f"{run}.{said}"
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERREAD_TEST_FOLDER", str(tmp_path))


@pytest.mark.soak
class TestDbos(Conformance):
    """The worker sends; the agent's own process comes back after it and runs on."""

    bench_of = DbosBench

    def deliver(self, here: House, bench: Bench, *, lease: float = LONG_LEASE_SECONDS) -> str:
        brought = super().deliver(here, bench, lease=lease)
        assert isinstance(bench, DbosBench)
        bench.come_back()
        return brought

    @pytest.mark.parametrize(
        "point", ["before_resume", pytest.param("after_resume", marks=pytest.mark.soak)]
    )
    def test_a_worker_that_dies_anywhere_is_followed_by_one_that_finishes(
        self, here: House, bench: Bench, point: str
    ) -> None:
        """The other points differ only in the loop, which is the same for every runtime."""
        super().test_a_worker_that_dies_anywhere_is_followed_by_one_that_finishes(
            here, bench, point
        )

    @pytest.mark.soak
    def test_a_node_that_is_slower_than_a_lease_is_not_run_twice(
        self, here: House, bench: Bench
    ) -> None:
        """A worker only sends: how slow the workflow is afterwards is nothing to it."""
        super().test_a_node_that_is_slower_than_a_lease_is_not_run_twice(here, bench)

    def test_a_message_that_nobody_decided_opens_nothing(self, here: House, bench: Bench) -> None:
        (escalation,) = bench.begin("run-1")
        with closing_client() as client:
            client.send("run-1", "approve", topic=escalation)
        assert isinstance(bench, DbosBench)
        bench.come_back()
        assert bench.over("run-1")
        assert bench.paid("run-1") == []

    def test_a_refusal_of_the_desk_ends_the_workflow_and_keeps_its_words(
        self, here: House, bench: Bench
    ) -> None:
        """It went through the workflow's database, which pickles what a step raised."""
        with here.desk() as desk:
            desk.stop("refund-agent", reason="paying twice")
        bench.begin("run-1")
        with closing_client() as client, pytest.raises(Halted, match="paying twice") as refused:
            client.retrieve_workflow("run-1").get_result()
        assert refused.value.by == "ana"

    def test_a_workflow_that_does_not_exist_is_reported(self, here: House, bench: Bench) -> None:
        bench.begin("run-1")
        with here.agent() as queue:
            asked = ask_once(queue, "dbos", pause("nobody"))
        answer(here, asked)
        assert f"dbos does not wait for {asked} yet" in told_of_trouble(here, dbos_agent.client)


def pause(run: str) -> Pause:
    return Pause(gate="g", serial_key=run, target={"workflow_id": run}, brief=brief)


@contextmanager
def closing_client() -> Iterator[DBOSClient]:
    client = dbos_agent.client()
    yield client
    client.destroy()


@pytest.fixture
def here(tmp_path: Path) -> House:
    return real_time(tmp_path)


def told_of_trouble(here: House, connect: Callable[[], DBOSClient]) -> str:
    told: list[Told] = []
    with here.agent() as queue:
        assert Worker(queue, WorkflowTarget(connect), tell=told.append).step() == 0
    return told[0].text


def test_a_database_that_is_not_there_is_reported_and_tried_again(here: House) -> None:
    with here.agent() as queue:
        asked = ask_once(queue, "dbos", pause("run-1"))
    answer(here, asked)
    assert "OperationalError" in told_of_trouble(here, lost)
    with here.agent() as queue, WakeBook(queue.wakes).at() as wakes:
        (wake,) = wakes.open("dbos")
    assert (wake.attempts, wake.ended) == (1, None)


def lost() -> DBOSClient:
    return DBOSClient(
        system_database_url="sqlite:////nowhere/workflows.db", retry_connection_errors=False
    )


def test_nobody_can_ask_outside_a_workflow(here: House) -> None:
    with pytest.raises(InvalidRequest, match="call it in a workflow, outside its steps"):
        Gate(here.path, agent="refund-agent").escalate(brief())


def test_a_spec_that_connects_nothing_is_refused(
    here: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)
    with here.agent() as queue:
        with pytest.raises(InvalidRequest, match="is no function that returns a DBOSClient"):
            target_of(queue, "dbos", "dbos_agent:RUNTIME")
        made = target_of(queue, "dbos", "dbos_agent:url")
        ask_once(queue, "dbos", pause("run-1"))
        with WakeBook(queue.wakes).at() as wakes:
            (wake,) = wakes.open("dbos")
    with pytest.raises(InvalidRequest, match="has to return a DBOSClient"):
        made.locate(wake)


def test_without_dbos_the_extra_is_named() -> None:
    blocked = "import sys; sys.modules['dbos'] = None; import overread_queue.adapters.dbos"
    ended = subprocess.run(
        [sys.executable, "-c", blocked], capture_output=True, text=True, check=False
    )
    assert "pip install 'overread[dbos]'" in ended.stderr
