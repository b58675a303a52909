"""Agents in langchain and LangGraph that know nothing of Overread, and what the worker is told.

    python langgraph_reviewed.py FOLDER GRAPH THREAD SCRIPT

runs until the agent waits. Everything is in the folder that `OVERREAD_TEST_FOLDER` names.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, TypedDict

from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt

from factories import brief
from langgraph_agent import folder, note
from overread_briefs import Software
from overread_queue.adapters.briefing import brief_for
from overread_queue.adapters.langgraph import Gate
from overread_queue.adapters.langgraph_interrupts import Reviewed

AGENT = Software(name="refund-agent", version="1.4.0")
TYPES = {"refund": "payments.refund", "erase": "mail.send", "ask_user": "mail.send"}
BRIEF = brief_for(AGENT, at=1_789_470_000_000, types=TYPES)


def call(id: str, name: str, **arguments: object) -> dict[str, object]:
    return {"id": id, "name": name, "args": arguments}


LOOKED_UP = [call("l", "look_up", order="A-1009")]
FIRST = call("r1", "refund", order="A-1009", amount=420.0)
SECOND = call("r2", "refund", order="B-2000", amount=99.0)
SCRIPTS: dict[str, list[list[dict[str, object]]]] = {
    "both": [LOOKED_UP, [FIRST, SECOND]],
    "twice": [[FIRST], [SECOND]],
    "words": [[call("w", "ask_user", question="Which card?")]],
    "erase": [[call("e", "erase", customer="C-7")]],
    "trapped": [[call("t", "trap", order="A-1009")]],
}
"""What the model calls, turn by turn; then it is done."""
THREADS = "threads.db"


@tool
def look_up(order: str) -> str:
    """Read an order."""
    return f"{order}: delivered, signed by a neighbour, amount 420.00 USD"


@tool
def refund(order: str, amount: float) -> str:
    """Pay money back."""
    note("langchain", "paid", f"{order} {amount:.2f}")
    return "paid"


@tool
def erase(customer: str) -> str:
    """Erase a customer."""
    note("langchain", "paid", customer)
    return "erased"


@tool
def ask_user(question: str) -> str:
    """Ask a person."""
    raise AssertionError("a person answers in its place")


@tool
def trap(order: str) -> str:
    """Nobody can say no to it."""
    raise AssertionError("nobody said yes")


class Scripted(BaseChatModel):
    """Calls what the script says, whichever process it runs in."""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[object], **_: object) -> Scripted:  # type: ignore[override]
        return self

    def _generate(self, messages: list[BaseMessage], *_: object, **__: object) -> ChatResult:
        script = SCRIPTS[str(messages[0].content).split()[0]]
        turn = sum(isinstance(one, AIMessage) for one in messages)
        calls = script[turn] if turn < len(script) else []
        said = AIMessage("I do this now." if calls else "Done.", tool_calls=calls)
        return ChatResult(generations=[ChatGeneration(message=said)])


def saver() -> SqliteSaver:
    return SqliteSaver(sqlite3.connect(folder() / THREADS, check_same_thread=False))


def _agent(mode: str) -> object:
    asks = HumanInTheLoopMiddleware(
        interrupt_on={
            "refund": {"allowed_decisions": ["approve", "edit", "reject"]},
            "erase": {"allowed_decisions": ["approve", "reject", "respond"]},
            "ask_user": {"allowed_decisions": ["respond"]},
            "trap": {"allowed_decisions": ["approve", "edit"]},
        },
        interrupt_mode=mode,  # type: ignore[arg-type]
    )
    tools = [look_up, refund, erase, ask_user, trap]
    return create_agent(Scripted(), tools, middleware=[asks], checkpointer=saver())


def batched() -> object:
    return _agent("batched")


def per_call() -> object:
    return _agent("per_call")


reviewed_batched = Reviewed(batched, BRIEF)
reviewed_per_call = Reviewed(per_call, BRIEF)


class Heard(TypedDict, total=False):
    asks: object
    heard: Annotated[list[object], list.__add__]


def _asking(*nodes: str) -> StateGraph[Heard]:
    """Each node asks what the state says, and writes down what it is told."""
    made = StateGraph(Heard)
    for name in nodes:

        def node(state: Heard) -> Heard:
            return {"heard": [interrupt(state["asks"])]}

        made.add_node(name, node)
        made.add_edge(START, name)
    return made


def asking() -> object:
    return _asking("refund").compile(checkpointer=saver())


def strict() -> object:
    """It says what it takes for an answer."""

    def node(state: Heard) -> Heard:
        return {"heard": [interrupt(state["asks"], response_schema=bool)]}

    made = StateGraph(Heard)
    made.add_node("refund", node)
    made.add_edge(START, "refund")
    return made.compile(checkpointer=saver())


def fickle() -> object:
    """Two gates at once; one asks something else whenever its node runs again."""

    def steady(state: Heard) -> Heard:
        return {"heard": [interrupt({"order": "A-1009"})]}

    def moody(state: Heard) -> Heard:
        note("moody", "runs", "again")
        times = len((folder() / "moody.runs").read_text().splitlines())
        return {"heard": [interrupt({"order": f"B-{min(times, 2)}"})]}

    made = StateGraph(Heard)
    for name, node in (("refund", steady), ("erase", moody)):
        made.add_node(name, node)
        made.add_edge(START, name)
    return made.compile(checkpointer=saver())


def three() -> object:
    """Three gates at once, of `escalate`; then one node that pays for all."""
    made = StateGraph(Heard)
    names = ["left", "middle", "right"]
    for name in names:

        def node(state: Heard, name: str = name) -> Heard:
            gate = Gate(folder() / "desk.db", agent="refund-agent")
            return {"heard": [gate.escalate(brief(f"Refund {name}?")).id]}

        made.add_node(name, node)
        made.add_edge(START, name)
    made.add_node("pay", _pay)
    made.add_edge(names, "pay")
    return made.compile(checkpointer=saver())


def _pay(state: Heard) -> Heard:
    for key in state["heard"]:
        note("three", "paid", str(key))
    return {}


def slots() -> object:
    """Two gates in one node."""

    def node(state: Heard) -> Heard:
        gate = Gate(folder() / "desk.db", agent="refund-agent")
        first = gate.escalate(brief("Refund the order?"), slot="order")
        second = gate.escalate(brief("Refund the postage?"), slot="postage")
        return {"heard": [first.verdict, second.verdict]}

    made = StateGraph(Heard)
    made.add_node("both", node)
    made.add_edge(START, "both")
    return made.compile(checkpointer=saver())


async def _review(state: Heard) -> Heard:
    gate = Gate(folder() / "desk.db", agent="refund-agent")
    return {"heard": [gate.escalate(brief()).id]}


def _in_loop() -> StateGraph[Heard]:
    made = StateGraph(Heard)
    made.add_node("review", _review)
    made.add_edge(START, "review")
    return made


@asynccontextmanager
async def in_loop() -> AsyncIterator[object]:
    async with AsyncSqliteSaver.from_conn_string(str(folder() / THREADS)) as threads:
        yield _in_loop().compile(checkpointer=threads)


@asynccontextmanager
async def in_loop_forgetful() -> AsyncIterator[object]:
    yield _in_loop().compile()


async def coroutine() -> object:
    return _in_loop().compile()


def in_loop_opened_wrongly() -> object:
    return _in_loop().compile(checkpointer=saver())


def forgetful() -> object:
    return _asking("refund").compile()


def in_memory() -> object:
    return _asking("refund").compile(checkpointer=InMemorySaver())


class Dying(SqliteSaver):
    """Its process dies once a node's result is kept, before the step is over."""

    def put_writes(self, config, writes, *rest):  # type: ignore[no-untyped-def]
        super().put_writes(config, writes, *rest)
        if any(channel == "heard" for channel, _ in writes):
            os._exit(9)


def three_dying() -> object:
    made = three()
    made.checkpointer = Dying(made.checkpointer.conn)  # type: ignore[attr-defined]
    return made


def main(where: str, graph: str, thread: str, script: str) -> None:
    os.environ["OVERREAD_TEST_FOLDER"] = where
    config = {"configurable": {"thread_id": thread}}
    given = {"messages": [("user", f"{script} A-1009, please")]}
    globals()[graph]().invoke(given, config, durability="sync")


if __name__ == "__main__":
    main(*sys.argv[1:])
