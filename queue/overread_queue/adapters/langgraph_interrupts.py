"""Interrupts of a graph that knows nothing of Overread: langchain's human-in-the-loop middleware,
agent inboxes, and `interrupt()` as you wrote it.

    reviewed = Reviewed(graph, brief_for(Software(name="refund-agent", version="1.4.0")))

    reviewed.ask(queue, thread_id)     # once the graph has paused; any number of times

and `overread deliver langgraph module:reviewed` brings each answer to its interrupt, in the form
that it takes, and asks about the ones that the thread comes to next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from overread_briefs import Brief
from overread_briefs.brief import Software
from overread_queue.adapters.briefing import ToBrief, brief_for
from overread_queue.adapters.delivering import recalled, remember
from overread_queue.adapters.langgraph import (
    MARK,
    RUNTIME,
    Graph,
    GraphTarget,
    digest,
    name_of,
    opened,
)
from overread_queue.adapters.langgraph_calls import call_of, checked
from overread_queue.adapters.langgraph_shapes import Asked, Plain, plain_answer, read
from overread_queue.adapters.target import Answer
from overread_queue.agent import AgentQueue
from overread_queue.store.wakes import Wake

if TYPE_CHECKING:
    from langgraph.types import Interrupt, StateSnapshot


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A graph, and how its interrupts become briefs: one place for your agent and for the worker.

    `graph` is a compiled one, a function that returns it, or one that opens it as an async context
    manager. `plain` makes the answer for an interrupt of your own whose shape is not known.
    """

    graph: object
    to_brief: ToBrief | None = None
    plain: Plain = plain_answer

    def ask(self, queue: AgentQueue, thread_id: str) -> tuple[str, ...]:
        """As `ask_for_interrupts`."""
        return ask_for_interrupts(queue, opened(self.graph), thread_id, self.to_brief)

    def target(self, queue: AgentQueue) -> GraphTarget:
        return _Asking(queue, opened(self.graph), self.to_brief, self.plain)


class _Asking(GraphTarget):
    """Asks about what the thread comes to after an answer. Where that fails, the answer counts as
    not delivered: it is tried again, and `drive_on` asks then."""

    def __init__(
        self, queue: AgentQueue, graph: Graph, to_brief: ToBrief | None, plain: Plain
    ) -> None:
        super().__init__(graph, plain=plain)
        self._queue, self._to_brief = queue, to_brief

    def resume(self, answers: Sequence[Answer]) -> None:
        super().resume(answers)
        self._ask(answers[0].wake)

    def drive_on(self, wake: Wake) -> None:
        super().drive_on(wake)
        self._ask(wake)

    def _ask(self, wake: Wake) -> None:
        ask_for_interrupts(self._queue, self._graph, wake.serial_key, self._to_brief)


def ask_for_interrupts(
    queue: AgentQueue, graph: Graph, thread_id: str, to_brief: ToBrief | None = None
) -> tuple[str, ...]:
    """Put all that a thread waits for on the desk, each once, however often this is called.

    Returns the escalations that it waits for, those asked before among them; `escalate` has asked
    for its own. Without `to_brief` the brief is distilled from the call and the thread's messages.
    Raises what `submit` does, and `InvalidRequest` for an interrupt that nobody could say no to.
    """
    GraphTarget(graph)  # which refuses a graph without a checkpointer
    state = graph.get_state({"configurable": {"thread_id": thread_id}})
    made = to_brief or brief_for(Software(name=queue.agent, version="unknown"), at=_since(state))
    asked: list[str] = []
    for waiting in state.interrupts:
        if isinstance(waiting.value, dict) and waiting.value.get("type") == MARK:
            continue
        what = read(waiting.value, waiting.response_schema, node=_node(state, waiting))
        gates = _Gates(queue, thread_id, waiting, what)
        asked += gates.ask(made, _messages(state))
    return tuple(asked)


@dataclass(frozen=True, slots=True)
class _Gates:
    """The questions of one interrupt."""

    queue: AgentQueue
    thread: str
    waiting: Interrupt
    asked: Asked

    @property
    def value(self) -> str:
        """A node that runs again may ask something else under the same id: that is a new gate."""
        return digest(self.waiting)

    def ask(self, to_brief: ToBrief, messages: Sequence[object]) -> Iterator[str]:
        for index, request in enumerate(self.asked.requests):
            gate = name_of("interrupt", self.thread, self.waiting.id, self.value, str(index))
            before = recalled(self.queue, runtime=RUNTIME, gate=gate)
            if before is not None:
                yield before.escalation
                continue
            id = f"{self.waiting.id}.{index}"
            call = call_of(request, self.asked.form, id=id, messages=messages)
            yield self._submit(checked(to_brief(call), request, self.asked.form), gate, index)

    def _submit(self, brief: Brief, gate: str, index: int) -> str:
        ticket = self.queue.submit(brief, key=gate)
        together = len(self.asked.requests) > 1
        remember(
            self.queue,
            ticket,
            runtime=RUNTIME,
            gate=gate,
            target={
                "thread_id": self.thread,
                "interrupt": self.waiting.id,
                "index": index,
                "value": self.value,
            },
            serial_key=self.thread,
            batch_id=name_of("batch", self.thread, self.waiting.id, self.value)
            if together
            else None,
        )
        return ticket.id


def _node(state: StateSnapshot, waiting: Interrupt) -> str:
    """Where it was raised: the name of what is asked, where the interrupt gives none."""
    ids = {task.name: {one.id for one in task.interrupts} for task in state.tasks}
    return next((name for name, raised in ids.items() if waiting.id in raised), "interrupt")


def _messages(state: StateSnapshot) -> Sequence[object]:
    found = state.values.get("messages") if isinstance(state.values, dict) else None
    return found if isinstance(found, list) else ()


def _since(state: StateSnapshot) -> int:
    """The same as long as the thread waits."""
    if state.created_at is None:
        return 0
    return round(datetime.fromisoformat(state.created_at).timestamp() * 1000)
