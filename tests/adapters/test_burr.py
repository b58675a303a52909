"""Apache Burr, the real one: applications in its SQLite persister, resumed by other processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from burr.core import Application, ApplicationBuilder, State

import burr_agent
from delivery_conformance import Conformance
from delivery_desk import HERE, answer, real_time
from factories import House, brief
from overread_queue.adapters.burr import ApplicationTarget, run_on
from overread_queue.adapters.delivering import Worker
from overread_queue.adapters.loading import target_of
from overread_queue.adapters.telling import Told
from overread_queue.errors import InvalidRequest, StillPending
from processes import Processes


class BurrBench:
    """Applications of the refund agent in `burr_agent`."""

    runtime = "burr"
    spec = "burr_agent:application"
    modules = ("burr_agent",)

    def __init__(self, here: House, folder: Path, processes: Processes) -> None:
        self._folder, self._processes = folder, processes

    def begin(self, run: str, *, gates: int = 1, slow: float = 0.0) -> list[str]:
        return [self._processes.run("burr_agent", self._folder, run, gates, slow)]

    def pending(self, run: str) -> list[str]:
        return [] if self.over(run) else [self._app(run).state["escalation"]]

    def paid(self, run: str) -> list[str]:
        return self._lines(run, "paid")

    def told_no(self, run: str) -> list[str]:
        return self._lines(run, "no")

    def over(self, run: str) -> bool:
        return self._app(run).get_next_action() is None

    def _app(self, run: str) -> Application[State]:
        return burr_agent.application(run, burr_agent.PARTITION)

    def _lines(self, run: str, said: str) -> list[str]:
        file = self._folder / f"{run}.{said}"
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERREAD_TEST_FOLDER", str(tmp_path))


class TestBurr(Conformance):
    bench_of = BurrBench


@pytest.fixture
def here(tmp_path: Path) -> House:
    return real_time(tmp_path)


def begun(folder: Path, *, gates: int = 1) -> tuple[Application[State], str]:
    escalation = burr_agent.begin(folder, "run-1", gates, 0.0)
    return burr_agent.application("run-1", burr_agent.PARTITION), escalation


def test_an_application_that_waits_can_be_begun_again_and_waits_still(
    here: House, tmp_path: Path
) -> None:
    app, escalation = begun(tmp_path)
    run_on(app)
    assert app.state["escalation"] == escalation
    assert begun(tmp_path)[1] == escalation


def test_an_action_that_fails_after_it_asked_asks_nothing_new(here: House, tmp_path: Path) -> None:
    (tmp_path / "trip").touch()
    with pytest.raises(RuntimeError, match="tripped"):
        begun(tmp_path)
    _, escalation = begun(tmp_path)
    with here.desk() as desk:
        assert desk.waiting_ids() == (escalation,)


@pytest.mark.parametrize("given", ["the answer to something else", ""])
def test_an_answer_to_another_question_moves_nothing(
    here: House, tmp_path: Path, given: str
) -> None:
    app, escalation = begun(tmp_path)
    answer(here, escalation)
    with pytest.raises(InvalidRequest, match=f"waits for {escalation}, and was given the one to"):
        run_on(app, {"decision": given})
    assert not (tmp_path / "run-1.paid").exists()


def test_its_own_name_is_no_answer_while_nobody_has_decided(here: House, tmp_path: Path) -> None:
    app, escalation = begun(tmp_path)
    with pytest.raises(StillPending):
        run_on(app, {"decision": escalation})
    answer(here, escalation)
    with here.agent() as queue:
        assert Worker(queue, ApplicationTarget(burr_agent.application)).step() == 1
    assert (tmp_path / "run-1.paid").read_text() == f"{escalation}/1\n"


def test_an_action_that_forgets_what_it_asked_gets_no_old_answer(
    here: House, tmp_path: Path
) -> None:
    """An action in two steps sees only what it reads."""
    app, escalation = begun(tmp_path)
    answer(here, escalation)
    with here.agent() as queue:
        assert Worker(queue, ApplicationTarget(burr_agent.application)).step() == 1
    asking = replace(app.context, action_name="ask")
    with pytest.raises(InvalidRequest, match="let it read 'escalation'"):
        burr_agent.gate().ask(State({}), brief(), asking)


def test_nobody_can_ask_in_an_application_that_is_not_persisted(
    here: House, tmp_path: Path
) -> None:
    (tmp_path / "order").write_text("run-1 1 0.0")
    built = (
        ApplicationBuilder()
        .with_actions(burr_agent.prepare, burr_agent.ask)
        .with_transitions(("prepare", "ask"))
        .with_entrypoint("prepare")
        .build()
    )
    with pytest.raises(InvalidRequest, match="would not outlive its process"):
        run_on(built)


def told_of_trouble(here: House, builder: Callable[..., Application[State]]) -> str:
    told: list[Told] = []
    with here.agent() as queue:
        assert Worker(queue, ApplicationTarget(builder), tell=told.append).step() == 0
    return told[0].text


def another(app_id: str, partition_key: str | None) -> Application[State]:
    return burr_agent.application("run-2", partition_key)


def nothing(app_id: str, partition_key: str | None) -> Application[State]:
    return "an application"  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("builder", "says"),
    [
        (another, "was asked for 'run-1' and made 'run-2'; hand app_id and partition_key"),
        (nothing, "the builder returns no Application"),
    ],
)
def test_a_builder_of_something_else_is_told_what_it_should_do(
    here: House, tmp_path: Path, builder: Callable[..., Application[State]], says: str
) -> None:
    _, escalation = begun(tmp_path)
    answer(here, escalation)
    assert says in told_of_trouble(here, builder)


def test_an_application_whose_state_is_gone_is_reported(here: House, tmp_path: Path) -> None:
    _, escalation = begun(tmp_path)
    answer(here, escalation)
    (tmp_path / "applications.db").unlink()
    said = told_of_trouble(here, burr_agent.application)
    assert f"burr does not wait for {escalation} yet" in said


@pytest.mark.parametrize("spec", ["burr_agent:PARTITION", "burr_agent:folder"])
def test_a_spec_that_builds_nothing_is_refused_at_once(
    here: House, spec: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)
    with here.agent() as queue, pytest.raises(InvalidRequest, match="takes app_id and partition"):
        target_of(queue, "burr", spec)


def test_without_burr_the_extra_is_named() -> None:
    blocked = "import sys; sys.modules['burr'] = None; import overread_queue.adapters.burr"
    ended = subprocess.run(
        [sys.executable, "-c", blocked], capture_output=True, text=True, check=False
    )
    assert "pip install 'overread[burr]'" in ended.stderr
