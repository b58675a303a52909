"""Pydantic AI, the real one: runs in files of the agent's own, resumed by other processes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic_ai import Agent, CallDeferred, DeferredToolRequests, RunContext
from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel

from delivery_desk import answer, real_time
from factories import House
from overread_briefs import Editable, EditableField, Software
from overread_queue.adapters.briefing import brief_for
from overread_queue.adapters.delivering import Worker
from overread_queue.adapters.pydantic_ai import ANSWER, Gate
from overread_queue.adapters.stopping import StoppedRuns, finished
from stopping_conformance import StoppingBench, StoppingConformance


class PydanticBench(StoppingBench):
    """Runs of the refund agent in `pydantic_ai_agent`."""

    runtime = "pydantic-ai"
    modules = ("pydantic_ai_agent",)


@pytest.mark.soak
class TestPydanticAI(StoppingConformance):
    bench_of = PydanticBench


class Shop:
    """An agent that calls whatever it is given, all in one turn, and reads what comes back."""

    def __init__(self, *calls: ToolCallPart) -> None:
        self.paid: list[tuple[str, float, str]] = []
        self.told: dict[str, str] = {}
        self._calls = calls
        self.agent = Agent(FunctionModel(self._think), output_type=[str, DeferredToolRequests])
        self.agent.tool(requires_approval=True)(self.refund)
        self.agent.tool_plain(self.ask_person)

    def refund(self, ctx: RunContext[None], order: str, amount: float) -> str:
        self.paid.append((order, amount, ctx.tool_call_metadata["decision"]))
        return "paid"

    def ask_person(self, question: str) -> str:
        raise CallDeferred(kind="question")

    def _think(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        came = [part for part in messages[-1].parts if isinstance(part, ToolReturnPart)]
        self.told = {one.tool_call_id: str(one.content) for one in came}
        return ModelResponse([TextPart("done")] if came else list(self._calls))


def refund(id: str, amount: float) -> ToolCallPart:
    return ToolCallPart("refund", {"order": f"A-{id}", "amount": amount}, tool_call_id=id)


TO_BRIEF = brief_for(
    Software(name="refund-agent", version="1.4.0"),
    types={"refund": "payments.refund", "ask_person": "mail.send"},
    editable={
        "refund": Editable(type="object", properties={"amount": EditableField(type="number")})
    },
)


@pytest.fixture
def here(tmp_path: Path) -> House:
    return real_time(tmp_path)


def test_every_answer_of_a_turn_is_brought_in_its_own_form_once_the_last_one_is_there(
    here: House,
) -> None:
    question = ToolCallPart("ask_person", {"question": "Which day?"}, tool_call_id="4")
    shop = Shop(refund("1", 10.0), refund("2", 200.0), refund("3", 3.0), question)
    ended: list[tuple[str, object]] = []
    gate = Gate(
        shop.agent,
        to_brief=TO_BRIEF,
        ended=lambda run, result: ended.append((run, result.output)),
    )
    with here.agent() as queue:
        asked = gate.pause(queue, "run-1", finished(shop.agent.run("Refund them")))
        worker = Worker(queue, StoppedRuns(queue, gate))
        answer(here, asked[0])
        answer(here, asked[1], "change", {"amount": 20.0})
        answer(here, asked[2], "reject")
        assert worker.step() == 0
        assert shop.paid == []
        answer(here, asked[3], "answer", {ANSWER: "The 15th"})
        assert worker.step() == 4
        assert gate.asked(queue, "run-1") == ()
    assert sorted(shop.paid) == [("A-1", 10.0, f"{asked[0]}/1"), ("A-2", 20.0, f"{asked[1]}/1")]
    assert shop.told == {
        "1": "paid",
        "2": "paid",
        "3": "A reviewer said no: as it says",
        "4": "The 15th",
    }
    assert ended == [("run-1", "done")]


def test_a_question_that_nobody_answers_in_words_is_not_answered_for_them(here: House) -> None:
    shop = Shop(ToolCallPart("ask_person", {"question": "Which day?"}, tool_call_id="1"))
    gate = Gate(shop.agent, to_brief=lambda call: TO_BRIEF(replace(call, choices=())))
    with here.agent() as queue:
        (asked,) = gate.pause(queue, "run-1", finished(shop.agent.run("When?")))
        answer(here, asked)
        assert Worker(queue, StoppedRuns(queue, gate)).step() == 1
    assert shop.told == {"1": "a person agreed, without an answer"}


def test_a_run_that_ends_at_once_asks_nobody_and_keeps_nothing(here: House) -> None:
    agent = Agent(
        FunctionModel(lambda messages, info: ModelResponse([TextPart("done")])),
        output_type=[str, DeferredToolRequests],
    )
    gate = Gate(agent)
    with here.agent() as queue:
        assert gate.pause(queue, "run-1", finished(agent.run("Hello"))) == ()
        assert gate.asked(queue, "run-1") is None
