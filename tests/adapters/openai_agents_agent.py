"""A refund agent in the OpenAI Agents SDK, with a scripted model: it pays as often as told.

    python openai_agents_agent.py DESK RUN GATES SLOW

Notes what it paid, and what it was refused, beside the desk.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from agents import Agent, Runner, function_tool, set_tracing_disabled
from agents.items import ModelResponse
from agents.tool_context import ToolContext

from overread_briefs import Software
from overread_queue.adapters.briefing import brief_for
from overread_queue.adapters.openai_agents import Gate, decision_id
from overread_queue.agent import AgentQueue
from scripted_model import ScriptedModel, calls, says

set_tracing_disabled(True)


def note(run: str, said: str, what: str) -> None:
    with Path(f"{run}.{said}").open("a") as file:
        file.write(f"{what}\n")


def think(items: Sequence[Mapping[str, object]]) -> ModelResponse:
    """Pay, and pay again, until it is enough or a person says no."""
    prompt = next(str(one["content"]) for one in items if one.get("role") == "user")
    run, gates, slow = prompt.split()
    came = [str(one["output"]) for one in items if one.get("type") == "function_call_output"]
    refused = [one for one in came if not one.endswith("is paid")]
    if refused:
        note(run, "no", "reject" if refused[-1].startswith("A reviewer said no") else refused[-1])
    if refused or len(came) == int(gates):
        return says("done")
    number = len(came) + 1
    return calls({f"call-{number}": {"run": run, "number": number, "slow": float(slow)}})


@function_tool(needs_approval=True)
def refund(context: ToolContext[object], run: str, number: int, slow: float) -> str:
    time.sleep(slow)
    note(run, "paid", decision_id(context))
    return f"refund {number} is paid"


agent = Agent[object](name="refunds", model=ScriptedModel(think), tools=[refund])
gate = Gate(
    agent,
    to_brief=brief_for(
        Software(name="refund-agent", version="1.4.0"), types={"refund": "payments.refund"}
    ),
)


def main(desk: str, run: str, gates: str, slow: str) -> None:
    os.chdir(Path(desk).parent)
    with AgentQueue.open(desk, agent="refund-agent") as queue:
        result = Runner.run_sync(agent, f"{run} {gates} {slow}")
        print(json.dumps(gate.pause(queue, run, result)))


if __name__ == "__main__":
    main(*sys.argv[1:])
