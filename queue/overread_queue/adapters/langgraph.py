"""LangGraph: `escalate()` in a node, and answers that reach the interrupt they belong to.

    gate = Gate("desk.db", agent="refund-agent")

    def review(state):
        decision = gate.escalate(brief_of(state))
        ...

A worker (`overread deliver langgraph module:graph`) resumes the thread. Every answer is pinned to
its own interrupt, so that a late or repeated one is refused by the graph instead of opening the
next gate. The node runs again from its start when it is resumed: put nothing with an effect before
`escalate`, and the effect itself into the next node, under `decision.id`.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, cast, runtime_checkable

from pydantic import BaseModel, JsonValue, create_model

from overread_briefs import Brief, Decision
from overread_queue.adapters.asking import ask_once, decided, digest
from overread_queue.adapters.langgraph_async import ASYNC, AsyncGraph, Opens
from overread_queue.adapters.langgraph_shapes import Plain, answer_to, plain_answer, read
from overread_queue.adapters.loading import NotInstalled, named
from overread_queue.adapters.target import Answer, Found, Pause
from overread_queue.agent import AgentQueue
from overread_queue.errors import InvalidRequest
from overread_queue.store.wakes import Wake

try:
    from langgraph.checkpoint.memory import InMemorySaver
    from langgraph.config import get_config
    from langgraph.types import Command, Interrupt, interrupt
except ImportError as error:
    raise NotInstalled("LangGraph", "langgraph") from error

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.types import Durability, StateSnapshot

RUNTIME = "langgraph"
MARK = "overread.escalation"
"""`type` in the value of an interrupt that `escalate` made."""
FORGETFUL = (
    "the graph has no checkpointer, so a pause would not outlive its process; "
    "compile it with one, such as SqliteSaver"
)
_CHECKPOINTER = "__pregel_checkpointer"
"""Where LangGraph tells a node of it, subgraphs included."""


class _Said(BaseModel):
    """What the graph is told; `escalate` believes only what it reads off the desk itself."""

    escalation: str
    verdict: str


class Graph(Protocol):
    """What is asked of a compiled graph."""

    @property
    def checkpointer(self) -> object: ...

    def get_state(self, config: RunnableConfig) -> StateSnapshot: ...

    def invoke(
        self, input: Command[None] | None, config: RunnableConfig, *, durability: Durability
    ) -> object: ...


class Gate:
    """Where the nodes of a graph ask. Safe to share: every call opens the desk for itself, because
    nodes run in threads of their own."""

    def __init__(self, db: str | Path, *, agent: str, key: str | Path | None = None) -> None:
        self._db, self._agent, self._key = db, agent, key

    def escalate(self, brief: Brief, *, slot: str = "", checkpoint: JsonValue = None) -> Decision:
        """Ask, pause the thread for as long as it takes, and return the verified decision.

        `slot` tells several gates of one node apart. Call it in the same order each time the node
        runs, and never around it because the answer is there already: answers are matched to
        interrupts by their order. Raises what `submit` and `poll` do, and `InvalidRequest` before
        anybody is asked where the graph has no checkpointer.
        """
        where = get_config()["configurable"]
        if where.get(_CHECKPOINTER, ...) is None:
            raise InvalidRequest(FORGETFUL)
        thread, namespace = str(where["thread_id"]), str(where["checkpoint_ns"])
        pause = Pause(
            gate=digest([thread, namespace, slot]),
            serial_key=thread,
            target={"thread_id": thread},
            brief=lambda: brief,
        )
        with AgentQueue.open(self._db, agent=self._agent, key=self._key) as queue:
            escalation = ask_once(queue, RUNTIME, pause, checkpoint=checkpoint)
        answer = {"type": MARK, "escalation": escalation, "question": brief.question}
        interrupt(answer, response_schema=_only(escalation))
        with AgentQueue.open(self._db, agent=self._agent, key=self._key) as queue:
            return decided(queue, escalation)


class GraphTarget:
    """The threads of one compiled graph."""

    runtime = RUNTIME

    def __init__(self, graph: Graph, *, plain: Plain = plain_answer) -> None:
        if not graph.checkpointer:
            raise InvalidRequest(FORGETFUL)
        self._graph, self._plain = graph, plain

    def refuse_memory(self) -> None:
        """For a worker in a process of its own. Raises `InvalidRequest`."""
        if isinstance(self._graph.checkpointer, InMemorySaver):
            raise InvalidRequest(
                "the graph's checkpointer keeps threads in the memory of one process, and this is "
                "another one; compile it with one that writes them down, such as SqliteSaver"
            )

    def locate(self, wake: Wake) -> Found:
        if self._interrupt(wake) is not None:
            return "waiting"
        return "gone" if self._graph.get_state(_config(wake)).values else "not_yet"

    def resume(self, answers: Sequence[Answer]) -> None:
        wake = answers[0].wake
        waiting = self._interrupt(wake)
        if waiting is None:
            raise InvalidRequest(f"the thread does not wait for {wake.escalation} any more")
        self._run(Command(resume={waiting.id: self._said(waiting, answers)}), wake)

    def drive_on(self, wake: Wake) -> None:
        state = self._graph.get_state(_config(wake))
        if state.created_at is None:
            raise InvalidRequest(f"thread {wake.serial_key} is not in the checkpointer any more")
        pending = {one.id for one in state.interrupts}
        free = [one for one in state.tasks if not any(at.id in pending for at in one.interrupts)]
        if len(free) == len(state.tasks) > 0 or any(one.result is None for one in free):
            self._run(None, wake)

    def _interrupt(self, wake: Wake) -> Interrupt | None:
        """The one that waits for this very escalation, by its name and not by its place."""
        for one in self._graph.get_state(_config(wake)).interrupts:
            if _asks(one.value) == wake.escalation:
                return one
            if one.id == wake.where.get("interrupt"):
                return _unchanged(one, wake)
        return None

    def _said(self, waiting: Interrupt, answers: Sequence[Answer]) -> JsonValue:
        """Pinned where the interrupt is `escalate`'s, and otherwise in the form of its value."""
        if (escalation := _asks(waiting.value)) is not None:
            return {"escalation": escalation, "verdict": answers[0].decision.verdict}
        asked = read(waiting.value, waiting.response_schema, node="")
        placed = {one.wake.where["index"]: one.decision for one in answers}
        if len(placed) < len(asked.requests):
            raise InvalidRequest(
                f"only {len(placed)} of the {len(asked.requests)} calls that are answered "
                "together were asked about; ask for the thread's interrupts again"
            )
        return answer_to(asked, [placed[at] for at in range(len(placed))], self._plain)

    def _run(self, given: Command[None] | None, wake: Wake) -> None:
        try:
            self._graph.invoke(given, _config(wake), durability="sync")
        except TypeError as error:
            if "No synchronous function" not in str(error):
                raise
            raise InvalidRequest(f"the graph has nodes that are only async; {ASYNC}") from error


