"""The OpenAI Agents SDK, the real one: states in files of the agent's own, resumed by others."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from agents import (
    Agent,
    Runner,
    ShellCommandRequest,
    ShellTool,
    function_tool,
    set_tracing_disabled,
)
from agents.items import ModelResponse
from agents.tool_context import ToolContext
from agents.usage import Usage
from openai.types.responses import ResponseFunctionShellToolCall
from openai.types.responses.response_function_shell_tool_call import Action

from delivery_desk import answer, real_time
from factories import House
from journey import kinds, pick_up
from overread_briefs import Editable, EditableField, Software
from overread_queue.adapters.briefing import brief_for
from overread_queue.adapters.delivering import Worker
from overread_queue.adapters.openai_agents import Gate, decision_id
from overread_queue.adapters.stopping import StoppedRuns, finished
from overread_queue.adapters.telling import Told
from overread_queue.errors import InvalidRequest
from overread_queue.store.driver import sqlite3
from scripted_model import Items, ScriptedModel, calls, says
from stopping_conformance import StoppingBench, StoppingConformance

set_tracing_disabled(True)


class AgentsBench(StoppingBench):
    """Runs of the refund agent in `openai_agents_agent`."""

    runtime = "openai-agents"
    modules = ("openai_agents_agent",)


@pytest.mark.soak
class TestOpenAIAgents(StoppingConformance):
    bench_of = AgentsBench


TO_BRIEF = brief_for(
    Software(name="refund-agent", version="1.4.0"),
    types={"refund": "payments.refund"},
    editable={
        "refund": Editable(type="object", properties={"amount": EditableField(type="number")})
    },
)


class Shop:
    """An agent that refunds two orders, and calls again where it is told to."""

    def __init__(self, name: str = "refunds") -> None:
        self.paid: list[tuple[str, float, str]] = []
        self.told: list[str] = []
        self.agent = Agent[object](
            name=name,
            model=ScriptedModel(self._think),
            tools=[function_tool(self.refund, needs_approval=True)],
        )
        self.gate = Gate(self.agent, to_brief=TO_BRIEF)

    def refund(self, context: ToolContext[object], order: str, amount: float) -> str:
        self.paid.append((order, amount, decision_id(context)))
        return "paid"

    def _think(self, items: Items) -> ModelResponse:
        came = [one for one in items if one.get("type") == "function_call_output"]
        self.told = [str(one["output"]) for one in came]
        if not came:
            return calls({id: {"order": f"A-{id}", "amount": 200.0} for id in "12"})
        if len(came) == 2 and any("would be approved" in one for one in self.told):
            return calls({"3": {"order": "A-1", "amount": 20.0}})
        return says("done")


@pytest.fixture
def here(tmp_path: Path) -> House:
    return real_time(tmp_path)


def test_each_answer_goes_to_its_own_call_and_an_edited_one_back_to_the_model(here: House) -> None:
    shop = Shop()
    with here.agent() as queue:
        first, second = shop.gate.pause(
            queue, "run-1", finished(Runner.run(shop.agent, "Refund both"))
        )
        worker = Worker(queue, StoppedRuns(queue, shop.gate))
        answer(here, second)
        assert worker.step() == 1
        assert shop.paid == [("A-2", 200.0, f"{second}/1")]
        assert shop.gate.asked(queue, "run-1") == (first,)
        answer(here, first, "change", {"amount": 20.0})
        assert worker.step() == 1
        assert shop.told[-1] == (
            'Not done as proposed; it would be approved with {"amount":20}: as it says'
        )
        (third,) = shop.gate.asked(queue, "run-1") or ()
        answer(here, third)
        assert worker.step() == 1
    assert shop.paid == [("A-2", 200.0, f"{second}/1"), ("A-1", 20.0, f"{third}/1")]
    assert "outcome" in kinds(here.path, first)
    assert "outcome" not in kinds(here.path, third)


def test_a_question_that_was_asked_just_before_a_crash_is_found_again_when_another_is_answered(
    here: House,
) -> None:
    """It is on the desk, and nobody wrote down yet that its answer is waited for."""
    shop = Shop()
    result = finished(Runner.run(shop.agent, "Refund both"))
    with here.agent() as queue:
        first, second = shop.gate.pause(queue, "run-1", result)
        with closing(sqlite3.connect(queue.wakes, isolation_level=None)) as wakes:
            wakes.execute("DELETE FROM wake WHERE escalation = ?", [second])
        answer(here, first)
        worker = Worker(queue, StoppedRuns(queue, shop.gate))
        assert worker.step() == 1
        answer(here, second)
        assert worker.step() == 1
    assert [order for order, _, _ in shop.paid] == ["A-1", "A-2"]


def test_a_run_goes_on_in_the_context_that_its_gate_was_given(here: House) -> None:
    seen: list[object] = []

    @function_tool(needs_approval=True)
    def refund(context: ToolContext[object], order: str, amount: float) -> str:
        seen.append(context.context)
        return "paid"

    shop, shops = Shop(), {"shop": "north"}
    shop.agent.tools = [refund]
    gate = Gate(shop.agent, to_brief=TO_BRIEF, context=shops)
    with here.agent() as queue:
        result = finished(Runner.run(shop.agent, "Refund both", context=shops))
        for escalation in gate.pause(queue, "run-1", result):
            answer(here, escalation)
        assert Worker(queue, StoppedRuns(queue, gate)).step() == 2
    assert seen == [shops, shops]


def test_arguments_that_nobody_can_read_are_shown_as_they_are(here: House) -> None:
    shop = Shop()
    shop.agent.model = ScriptedModel(lambda items: calls({"1": '{"order": '}))
    with here.agent() as queue:
        result = finished(Runner.run(shop.agent, "Refund"))
        (asked,) = shop.gate.pause(queue, "run-1", result)
    with here.desk() as desk:
        action = pick_up(desk, asked).brief.action
    assert action
    assert action.parameters == {"unreadable": '{"order": '}


def test_a_call_of_another_kind_than_a_function_is_shown_whole(here: House) -> None:
    ran: list[str] = []

    def run(request: ShellCommandRequest) -> str:
        ran.extend(request.data.action.commands)
        return "done"

    def think(items: Items) -> ModelResponse:
        if any(one.get("type") == "shell_call_output" for one in items):
            return says("done")
        action = Action(commands=["rm -r old"])
        call = ResponseFunctionShellToolCall(
            id="s1", call_id="1", type="shell_call", status="completed", action=action
        )
        return ModelResponse([call], Usage(), None)

    tool = ShellTool(executor=run, needs_approval=True)
    agent = Agent[object](name="shell", model=ScriptedModel(think), tools=[tool])
    to_brief = brief_for(
        Software(name="refund-agent", version="1.4.0"), types={"shell": "payments.refund"}
    )
    gate = Gate(agent, to_brief=to_brief)
    with here.agent() as queue:
        (asked,) = gate.pause(queue, "run-1", finished(Runner.run(agent, "Clean up")))
        with here.desk() as desk:
            action = pick_up(desk, asked).brief.action
            desk.release_due()
        assert action
        assert action.parameters["action"]["commands"] == ["rm -r old"]  # type: ignore[index,call-overload]
        answer(here, asked)
        assert Worker(queue, StoppedRuns(queue, gate)).step() == 1
    assert ran == ["rm -r old"]


def test_an_agent_of_another_name_does_not_finish_the_run(here: House) -> None:
    shop, told = Shop(), list[Told]()
    with here.agent() as queue:
        asked = shop.gate.pause(queue, "run-1", finished(Runner.run(shop.agent, "Refund both")))
        renamed = Shop("support")
        answer(here, asked[0])
        worker = Worker(queue, StoppedRuns(queue, renamed.gate), tell=told.append)
        assert worker.step() == 0
    assert "is not what it was when run 'run-1' stopped" in told[0].text
    assert renamed.paid == []


def test_a_tool_that_no_worker_runs_has_no_decision_to_act_under() -> None:
    context = ToolContext[object](None, tool_name="refund", tool_call_id="1", tool_arguments="{}")
    with pytest.raises(InvalidRequest, match="refund runs without a decision"):
        decision_id(context)
