"""Agentspan over HTTP, against a stand-in that does what the server's public sources say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentspan_client import Standin, call
from delivery_conformance import Conformance
from factories import House
from overread_queue.adapters.agentspan import AgentspanTarget
from overread_queue.adapters.looking import Lookout
from overread_queue.clock import SystemClock
from overread_queue.states import OPEN
from overread_queue.store.wakes import WakeBook
from processes import Processes

REFUND = call(order="A-1009", amount=420.0, currency="USD")


class ServerBench:
    """Executions of a refund agent on a server of its own."""

    runtime = "agentspan"
    modules = ("agentspan_standin",)

    def __init__(self, here: House, folder: Path, processes: Processes) -> None:
        self._here = here
        self.server = Standin(processes, folder)

    @property
    def spec(self) -> str:
        return self.server.url

    def begin(self, run: str, *, gates: int = 1, slow: float = 0.0) -> list[str]:
        self.server.start(run, REFUND, gates=gates, slow=slow)
        return self.pending(run)

    def pending(self, run: str) -> list[str]:
        with self._here.agent() as queue:
            target = AgentspanTarget(queue, self.spec)
            Lookout(queue, target, clock=SystemClock(), tell=lambda told: None).look()
            with WakeBook(queue.wakes).at() as wakes:
                waiting = [
                    one.escalation for one in wakes.open("agentspan") if one.serial_key == run
                ]
            return [one for one in waiting if queue.status(one).state in OPEN]

    def paid(self, run: str) -> list[str]:
        paid: list[str] = self._agent(run)["paid"]
        return paid

    def told_no(self, run: str) -> list[str]:
        with self._here.agent() as queue:
            said = [queue.poll(key.split("/")[0]) for key, _ in self._agent(run)["no"]]
        return [one.verdict for one in said if one]

    def over(self, run: str) -> bool:
        return bool(self.server.get(f"/workflow/{run}")["status"] != "RUNNING")

    def _agent(self, run: str) -> dict[str, list[str]]:
        agent: dict[str, list[str]] = self.server.get(f"/workflow/{run}")["standin"]
        return agent


class TestAgentspan(Conformance):
    bench_of = ServerBench

    @pytest.fixture
    def bench(self, here: House, tmp_path: Path, processes: Processes) -> Iterator[ServerBench]:
        self.processes = processes
        bench = ServerBench(here, tmp_path, processes)
        yield bench
        bench.server.down()
