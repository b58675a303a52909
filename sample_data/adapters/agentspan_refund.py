"""A refund agent on an Agentspan server whose tool waits for approval, and how its questions reach
a desk.

    python agentspan_refund.py "Refund order A-1009, it never came"   # needs conductor-python
    overread deliver custom agentspan_refund:target --agent refund-agent
    overread review

The agent knows nothing of the desk. The second command needs no package besides Overread; it finds
what waits on the server that `CONDUCTOR_SERVER_URL` names.
"""

from __future__ import annotations

import os
import sys

from overread_briefs import Software
from overread_queue import AgentQueue
from overread_queue.adapters.agentspan import BATCH, AgentspanTarget
from overread_queue.adapters.briefing import brief_for

NAME = "refund_agent"
"""The agent's, on the server."""

to_brief = brief_for(
    Software(name="refund-agent", version="1.4.0"),
    types={"refund": "payments.refund", BATCH: "payments.payout"},
    source="Agentspan",
)
"""What the policy calls the tool, and several calls under one approval."""


def target(queue: AgentQueue) -> AgentspanTarget:
    """What `overread deliver custom` looks through, and brings answers to."""
    server = os.environ.get("CONDUCTOR_SERVER_URL", "http://localhost:6767/api")
    return AgentspanTarget(queue, server, name=NAME, to_brief=to_brief)


def agent() -> object:
    """As anybody would write it for Agentspan."""
    from conductor.ai.agents import Agent, tool

    @tool(approval_required=True)
    def refund(order: str, amount: float) -> str:
        """Give a customer their money back."""
        return f"refunded {amount:.2f} on {order}"

    return Agent(
        name=NAME,
        model="openai/gpt-4o",
        tools=[refund],
        instructions="Refund orders that never came, and nothing else.",
    )


if __name__ == "__main__":
    from conductor.ai.agents import AgentRuntime

    with AgentRuntime() as runtime:
        print(runtime.run(agent(), sys.argv[1]).output)
