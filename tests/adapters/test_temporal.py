"""Temporal, with its own development server in the soak; what needs none, always."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import PollWorkflowTaskQueueRequest
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

import temporal_agent
from delivery_conformance import LONG_LEASE_SECONDS, Bench, Conformance
from delivery_desk import HERE, answer, first_asked, ran, real_time, started
from factories import House
from overread_queue.adapters.delivering import Worker
from overread_queue.adapters.loading import target_of
from overread_queue.adapters.telling import Told
from overread_queue.adapters.temporal import Connect, WorkflowTarget
from overread_queue.errors import InvalidRequest, StillPending
from overread_queue.store.wakes import WakeBook
from processes import Processes

EXAMPLE = HERE.parents[1] / "sample_data" / "adapters" / "temporal_refund.py"
SERVER = shutil.which("temporal", path=Path(sys.executable).parent) or shutil.which("temporal")
needs_server = pytest.mark.skipif(
    SERVER is None,
    reason="no Temporal server: put the `temporal` command on the PATH (docs.temporal.io/cli)",
)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def temporal_server() -> Iterator[str]:
    """Its own development server, which keeps everything in memory."""
    port = free_port()
    quiet = ("--headless", "--log-level", "never", "--port", str(port))
    command = [str(SERVER), "server", "start-dev", *quiet]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(port)
            yield f"127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError("the server does not start")


class TemporalBench:
    """Workflows of the refund agent in `temporal_agent`."""

    runtime = "temporal"
    spec = "temporal_agent:connect"
    modules = ("temporal_agent",)
    server: ClassVar[str] = ""

    def __init__(self, here: House, folder: Path, processes: Processes) -> None:
        self._folder, self._processes = folder, processes
        (folder / "server").write_text(self.server)

    def begin(self, run: str, *, gates: int = 1, slow: float = 0.0) -> list[str]:
        return [self._processes.run("temporal_agent", self._folder, run, gates, slow)]

    def come_back(self) -> None:
        """A process with the agent's own worker."""
        self._processes.run("temporal_agent", self._folder)

    def pending(self, run: str) -> list[str]:
        return [] if self.over(run) else temporal_agent.lines(run, "asked")[-1:]

    def paid(self, run: str) -> list[str]:
        return temporal_agent.lines(run, "paid")

    def told_no(self, run: str) -> list[str]:
        return temporal_agent.lines(run, "no")

    def over(self, run: str) -> bool:
        async def found() -> bool:
            return await temporal_agent.over(await temporal_agent.connect(), run)

        return asyncio.run(found())


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERREAD_TEST_FOLDER", str(tmp_path))


@pytest.fixture
def here(tmp_path: Path) -> House:
    return real_time(tmp_path)


@pytest.mark.soak
@needs_server
class TestTemporal(Conformance):
    """The worker signals; the agent's own process comes back after it and runs on."""

    bench_of = TemporalBench

    @pytest.fixture(scope="class", autouse=True)
    def _server(self) -> Iterator[None]:
        with temporal_server() as address:
            TemporalBench.server = address
            yield

    def deliver(self, here: House, bench: Bench, *, lease: float = LONG_LEASE_SECONDS) -> str:
        brought = super().deliver(here, bench, lease=lease)
        assert isinstance(bench, TemporalBench)
        bench.come_back()
        return brought

    def test_an_agent_that_dies_with_the_workflow_in_its_hand_loses_no_answer(
        self, here: House, bench: Bench
    ) -> None:
        """A signal that comes meanwhile waits until Temporal gives the workflow out again."""
        (escalation,) = bench.begin("run-1")
        asyncio.run(taken_and_never_given_back("run-1"))
        answer(here, escalation)
        assert self.deliver(here, bench) == "1"
        assert bench.paid("run-1") == [f"{escalation}/1"]

    def test_a_workflow_that_is_not_there_is_reported(self, here: House, bench: Bench) -> None:
        escalation = asked_in("nobody")
        answer(here, escalation)
        said = told_of_trouble(here, temporal_agent.connect)
        assert f"temporal does not wait for {escalation} yet" in said


async def taken_and_never_given_back(run: str) -> None:
    """What an agent does that dies just after Temporal has handed the workflow to it."""
    client = await temporal_agent.connect()
    await client.get_workflow_handle(temporal_agent.id_of(run)).signal("anything")
    taken = await client.workflow_service.poll_workflow_task_queue(
        PollWorkflowTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=temporal_agent.id_of("refunds")),
            identity="an agent that dies",
        )
    )
    assert taken.workflow_execution.workflow_id == temporal_agent.id_of(run)


