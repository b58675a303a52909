"""Interrupts of a graph that knows nothing of Overread: langchain's human-in-the-loop middleware,
agent inboxes, and `interrupt()` as you wrote it.

    reviewed = Reviewed(graph, brief_for(Software(name="refund-agent", version="1.4.0")))

    reviewed.ask(queue, thread_id)     # once the graph has paused; any number of times

and `overread deliver langgraph module:reviewed` brings each answer to its interrupt, in the form
that it takes, and asks about the ones that the thread comes to next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from overread_briefs import Brief
from overread_briefs.brief import Software
from overread_queue.adapters.asking import ask_once, digest
from overread_queue.adapters.briefing import ToBrief, ToolCall, brief_for
from overread_queue.adapters.langgraph import (
    MARK,
    RUNTIME,
    Graph,
    GraphTarget,
    asks_for,
    opened,
)
from overread_queue.adapters.langgraph_calls import call_of, checked
from overread_queue.adapters.langgraph_shapes import Form, Plain, Request, plain_answer, read
from overread_queue.adapters.target import Answer, Pause
from overread_queue.agent import AgentQueue
from overread_queue.errors import InvalidRequest
from overread_queue.store.wakes import Wake

if TYPE_CHECKING:
    from langgraph.types import Interrupt, StateSnapshot


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A graph, and how its interrupts become briefs: one place for your agent and for the worker.

    `graph` is a compiled one, a function that returns it, or one that opens it as an async context
    manager. `plain` makes the answer for an interrupt of your own whose shape is not known.
    `threads` names those that may wait: the worker then finds by itself what nobody has asked.
    """

    graph: object
    to_brief: ToBrief | None = None
    plain: Plain = plain_answer
    threads: Callable[[], Iterable[str]] = tuple

    def ask(self, queue: AgentQueue, thread_id: str) -> tuple[str, ...]:
        """As `ask_for_interrupts`."""
        return ask_for_interrupts(queue, opened(self.graph), thread_id, self.to_brief)

    def target(self, queue: AgentQueue) -> GraphTarget:
        return _Asking(queue, opened(self.graph), self)


class _Asking(GraphTarget):
    """Asks about what the thread comes to after an answer. Where that fails, the answer counts as
    not delivered: it is tried again, and `drive_on` asks then."""

    def __init__(self, queue: AgentQueue, graph: Graph, reviewed: Reviewed) -> None:
        super().__init__(graph, plain=reviewed.plain)
        self._queue, self._reviewed = queue, reviewed

    def look(self) -> Iterator[Pause]:
        for thread in self._reviewed.threads():
            yield from _pauses(self._queue, self._graph, thread, self._reviewed.to_brief)

    def resume(self, answers: Sequence[Answer]) -> None:
        super().resume(answers)
        self._ask(answers[0].wake)

    def drive_on(self, wake: Wake) -> None:
        super().drive_on(wake)
        self._ask(wake)

    def _ask(self, wake: Wake) -> None:
        made = self._reviewed.to_brief
        ask_for_interrupts(self._queue, self._graph, wake.serial_key, made)


def ask_for_interrupts(
    queue: AgentQueue, graph: Graph, thread_id: str, to_brief: ToBrief | None = None
) -> tuple[str, ...]:
    """Put all that a thread waits for on the desk, each once, however often this is called.

    Returns the escalations that it waits for, those asked before among them; `escalate` has asked
    for its own. Without `to_brief` the brief is distilled from the call and the thread's messages.
    Raises what `submit` does, and `InvalidRequest` for an interrupt that nobody could say no to.
    """
    GraphTarget(graph)  # which refuses a graph without a checkpointer
    pauses = _pauses(queue, graph, thread_id, to_brief)
    return tuple(ask_once(queue, RUNTIME, one) for one in pauses)


def _pauses(
    queue: AgentQueue, graph: Graph, thread_id: str, to_brief: ToBrief | None
) -> Iterator[Pause]:
    """One for each question of each interrupt that is not `escalate`'s."""
    state = graph.get_state({"configurable": {"thread_id": thread_id}})
    made = to_brief or brief_for(Software(name=queue.agent, version="unknown"))
    said, at = _messages(state), _since(state)
    for waiting in state.interrupts:
        if isinstance(waiting.value, dict) and waiting.value.get("type") == MARK:
            continue
        gates = _Gates(thread_id, waiting, asks_for(waiting))
        try:
            asked = read(waiting.value, waiting.response_schema, node=_node(state, waiting))
        except InvalidRequest as error:
            yield gates.pause(0, partial(_refuse, error))
            continue
        for index, request in enumerate(asked.requests):
            id = f"{waiting.id}.{index}"
            call = call_of(request, asked.form, id=id, messages=said, at=at)
            brief = partial(_brief, made, call, request, asked.form)
            yield gates.pause(index, brief, of=len(asked.requests))


@dataclass(frozen=True, slots=True)
class _Gates:
    """The gates of one interrupt."""

    thread: str
    waiting: Interrupt
    value: str
    """A node that runs again may ask something else under the same id: that is a new gate."""

    def pause(self, index: int, brief: Callable[[], Brief], *, of: int = 1) -> Pause:
        where = [self.thread, self.waiting.id, self.value]
        return Pause(
            gate=digest([*where, index]),
            serial_key=self.thread,
            target={
                "thread_id": self.thread,
                "interrupt": self.waiting.id,
                "index": index,
                "value": self.value,
            },
            brief=brief,
            batch_id=digest([*where]) if of > 1 else None,
        )


def _brief(to_brief: ToBrief, call: ToolCall, request: Request, form: Form) -> Brief:
    return checked(to_brief(call), request, form)


def _refuse(error: InvalidRequest) -> Brief:
    raise error


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
