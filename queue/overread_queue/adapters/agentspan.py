"""Agentspan: what waits for approval on its server, asked about here and answered by task.

    overread deliver agentspan http://localhost:6767/api --agent refund-agent

Agents stay as they are: a tool with `approval_required=True` is a HUMAN task on the server, found
from outside. It is answered under its own id, never through `respond`, which names no task and so
would let a late answer through the next gate. The server runs the agent on by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from pydantic import JsonValue

from overread_briefs import Brief, Decision
from overread_briefs.brief import Software
from overread_briefs.fields import Parameters
from overread_queue.adapters.agentspan_server import Execution, Server, Task, Unreadable, Workflow
from overread_queue.adapters.briefing import ToBrief, ToolCall, brief_for
from overread_queue.adapters.refusing import refusal
from overread_queue.adapters.target import Answer, Found, Pause
from overread_queue.agent import AgentQueue
from overread_queue.errors import InvalidRequest
from overread_queue.store.wakes import Wake

RUNTIME = "agentspan"
BATCH = "agentspan.batch"
"""What several calls under one approval are called: an action type of its own, because none of
their own types says how much all of them may do."""
SIGNED = "overread:"
"""Before the decision's id, as the worker that finished a task: it tells our answers from others'
and from none."""
_ARGUMENTS = ("inputParameters", "args")
"""Where a call keeps them: the server's name, and that of its SDK."""


class AgentspanTarget:
    """The executions of one agent on one server.

    `name` is the agent's on the server, where it has another one there. `to_brief` gets each call,
    or `agentspan.batch` with all `calls` of one approval; without it, the brief is made of the call
    and the prompt, and the tool's name is the type of the action.
    """

    runtime = RUNTIME

    def __init__(
        self,
        queue: AgentQueue,
        server: Server | str,
        *,
        name: str | None = None,
        to_brief: ToBrief | None = None,
    ) -> None:
        self._queue = queue
        self._server = Server.at(server) if isinstance(server, str) else server
        self._name = name or queue.agent
        self._to_brief = to_brief

    def look(self) -> Iterator[Pause]:
        for execution in self._server.running(self._name):
            try:
                found = tuple(self._waiting(execution.id))
            except Unreadable as trouble:
                yield _unreadable(execution, trouble)
            else:
                yield from (self._pause(execution, *one) for one in found)

    def locate(self, wake: Wake) -> Found:
        """Raises `InvalidRequest` where the task has ended with another answer, or with none."""
        task = self._task(wake)
        if task is None:
            return "gone"
        if task.status == Task.NOT_YET:
            return "not_yet"
        if task.status == Task.WAITING:
            return "waiting"
        _check_ours(task, wake)
        return "gone"

    def resume(self, answers: Sequence[Answer]) -> None:
        (one,) = answers
        task = self._task(one.wake)
        if task is None:
            raise InvalidRequest(f"Agentspan has no task {one.wake.gate} any more")
        told = _output(one.decision, task)
        execution = str(one.wake.where["execution"])
        self._server.finish(execution, task.id, told, worker=f"{SIGNED}{one.decision.id}")
        _check_ours(self._task(one.wake), one.wake)
        if one.decision.verdict == "modify":
            self._queue.outcome(one.wake.answered_by, ok=False, detail=str(told["reason"]))

    def drive_on(self, wake: Wake) -> None:
        """Nothing: the server has gone on by itself."""

    # -- inside

    def _pause(self, execution: Execution, where: Workflow, task: Task) -> Pause:
        return Pause(
            gate=task.id,
            serial_key=execution.id,
            target={"execution": where.id, "task": task.id},
            brief=partial(self._brief, execution, where, task),
        )

    def _waiting(self, execution: str) -> Iterator[tuple[Workflow, Task]]:
        """HUMAN tasks of an execution, and of those that it waits for."""
        workflow = self._server.workflow(execution)
        for task in workflow.tasks if workflow else ():
            if workflow and task.status == Task.WAITING and task.type == Task.HUMAN:
                yield workflow, task
            elif task.status == Task.WAITING and task.inner:
                yield from self._waiting(task.inner)

    def _task(self, wake: Wake) -> Task | None:
        workflow = self._server.workflow(str(wake.where["execution"]))
        tasks = workflow.tasks if workflow else ()
        return next((one for one in tasks if one.id == wake.where["task"]), None)

    def _brief(self, execution: Execution, workflow: Workflow, task: Task) -> Brief:
        call = _call(workflow, task)
        if self._to_brief is not None:
            return self._to_brief(call)
        agent = Software(name=self._queue.agent, version=str(execution.version or 1))
        return brief_for(agent, at=task.scheduled_at, source="Agentspan")(call)


def target(queue: AgentQueue, spec: str) -> AgentspanTarget:
    """`spec` is the address of the server's API. Raises `InvalidRequest`."""
    return AgentspanTarget(queue, spec)


def _unreadable(execution: Execution, trouble: Unreadable) -> Pause:
    """What keeps no other execution from being asked about."""

    def brief() -> Brief:
        raise trouble

    return Pause(gate=execution.id, serial_key=execution.id, target={}, brief=brief)


def _call(workflow: Workflow, task: Task) -> ToolCall:
    """One call as it is; of several, a batch that shows all of them."""
    calls = [_read(one) for one in _calls(task)]
    name, arguments = calls[0] if len(calls) == 1 else (BATCH, _batch(calls))
    prompt = (workflow.input or {}).get("prompt")
    asked = ({"role": "user", "content": prompt},) if isinstance(prompt, str) and prompt else ()
    return ToolCall(task.id, name, arguments, messages=asked)


def _calls(task: Task) -> list[JsonValue]:
    calls = (task.input or {}).get("tool_calls")
    if not isinstance(calls, list) or not calls:
        raise InvalidRequest(
            f"task {task.id} asks for something else than a tool call's approval; answer it in "
            "Agentspan"
        )
    return calls


def _read(call: JsonValue) -> tuple[str, Parameters]:
    """Raises `InvalidRequest` rather than show a call without what it would do."""
    if isinstance(call, dict) and isinstance(name := call.get("name"), str):
        for key in _ARGUMENTS:
            if isinstance(arguments := call.get(key), dict):
                return name, arguments
    raise InvalidRequest("a tool call comes without name or arguments; answer it in Agentspan")


def _batch(calls: Sequence[tuple[str, Parameters]]) -> Parameters:
    return {"calls": [{"name": name, "arguments": arguments} for name, arguments in calls]}


def _output(decision: Decision, task: Task) -> dict[str, JsonValue]:
    """Nothing but these two fields: the server hands any other one to the model."""
    if decision.verdict == "approve":
        return {"approved": True}
    calls = [_read(one) for one in _calls(task)]
    proposed = calls[0][1] if len(calls) == 1 else _batch(calls)
    return {"approved": False, "reason": refusal(decision, proposed)}


def _check_ours(task: Task | None, wake: Wake) -> None:
    if task is None or not (task.worker or "").startswith(f"{SIGNED}{wake.answered_by}/"):
        raise InvalidRequest(
            f"task {wake.gate} in Agentspan is {task.status if task else 'gone'} without this "
            "answer: somebody answered there, or its execution was stopped"
        )
