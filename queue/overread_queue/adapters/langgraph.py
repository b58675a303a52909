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

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, cast

from pydantic import BaseModel, JsonValue, create_model

from overread_briefs import Brief, Decision
from overread_queue.adapters.delivering import recalled, remember
from overread_queue.adapters.loading import NotInstalled, named
from overread_queue.adapters.target import Answer, Found
from overread_queue.agent import AgentQueue
from overread_queue.errors import InvalidRequest, StillPending
from overread_queue.store.wakes import Wake

try:
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
        interrupts by their order. Raises what `submit` and `poll` do.
        """
        where = get_config()["configurable"]
        thread, namespace = str(where["thread_id"]), str(where["checkpoint_ns"])
        gate = _name(thread, namespace, slot)
        with AgentQueue.open(self._db, agent=self._agent, key=self._key) as queue:
            escalation = self._ask(queue, brief, gate, thread, checkpoint)
        answer = {"type": MARK, "escalation": escalation, "question": brief.question}
        interrupt(answer, response_schema=_only(escalation))
        with AgentQueue.open(self._db, agent=self._agent, key=self._key) as queue:
            decision = queue.poll(escalation)
        if decision is None:
            raise StillPending(escalation)
        return decision

    def _ask(
        self, queue: AgentQueue, brief: Brief, gate: str, thread: str, checkpoint: JsonValue
    ) -> str:
        """Once for each gate, however often its node runs."""
        before = recalled(queue, runtime=RUNTIME, gate=gate)
        if before is not None:
            return before.escalation
        ticket = queue.submit(brief, key=gate, checkpoint=checkpoint)
        remember(
            queue,
            ticket,
            runtime=RUNTIME,
            gate=gate,
            target={"thread_id": thread},
            serial_key=thread,
        )
        return ticket.id


class GraphTarget:
    """The threads of one compiled graph."""

    runtime = RUNTIME

    def __init__(self, graph: Graph) -> None:
        if graph.checkpointer is None:
            raise InvalidRequest(
                "the graph has no checkpointer, so a pause would not outlive its process; "
                "compile it with one, such as SqliteSaver"
            )
        self._graph = graph

    def locate(self, wake: Wake) -> Found:
        if self._interrupt(wake) is not None:
            return "waiting"
        return "gone" if self._graph.get_state(_config(wake)).values else "not_yet"

    def resume(self, answers: Sequence[Answer]) -> None:
        (one,) = answers
        waiting = self._interrupt(one.wake)
        if waiting is None:
            raise InvalidRequest(f"the thread does not wait for {one.wake.escalation} any more")
        value = {"escalation": one.wake.escalation, "verdict": one.decision.verdict}
        command: Command[None] = Command(resume={waiting.id: value})
        self._graph.invoke(command, _config(one.wake), durability="sync")

    def drive_on(self, wake: Wake) -> None:
        state = self._graph.get_state(_config(wake))
        if any(not task.interrupts and task.result is None for task in state.tasks):
            self._graph.invoke(None, _config(wake), durability="sync")

    def _interrupt(self, wake: Wake) -> Interrupt | None:
        """The one that waits for this very escalation, by its name and not by its place."""
        for one in self._graph.get_state(_config(wake)).interrupts:
            if isinstance(one.value, dict) and _asks(one.value) == wake.escalation:
                return one
        return None


def target(queue: AgentQueue, spec: str) -> GraphTarget:
    """`spec` names a compiled graph, or a function that returns one. Raises `InvalidRequest`."""
    found = named(spec)
    graph = found if hasattr(found, "get_state") else found() if callable(found) else None
    if graph is None or not hasattr(graph, "get_state"):
        raise InvalidRequest(f"{spec} is no compiled graph, and no function that returns one")
    return GraphTarget(cast("Graph", graph))


def _asks(value: dict[str, JsonValue]) -> JsonValue:
    return value.get("escalation") if value.get("type") == MARK else None


def _config(wake: Wake) -> RunnableConfig:
    return {"configurable": {"thread_id": str(wake.where["thread_id"])}}


def _name(*parts: str) -> str:
    """A key of fixed length: a thread's id and a namespace may hold anything."""
    return f"langgraph:{hashlib.sha256(json.dumps(parts).encode()).hexdigest()}"


def _only(escalation: str) -> type[BaseModel]:
    """A schema that accepts the answer to this escalation and to no other."""
    pinned = cast("type[str]", Literal[escalation])
    return create_model("Only", __base__=_Said, escalation=(pinned, ...))
