"""LangGraph, the real one: threads in its SQLite checkpointer, resumed by other processes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import langgraph_agent
from delivery_conformance import Conformance
from factories import House
from processes import Processes


class GraphBench:
    """Threads of the refund agent in `langgraph_agent`."""

    runtime = "langgraph"
    spec = "langgraph_agent:graph"
    modules = ("langgraph_agent",)

    def __init__(self, here: House, folder: Path, processes: Processes) -> None:
        self._folder, self._processes = folder, processes

    def begin(self, run: str, *, gates: int = 1, slow: float = 0.0) -> list[str]:
        asked = self._processes.run("langgraph_agent", self._folder, run, gates, slow)
        found: list[str] = json.loads(asked)
        return found

    def pending(self, run: str) -> list[str]:
        return [one.value["escalation"] for one in self._state(run).interrupts]

    def paid(self, run: str) -> list[str]:
        return self._lines(run, "paid")

    def told_no(self, run: str) -> list[str]:
        return self._lines(run, "no")

    def over(self, run: str) -> bool:
        return not self._state(run).next

    def _state(self, run: str):  # type: ignore[no-untyped-def]
        os.environ["OVERREAD_TEST_FOLDER"] = str(self._folder)
        config = {"configurable": {"thread_id": run}}
        return langgraph_agent.graph().get_state(config)  # type: ignore[attr-defined]

    def _lines(self, run: str, said: str) -> list[str]:
        file = self._folder / f"{run}.{said}"
        return file.read_text().splitlines() if file.exists() else []


class TestLangGraph(Conformance):
    bench_of = GraphBench

    @pytest.fixture(autouse=True)
    def _at_home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OVERREAD_TEST_FOLDER", str(tmp_path))


class UnawareBench(GraphBench):
    """The same agent with an `interrupt` of its own instead of `escalate`."""

    spec = "langgraph_agent:reviewed"

    def begin(self, run: str, *, gates: int = 1, slow: float = 0.0) -> list[str]:
        given = (self._folder, run, gates, slow, "unaware")
        found: list[str] = json.loads(self._processes.run("langgraph_agent", *given))
        return found

    def pending(self, run: str) -> list[str]:
        return langgraph_agent.ask(run)


@pytest.mark.soak
class TestUnaware(TestLangGraph):
    bench_of = UnawareBench
