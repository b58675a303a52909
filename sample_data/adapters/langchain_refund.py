"""An agent of langchain's, with its human-in-the-loop middleware, whose questions go to a desk.

    python langchain_refund.py A-1009         # runs until its question is on the desk, and ends
    overread review                           # somebody approves, changes the amount, or says no
    overread deliver langgraph langchain_refund:reviewed --agent refund-agent --once

The agent itself knows nothing of Overread; the last lines are all that is added.
"""

from __future__ import annotations

import sqlite3
import sys
from typing import Annotated

from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import InjectedToolCallId, tool
from langgraph.checkpoint.sqlite import SqliteSaver

from overread_briefs import Software
from overread_queue import AgentQueue
from overread_queue.adapters.briefing import brief_for
from overread_queue.adapters.langgraph_interrupts import Reviewed


@tool
def look_up(order: str) -> str:
    """Read an order."""
    return f"{order}: 420.00 USD, delivered 2026-09-15, signed by a neighbour"


@tool
def refund(order: str, amount: float, call: Annotated[str, InjectedToolCallId]) -> str:
    """Pay money back."""
    # The id of the call is the same for every attempt, so it is the key to pass on.
    print(f"refunded {amount:.2f} on {order} under {call}")
    return "paid"


class Model(BaseChatModel):
    """In place of a real one, so that this runs without a key: looks up, refunds, is done."""

    @property
    def _llm_type(self) -> str:
        return "example"

    def bind_tools(self, tools: object, **_: object) -> Model:  # type: ignore[override]
        return self

    def _generate(self, messages: list[BaseMessage], *_: object, **__: object) -> ChatResult:
        order = str(messages[0].content).split()[-1]
        turns: list[tuple[str, dict[str, object]]] = [
            ("look_up", {"order": order}),
            ("refund", {"order": order, "amount": 420.0}),
        ]
        done = sum(isinstance(one, ToolMessage) for one in messages)
        calls = [{"id": f"{order}.{done}", "name": n, "args": a} for n, a in turns[done : done + 1]]
        said = AIMessage("The parcel is lost." if calls else "Done.", tool_calls=calls)
        return ChatResult(generations=[ChatGeneration(message=said)])


def graph() -> object:
    asks = HumanInTheLoopMiddleware(
        interrupt_on={"refund": {"allowed_decisions": ["approve", "edit", "reject"]}},
        interrupt_mode="per_call",
    )
    threads = SqliteSaver(sqlite3.connect("threads.db", check_same_thread=False))
    return create_agent(Model(), [look_up, refund], middleware=[asks], checkpointer=threads)


reviewed = Reviewed(
    graph,
    brief_for(Software(name="refund-agent", version="1.4.0"), types={"refund": "payments.refund"}),
)

if __name__ == "__main__":
    thread = f"refund-{sys.argv[1]}"
    asked = {"messages": [("user", f"Where is my order {sys.argv[1]}")]}
    graph().invoke(asked, {"configurable": {"thread_id": thread}}, durability="sync")  # type: ignore[attr-defined]
    with AgentQueue.open("desk.db", agent="refund-agent") as queue:
        for escalation in reviewed.ask(queue, thread):
            print(f"asked: {escalation}")
