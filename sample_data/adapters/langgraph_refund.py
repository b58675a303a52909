"""A refund agent in LangGraph that asks before it pays, and pays once.

    python langgraph_refund.py A-1009         # runs until its question is on the desk, and ends
    overread review                           # somebody answers, today or next week
    overread deliver langgraph langgraph_refund:graph --agent refund-agent --once

Everything is in files beside this one: `desk.db` is the desk, `threads.db` the graph's checkpoints.
"""

from __future__ import annotations

import sqlite3
import sys
from typing import TypedDict

from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph

from overread_briefs import Action, Brief, Evidence, Option, Provenance, Software, Step, Trigger
from overread_queue.adapters.langgraph import Gate

gate = Gate("desk.db", agent="refund-agent")


class State(TypedDict, total=False):
    order: str
    amount: float
    scanned_at: int
    decision: str
    approved: bool


def look_up(state: State) -> State:
    """The order service, say. Its time goes into the state: the brief must not change."""
    return {"amount": 420.0, "scanned_at": 1_789_470_000_000}


def review(state: State) -> State:
    """Nothing with an effect in here: this node runs again from its start when it is resumed."""
    decision = gate.escalate(question(state))
    return {
        "decision": decision.id,
        "approved": decision.releases,
        "amount": float(str(decision.action.parameters["amount"])),
    }


def pay(state: State) -> State:
    """The effect, in a node of its own, under a key that is the same for every attempt."""
    print(f"refunded {state['amount']:.2f} on {state['order']} under {state['decision']}")
    return {}


def question(state: State) -> Brief:
    order, amount = state["order"], state["amount"]
    return Brief(
        accomplished=(Step(text="Read the order"), Step(text="Asked the carrier for the scan")),
        question=f"Refund ${amount:.2f} on order {order}?",
        triggers=(Trigger(kind="policy", rule="refunds-need-approval", signal="amount"),),
        evidence=(
            Evidence(
                id="carrier-scan",
                title="Carrier: delivered, signed by a neighbour",
                content="2026-09-15 10:20 DELIVERED, signed M. Keller",
                source="carrier",
                as_of=state["scanned_at"],
                stance="contradicts",
            ),
        ),
        options=(
            Option(key="approve", label="Refund", kind="approve", consequence="the money goes out"),
            Option(key="reject", label="Reject", kind="reject", consequence="customer is told why"),
        ),
        action=Action(
            type="payments.refund",
            parameters={"order": order, "amount": amount, "currency": "USD"},
        ),
        agent=Software(name="refund-agent", version="1.4.0"),
        signals={"confidence": 0.62},
        provenance=Provenance(source="support mailbox", at=state["scanned_at"]),
    )


def graph() -> object:
    """What `overread deliver` resumes: the same graph over the same checkpoints."""
    made = StateGraph(State)
    made.add_node("look_up", look_up)
    made.add_node("review", review)
    made.add_node("pay", pay)
    made.add_edge(START, "look_up")
    made.add_edge("look_up", "review")
    made.add_conditional_edges("review", lambda state: "pay" if state["approved"] else END)
    made.add_edge("pay", END)
    threads = sqlite3.connect("threads.db", check_same_thread=False)
    return made.compile(checkpointer=SqliteSaver(threads))


if __name__ == "__main__":
    thread = {"configurable": {"thread_id": f"refund-{sys.argv[1]}"}}
    result = graph().invoke({"order": sys.argv[1]}, thread, durability="sync")  # type: ignore[attr-defined]
    for waiting in result.get("__interrupt__", ()):
        print(f"asked: {waiting.value['question']} ({waiting.value['escalation']})")
