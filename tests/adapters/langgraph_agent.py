"""A refund agent in LangGraph: asks, waits in its checkpoint, pays in a node of its own.

    python langgraph_agent.py FOLDER RUN GATES SLOW [unaware]

The graph that `overread deliver langgraph langgraph_agent:graph` resumes lives in the folder that
`OVERREAD_TEST_FOLDER` names, or the current one. The unaware one, `langgraph_agent:reviewed`, does
the same and knows nothing of Overread.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt

from factories import brief
from overread_briefs import Software
from overread_queue.adapters.briefing import brief_for
from overread_queue.adapters.langgraph import Gate
from overread_queue.adapters.langgraph_interrupts import Reviewed
from overread_queue.agent import AgentQueue


class State(TypedDict, total=False):
    run: str
    gates: int
    slow: float
    at: int
    key: str
    verdict: str


def folder() -> Path:
    return Path(os.environ.get("OVERREAD_TEST_FOLDER", "."))


def note(run: str, said: str, what: str) -> None:
    with (folder() / f"{run}.{said}").open("a") as file:
        file.write(f"{what}\n")


def review(state: State) -> State:
    gate = Gate(folder() / "desk.db", agent="refund-agent")
    at = state.get("at", 0) + 1
    decision = gate.escalate(brief(f"Refund number {at}?"))
    return {"at": at, "key": decision.id, "verdict": decision.verdict}


def interrupted(state: State) -> State:
    at = state.get("at", 0) + 1
    said = interrupt({"order": "A-1009", "refund": at})
    return {"at": at, "key": said["decision"], "verdict": said["verdict"]}


def pay(state: State) -> State:
    time.sleep(state["slow"])
    note(state["run"], "paid", state["key"])
    return {}


def say_no(state: State) -> State:
    note(state["run"], "no", state["verdict"])
    return {}


def after_review(state: State) -> str:
    return "pay" if state["verdict"] == "approve" else "say_no"


def after_pay(state: State) -> str:
    return END if state["at"] >= state["gates"] else "review"


def graph(node: Callable[[State], State] = review) -> object:
    made = StateGraph(State)
    made.add_node("review", node)
    made.add_node("pay", pay)
    made.add_node("say_no", say_no)
    made.add_edge(START, "review")
    made.add_conditional_edges("review", after_review, ["pay", "say_no"])
    made.add_conditional_edges("pay", after_pay, ["review", END])
    made.add_edge("say_no", END)
    connection = sqlite3.connect(folder() / "threads.db", check_same_thread=False)
    return made.compile(checkpointer=SqliteSaver(connection))


def unaware() -> object:
    return graph(interrupted)


reviewed = Reviewed(
    unaware,
    brief_for(Software(name="refund-agent", version="1.4.0"), types={"review": "payments.refund"}),
)


def ask(run: str) -> list[str]:
    with AgentQueue.open(folder() / "desk.db", agent="refund-agent") as queue:
        return [*reviewed.ask(queue, run)]


def main(where: str, run: str, gates: str, slow: str, kind: str = "") -> None:
    os.environ["OVERREAD_TEST_FOLDER"] = where
    config = {"configurable": {"thread_id": run}}
    start = {"run": run, "gates": int(gates), "slow": float(slow)}
    made = unaware() if kind else graph()
    state = made.invoke(start, config, durability="sync")  # type: ignore[attr-defined]
    asked = [one.value["escalation"] for one in state["__interrupt__"]] if not kind else ask(run)
    print(json.dumps(asked))


if __name__ == "__main__":
    main(*sys.argv[1:])
