"""A refund agent in Pydantic AI, with a scripted model: it pays as often as it is told to.

    python pydantic_ai_agent.py DESK RUN GATES SLOW

Notes what it paid, and what it was refused, beside the desk.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from pydantic_ai import Agent, DeferredToolRequests, RunContext
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel

from overread_briefs import Software
from overread_queue.adapters.briefing import brief_for
from overread_queue.adapters.pydantic_ai import Gate
from overread_queue.agent import AgentQueue


def note(run: str, said: str, what: str) -> None:
    with Path(f"{run}.{said}").open("a") as file:
        file.write(f"{what}\n")


def think(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    """Pay, and pay again, until it is enough or a person says no."""
    parts = [part for one in messages if isinstance(one, ModelRequest) for part in one.parts]
    prompt = next(str(one.content) for one in parts if isinstance(one, UserPromptPart))
    run, gates, slow = prompt.split()
    came = [one for one in parts if isinstance(one, ToolReturnPart)]
    refused = [str(one.content) for one in came if one.outcome == "denied"]
    if refused:
        note(run, "no", "reject" if refused[-1].startswith("A reviewer said no") else refused[-1])
    if refused or len(came) == int(gates):
        return ModelResponse([TextPart("done")])
    arguments = {"run": run, "number": len(came) + 1, "slow": float(slow)}
    return ModelResponse([ToolCallPart("refund", arguments)])


agent = Agent(FunctionModel(think), output_type=[str, DeferredToolRequests])


@agent.tool(requires_approval=True)
def refund(ctx: RunContext[None], run: str, number: int, slow: float) -> str:
    time.sleep(slow)
    note(run, "paid", ctx.tool_call_metadata["decision"])
    return f"refund {number} is paid"


gate = Gate(
    agent,
    to_brief=brief_for(
        Software(name="refund-agent", version="1.4.0"), types={"refund": "payments.refund"}
    ),
)


def main(desk: str, run: str, gates: str, slow: str) -> None:
    os.chdir(Path(desk).parent)
    with AgentQueue.open(desk, agent="refund-agent") as queue:
        result = agent.run_sync(f"{run} {gates} {slow}")
        print(json.dumps(gate.pause(queue, run, result)))


if __name__ == "__main__":
    main(*sys.argv[1:])