def in_workflow(name: str, activity_id: str = "1") -> ActivityEnvironment:
    """What an activity of that workflow runs in; it needs no server."""
    env = ActivityEnvironment()
    env.info = replace(
        env.info, workflow_id=name, workflow_run_id=f"{name}/run", activity_id=activity_id
    )
    return env


def asked_in(name: str, activity_id: str = "1") -> str:
    return str(in_workflow(name, activity_id).run(temporal_agent.ask, name, 1))


def told_of_trouble(here: House, connect: Connect) -> str:
    told: list[Told] = []
    with here.agent() as queue:
        assert Worker(queue, WorkflowTarget(connect), tell=told.append).step() == 0
    return told[0].text


def test_an_activity_that_is_retried_asks_nothing_new(here: House) -> None:
    first = asked_in("refund-1")
    assert asked_in("refund-1") == first
    assert asked_in("refund-1", activity_id="2") != first
    assert asked_in("refund-2") != first


def test_what_acts_reads_the_decision_off_the_desk(here: House, tmp_path: Path) -> None:
    escalation = asked_in("refund-1")
    acting = in_workflow("refund-1", "2")
    with pytest.raises(StillPending):
        acting.run(temporal_agent.act, "refund-1", escalation, 0.0)
    answer(here, escalation)
    assert acting.run(temporal_agent.act, "refund-1", escalation, 0.0)
    assert temporal_agent.lines("refund-1", "paid") == [f"{escalation}/1"]


def test_the_approval_of_another_workflow_moves_nothing(here: House) -> None:
    asked_in("refund-2")
    escalation = asked_in("refund-1")
    answer(here, escalation)
    with pytest.raises(InvalidRequest, match="was not asked by this workflow"):
        in_workflow("refund-2").run(temporal_agent.act, "refund-2", escalation, 0.0)
    assert temporal_agent.lines("refund-2", "paid") == []


async def nowhere() -> Client:
    """A port that was free a moment ago: nobody listens there."""
    return await Client.connect(f"127.0.0.1:{free_port()}")


async def something_else() -> Client:
    return "a client"  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("connect", "says"),
    [(nowhere, "connect"), (something_else, "has to return a Client")],
)
def test_a_server_that_cannot_be_reached_is_reported_and_tried_again(
    here: House, connect: Connect, says: str
) -> None:
    answer(here, asked_in("refund-1"))
    assert says in told_of_trouble(here, connect)
    with here.agent() as queue, WakeBook(queue.wakes).at() as wakes:
        (wake,) = wakes.open("temporal")
    assert (wake.attempts, wake.ended) == (1, None)


@pytest.mark.parametrize("spec", ["temporal_agent:SOON", "temporal_agent:folder"])
def test_a_spec_that_connects_nothing_is_refused(
    here: House, spec: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)
    with here.agent() as queue, pytest.raises(InvalidRequest, match="no async function"):
        target_of(queue, "temporal", spec)


def test_without_temporal_the_extra_is_named() -> None:
    blocked = (
        "import sys; sys.modules['temporalio'] = None; import overread_queue.adapters.temporal"
    )
    ended = subprocess.run(
        [sys.executable, "-c", blocked], capture_output=True, text=True, check=False
    )
    assert "pip install 'overread[temporal]'" in ended.stderr


@pytest.mark.soak
@needs_server
def test_the_example_dies_while_it_waits_and_pays_once(
    here: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(EXAMPLE, tmp_path)
    with temporal_server() as address:
        monkeypatch.setenv("TEMPORAL_ADDRESS", address)
        waiting = started("temporal_refund.py", "A-1009", cwd=tmp_path)
        escalation = first_asked(here, "temporal")
        waiting.kill()
        waiting.communicate()
        answer(here, escalation)
        command = ("-m", "overread_console", "--db", "desk.db", "deliver", "temporal")
        bring = (*command, "temporal_refund:connect", "--agent", "refund-agent", "--once")
        assert ran(*bring, cwd=tmp_path) == f"delivered {escalation} (refund-A-1009)\n"
        again = ran("temporal_refund.py", "A-1009", cwd=tmp_path)
    assert again == f"refunded 420.00 on A-1009 under {escalation}/1\n"
