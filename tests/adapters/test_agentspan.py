"""Agentspan over HTTP, against a stand-in that does what the server's public sources say."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conductor.client.configuration.configuration import Configuration
from conductor.client.http.models.task_result import TaskResult
from conductor.client.http.models.task_result_status import TaskResultStatus
from conductor.client.orkes.orkes_agent_client import OrkesAgentClient
from conductor.client.orkes.orkes_task_client import OrkesTaskClient

from agentspan_client import Standin, call
from delivery_conformance import Bench, Conformance
from delivery_desk import answer, real_time
from factories import House
from journey import kinds, pick_up
from overread_briefs import Editable, EditableField, Software
from overread_queue import AgentQueue, LeadOffice
from overread_queue.adapters.agentspan import BATCH, AgentspanTarget
from overread_queue.adapters.agentspan_server import TOKEN, Server
from overread_queue.adapters.briefing import brief_for
from overread_queue.adapters.delivering import TELL_FROM, Worker
from overread_queue.adapters.loading import target_of
from overread_queue.adapters.looking import Lookout
from overread_queue.adapters.retrying import LONGEST_RETRY_SECONDS
from overread_queue.adapters.telling import Told
from overread_queue.clock import ManualClock, SystemClock
from overread_queue.errors import InvalidRequest
from overread_queue.states import OPEN
from overread_queue.store.wakes import WakeBook
from processes import Processes

REFUND = call(order="A-1009", amount=420.0, currency="USD")
LIVE = "OVERREAD_AGENTSPAN_URL"


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

    @pytest.mark.parametrize("point", ["before_resume", "after_resume"])
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
        """A server that is slow to take one result, and ends before patience does."""
        super().test_a_node_that_is_slower_than_a_lease_is_not_run_twice(here, bench)


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    with Processes(tmp_path_factory.mktemp("processes"), "agentspan_standin") as started:
        yield started


@pytest.fixture
def here(tmp_path: Path) -> House:
    return real_time(tmp_path)


@pytest.fixture
def server(processes: Processes, tmp_path: Path) -> Iterator[Standin]:
    started = Standin(processes, tmp_path)
    yield started
    started.down()


class Pass:
    """One worker, a pass of which is long after the one before."""

    def __init__(self, queue: AgentQueue, server: Server | str, **given: Any) -> None:
        self.told: list[Told] = []
        self.clock = ManualClock(SystemClock().now())
        target = AgentspanTarget(queue, server, **given)
        self._worker = Worker(queue, target, clock=self.clock, tell=self.told.append)

    def __call__(self) -> list[Told]:
        """What it told."""
        self.told.clear()
        self.clock.advance(seconds=LONGEST_RETRY_SECONDS)
        self._worker.step()
        return list(self.told)


def events(told: list[Told]) -> list[str]:
    return [one.event for one in told]


def outcome(server: Standin, run: str) -> tuple[list[str], list[str]]:
    """What was paid, and the reasons for what was not."""
    agent = server.get(f"/workflow/{run}")["standin"]
    return agent["paid"], [reason for _, reason in agent["no"]]


def test_a_waiting_call_is_shown_with_what_led_to_it(here: House, server: Standin) -> None:
    server.start("run-1", REFUND, prompt="Where is my parcel? Order A-1009")
    server.start("run-2", REFUND, name="another-agent")
    with here.agent() as queue:
        looks = Pass(queue, server.url)
        (asked,) = looks()
        assert looks() == []
    assert (asked.event, asked.serial_key) == ("asked", "run-1")
    with here.desk() as desk:
        brief = pick_up(desk, asked.escalation).brief
    assert brief.action.type == "payments.refund"
    assert brief.action.parameters == REFUND["inputParameters"]
    assert "Where is my parcel?" in str(brief.evidence)
    assert brief.agent == Software(name="refund-agent", version="3")


def test_a_worker_that_forgot_everything_finds_the_same_question_again(
    here: House, server: Standin
) -> None:
    """As one does that died after it had asked, and before it had written down for whom."""
    server.start("run-1", REFUND)
    with here.agent() as queue:
        (asked,) = Pass(queue, server.url)()
        queue.wakes.unlink()
        answer(here, asked.escalation)
        told = Pass(queue, server.url)()
    assert events(told) == ["asked", "delivered"]
    assert {one.escalation for one in told} == {asked.escalation}
    assert outcome(server, "run-1")[0] == [f"{asked.escalation}/1"]


def test_all_calls_of_a_batch_are_shown_under_one_question(here: House, server: Standin) -> None:
    mail = call("mail.send", to="keller@example.org", text="Your money is on its way")
    server.start("run-1", REFUND, mail)
    to_brief = brief_for(Software(name="refund-agent", version="3"), types={BATCH: "data.erase"})
    with here.agent() as queue:
        (asked,) = Pass(queue, server.url, to_brief=to_brief)()
    with here.desk() as desk:
        action = pick_up(desk, asked.escalation).brief.action
    assert action.type == "data.erase"
    assert action.parameters == {
        "calls": [
            {"name": "payments.refund", "arguments": REFUND["inputParameters"]},
            {"name": "mail.send", "arguments": mail["inputParameters"]},
        ]
    }


def test_an_edit_becomes_a_refusal_that_says_what_to_change(here: House, server: Standin) -> None:
    server.start("run-1", REFUND)
    amount = EditableField(type="number", minimum=0.01, maximum=420)
    less = Editable(type="object", properties={"amount": amount})
    to_brief = brief_for(
        Software(name="refund-agent", version="3"), editable={"payments.refund": less}
    )
    with here.agent() as queue:
        bring = Pass(queue, server.url, to_brief=to_brief)
        (asked,) = bring()
        answer(here, asked.escalation, "change", {"amount": 300.0})
        assert events(bring()) == ["delivered"]
    paid, (reason,) = outcome(server, "run-1")
    assert paid == []
    assert '{"amount":300}' in reason
    assert "as it says" in reason
    assert "outcome" in kinds(here.path, asked.escalation)


def test_a_question_that_is_taken_back_is_refused_and_called_no_persons_no(
    here: House, server: Standin
) -> None:
    server.start("run-1", REFUND)
    with here.agent() as queue:
        bring = Pass(queue, server.url)
        (asked,) = bring()
        queue.withdraw(asked.escalation)
        with here.desk() as desk:
            desk.sweep()
        assert events(bring()) == ["delivered"]
    paid, (reason,) = outcome(server, "run-1")
    assert (paid, "withdrawn" in reason) == ([], True)


@pytest.mark.parametrize("elsewhere", ["respond", "cancel"])
def test_an_answer_that_comes_too_late_is_told_and_opens_no_other_gate(
    here: House, server: Standin, elsewhere: str
) -> None:
    server.start("run-1", REFUND, gates=2)
    with here.agent() as queue:
        bring = Pass(queue, server.url)
        (asked,) = bring()
        answer(here, asked.escalation)
        server.post(f"/agent/run-1/{elsewhere}", {"approved": True})
        before = outcome(server, "run-1")
        told = [one for one in bring() if one.event != "asked"]
    assert events(told) == ["troubled"]
    assert "without this answer: somebody answered there" in told[0].text
    assert outcome(server, "run-1") == before


def test_while_the_server_is_down_the_desk_knows_and_later_it_is_delivered(
    here: House, server: Standin
) -> None:
    server.start("run-1", REFUND)
    with here.agent() as queue:
        bring = Pass(queue, server.url)
        (asked,) = bring()
        answer(here, asked.escalation)
        server.down()
        passes = [bring() for _ in range(TELL_FROM)]
        assert all(events(told) == ["unasked", "troubled"] for told in passes)
        with LeadOffice.open(here.path, reviewer="olga") as office:
            (one,) = office.undelivered()
        assert (one.id, one.tries) == (asked.escalation, TELL_FROM)
        assert "cannot be reached (ConnectionRefusedError" in one.trouble
        server.up()
        assert events(bring()) == ["delivered"]
    assert outcome(server, "run-1")[0] == [f"{asked.escalation}/1"]


def test_what_is_no_tool_call_is_told_and_keeps_nothing_else_from_being_asked(
    here: House, server: Standin
) -> None:
    server.start("run-1", waits_for={"response_schema": {"type": "object"}, "question": "Why?"})
    server.start("run-2", {"name": "payments.refund"})
    server.start("run-3", REFUND, unreadable=True)
    server.start("run-4", REFUND)
    with here.agent() as queue:
        told = {one.serial_key: one for one in Pass(queue, server.url)()}
    assert "something else than a tool call" in told["run-1"].text
    assert "without name or arguments" in told["run-2"].text
    assert "something that is no Workflow (tasks.0.taskType: Field required)" in told["run-3"].text
    assert [told[run].event for run in sorted(told)] == [*["unasked"] * 3, "asked"]


def test_a_gate_inside_an_agent_that_another_one_called_is_found(
    here: House, server: Standin
) -> None:
    server.start("inner", REFUND, name="payments-helper")
    server.start("outer", inside="inner")
    with here.agent() as queue:
        bring = Pass(queue, server.url)
        (asked,) = bring()
        answer(here, asked.escalation)
        assert events(bring()) == ["delivered"]
    assert asked.serial_key == "outer"
    assert outcome(server, "inner")[0] == [f"{asked.escalation}/1"]


def test_a_secured_server_is_shown_the_token_from_the_environment(
    here: House, processes: Processes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secured = Standin(processes, tmp_path, token="a-token")
    secured.start("run-1", REFUND)
    with here.agent() as queue:
        (told,) = Pass(queue, secured.url)()
        assert f"lets nobody in (403); is {TOKEN} set" in told.text
        monkeypatch.setenv(TOKEN, "a-token\n")
        assert events(Pass(queue, secured.url)()) == ["asked"]
    secured.down()


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("localhost:6767", "is no address of an Agentspan server; write http://localhost:6767/api"),
        ("ftp://localhost/api", "is no address"),
        ("http://localhost:port/api", "is no address"),
        ("http://localhost/api?status=RUNNING", "is no address"),
        ("http://me:secret@localhost/api", f"put a token into {TOKEN}"),
    ],
)
def test_an_address_that_is_none_says_what_to_write(here: House, spec: str, says: str) -> None:
    with here.agent() as queue, pytest.raises(InvalidRequest, match=re.escape(says)) as refused:
        target_of(queue, "agentspan", spec)
    assert "secret" not in str(refused.value)


def test_a_token_that_no_header_can_hold_is_refused_and_not_repeated() -> None:
    with pytest.raises(InvalidRequest, match=TOKEN) as refused:
        Server("http://localhost/api", token="two\nlines")
    assert "lines" not in str(refused.value)


def test_an_address_beside_the_api_is_told(here: House, server: Standin) -> None:
    with here.agent() as queue:
        (told,) = Pass(queue, server.url.removesuffix("/api"))()
    assert "lists no executions; an address is http://localhost:6767/api" in told.text


def test_the_vendors_own_client_reads_from_the_stand_in_what_this_one_reads(
    here: House, server: Standin
) -> None:
    configuration = Configuration(server_api_url=server.url)
    agents, tasks = OrkesAgentClient(configuration), OrkesTaskClient(configuration)
    server.start("run-1", REFUND)
    assert agents.get_status("run-1")["isWaiting"] is True
    with here.agent() as queue:
        bring = Pass(queue, server.url)
        (asked,) = bring()
        with WakeBook(queue.wakes).at() as wakes:
            (wake,) = wakes.open("agentspan")
        answer(here, asked.escalation)
        assert events(bring()) == ["delivered"]
    late = TaskResult(
        workflow_instance_id="run-1",
        task_id=wake.gate,
        status=TaskResultStatus.COMPLETED,
        output_data={"approved": False},
    )
    assert tasks.update_task(late) == wake.gate
    assert agents.get_status("run-1")["isComplete"] is True
    assert outcome(server, "run-1") == ([f"{asked.escalation}/1"], [])


@pytest.mark.skipif(
    LIVE not in os.environ,
    reason=f"set {LIVE} to the API of a server on which an agent named refund-agent waits for "
    f"approval of a tool payments.refund, and {TOKEN} where it is secured: it will be refused",
)
def test_a_live_server_is_asked_and_told_no(here: House) -> None:
    with here.agent() as queue:
        bring = Pass(queue, os.environ[LIVE])
        asked = [one for one in bring() if one.event == "asked"]
        assert asked, bring.told
        for one in asked:
            answer(here, one.escalation, "reject")
        assert events(bring()).count("delivered") == len(asked)
