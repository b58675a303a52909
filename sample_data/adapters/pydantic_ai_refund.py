"""A refund agent in Pydantic AI that asks before it pays, and pays once.

    python pydantic_ai_refund.py A-1009       # runs until its question is on the desk, and ends
    overread review                           # somebody answers, today or next week
    overread deliver pydantic-ai pydantic_ai_refund:gate --agent refund-agent --once

`desk.db` is the desk; the run itself waits in `desk.ledger/refund-agent.runs`.
"""

from __future__ import annotations

import sys

from pydantic_ai import Agent, DeferredToolRequests, RunContext
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from overread_briefs import Editable, EditableField, Software
from overread_queue import AgentQueue
from overread_queue.adapters.briefing import brief_for
from overread_queue.adapters.pydantic_ai import Gate


def think(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    """Stands in for a model, so that this runs without one: `Agent("openai:gpt-5", ...)`, say."""
    prompt = messages[0].parts[0].content
    if len(messages) == 1:
        return ModelResponse([ToolCallPart("look_up", {"order": prompt.split()[-1]})])
    if len(messages) == 3:
        found = messages[2].parts[0].content
        return ModelResponse([ToolCallPart("refund", found, tool_call_id="refund-1")])
    return ModelResponse([TextPart(f"The refund is {messages[-1].parts[0].content}.")])


agent = Agent(FunctionModel(think), output_type=[str, DeferredToolRequests])


@agent.tool_plain
def look_up(order: str) -> dict[str, object]:
    """The order service, say."""
    return {"order": order, "amount": 420.0}


@agent.tool(requires_approval=True)
def refund(ctx: RunContext[None], order: str, amount: float) -> str:
    """The effect, under a key that is the same for every attempt."""
    print(f"refunded {amount:.2f} on {order} under {ctx.tool_call_metadata['decision']}")
    return "paid"


gate = Gate(
    agent,
    to_brief=brief_for(
        Software(name="refund-agent", version="1.4.0"),
        types={"refund": "payments.refund"},
        editable={
            "refund": Editable(
                type="object",
                properties={"amount": EditableField(type="number", minimum=0.01, maximum=420)},
            )
        },
    ),
)


def main(order: str) -> None:
    """Safe to start again: a run that was kept is not begun twice."""
    with AgentQueue.open("desk.db", agent="refund-agent") as queue:
        asked = gate.asked(queue, f"refund-{order}")
        if asked is None:
            result = agent.run_sync(f"Refund order {order}")
            asked = gate.pause(queue, f"refund-{order}", result)
    for escalation in asked:
        print(f"asked: Refund $420.00 on order {order}? ({escalation})")


if __name__ == "__main__":
    main(sys.argv[1])