@runtime_checkable
class Deliverable(Protocol):
    """Something that knows more about its threads than a graph does."""

    def target(self, queue: AgentQueue) -> GraphTarget: ...


def target(queue: AgentQueue, spec: str) -> GraphTarget:
    """`spec` names a compiled graph, a function that returns one, one that opens it as an async
    context manager, or a `Reviewed`. Raises `InvalidRequest`."""
    found = named(spec)
    made = found.target(queue) if isinstance(found, Deliverable) else GraphTarget(opened(found))
    made.refuse_memory()
    return made


def opened(found: object) -> Graph:
    """The graph that a user's module offers. Raises `InvalidRequest`."""
    made = found() if callable(found) and not hasattr(found, "get_state") else found
    if hasattr(made, "get_state"):
        return cast("Graph", made)
    if hasattr(made, "__aenter__"):
        return AsyncGraph(cast("Opens", found))
    if inspect.iscoroutine(made):
        made.close()
        raise InvalidRequest(f"{found!r} is async; {ASYNC}")
    raise InvalidRequest(f"{found!r} is no compiled graph, and no function that returns one")


def asks_for(waiting: Interrupt) -> str:
    """Digest of all that an interrupt says, so that an answer to one thing is never given to
    another. Its value may be no JSON."""
    said = [waiting.value, waiting.response_schema]
    return digest(json.dumps(said, sort_keys=True, default=repr))


def _unchanged(waiting: Interrupt, wake: Wake) -> Interrupt:
    if asks_for(waiting) != wake.where["value"]:
        raise InvalidRequest(
            f"thread {wake.serial_key} asks something else by now than {wake.escalation} was "
            "about; ask for the thread's interrupts again"
        )
    return waiting


def _asks(value: object) -> JsonValue:
    """The escalation that `escalate` waits for; None for an interrupt that is not its own."""
    mine = isinstance(value, dict) and value.get("type") == MARK
    return value.get("escalation") if isinstance(value, dict) and mine else None


def _config(wake: Wake) -> RunnableConfig:
    return {"configurable": {"thread_id": str(wake.where["thread_id"])}}


def _only(escalation: str) -> type[BaseModel]:
    """A schema that accepts the answer to this escalation and to no other."""
    pinned = cast("type[str]", Literal[escalation])
    return create_model("Only", __base__=_Said, escalation=(pinned, ...))
