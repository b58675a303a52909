"""A refund agent in the OpenAI Agents SDK that asks before it pays, and pays once.

    python openai_agents_refund.py A-1009     # runs until its question is on the desk, and ends
    overread review                           # somebody answers, today or next week
    overread deliver openai-agents openai_agents_refund:gate --agent refund-agent --once

`desk.db` is the desk; the run itself waits in `desk.ledger/refund-agent.runs`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator

from agents import Agent, Runner, function_tool, set_tracing_disabled
from agents.items import ModelResponse, TResponseInputItem
from agents.models.interface import Model
from agents.tool_context import ToolContext
from agents.usage import Usage
from openai.types.responses import (
    ResponseFunctionToolCall,
    ResponseOutputMessage,
    ResponseOutputText,
)

from overread_briefs import Software
from overread_queue import AgentQueue
from overread_queue.adapters.briefing import brief_for
from overread_queue.adapters.openai_agents import Gate, decision_id

set_tracing_disabled(True)


class Scripted(Model):
    """Stands in for a model, so that this runs without one: `Agent(model="gpt-5", ...)`, say."""

    async def get_response(
        self,
        system_instructions: object,
        input: list[TResponseInputItem],
        *rest: object,
        **more: object,
    ) -> ModelResponse:
        came = [one["output"] for one in input if one.get("type") == "function_call_output"]
        if not came:
            order = input[0]["content"].split()[-1]
            return ModelResponse([call("look_up", {"order": order})], Usage(), None)
        if len(came) == 1:
            return ModelResponse([call("refund", json.loads(came[0]))], Usage(), None)
        text = ResponseOutputText(
            text=f"The refund is {came[-1]}.", type="output_text", annotations=[]
        )
        said = ResponseOutputMessage(
            id="said", type="message", role="assistant", status="completed", content=[text]
        )
        return ModelResponse([said], Usage(), None)

    def stream_response(self, *rest: object, **more: object) -> AsyncIterator[object]:
        raise NotImplementedError


def call(tool: str, arguments: dict[str, object]) -> ResponseFunctionToolCall:
    return ResponseFunctionToolCall(
        type="function_call", call_id=f"{tool}-1", name=tool, arguments=json.dumps(arguments)
    )


@function_tool
def look_up(order: str) -> str:
    """The order service, say."""
    return json.dumps({"order": order, "amount": 420.0})


@function_tool(needs_approval=True)
def refund(context: ToolContext[None], order: str, amount: float) -> str:
    """The effect, under a key that is the same for every attempt."""
    print(f"refunded {amount:.2f} on {order} under {decision_id(context)}")
    return "paid"


agent = Agent(name="refunds", model=Scripted(), tools=[look_up, refund])
gate = Gate(
    agent,
    to_brief=brief_for(
        Software(name="refund-agent", version="1.4.0"), types={"refund": "payments.refund"}
    ),
)


def main(order: str) -> None:
    """Safe to start again: a run that was kept is not begun twice."""
    with AgentQueue.open("desk.db", agent="refund-agent") as queue:
        asked = gate.asked(queue, f"refund-{order}")
        if asked is None:
            result = Runner.run_sync(agent, f"Refund order {order}")
            asked = gate.pause(queue, f"refund-{order}", result)
    for escalation in asked:
        print(f"asked: Refund $420.00 on order {order}? ({escalation})")


if __name__ == "__main__":
    main(sys.argv[1])
