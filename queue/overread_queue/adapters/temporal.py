"""Temporal: an activity asks, the workflow waits for a signal, an activity reads the answer.

    gate = Gate("desk.db", agent="refund-agent")

    @activity.defn
    def ask(order: str) -> str:
        return gate.ask(question(order))

    @activity.defn
    def pay(order: str, escalation: str) -> None:
        decision = gate.decided(escalation)
        ...

and in the workflow, between the two, `await answered(escalation)`.

A worker (`overread deliver temporal module:connect`) sends the signal. Its name is that of the
escalation and it carries nothing, so it can open no other gate and nothing of it is believed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import TypeVar, cast

from pydantic import JsonValue

from overread_briefs import Brief, Decision
from overread_briefs.fields import Parameters
from overread_queue.adapters.asking import ask_once, decided, digest
from overread_queue.adapters.loading import NotInstalled, named
from overread_queue.adapters.target import Answer, Found, Pause
from overread_queue.agent import AgentQueue
from overread_queue.errors import InvalidRequest
from overread_queue.store.wakes import Wake, WakeBook

try:
    from temporalio import activity, workflow
    from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
    from temporalio.service import RPCError, RPCStatusCode
except ImportError as error:
    raise NotInstalled("Temporal", "temporal") from error

RUNTIME = "temporal"

Connect = Callable[[], Awaitable[Client]]
Handle = WorkflowHandle[object, object]
Got = TypeVar("Got")


def signal_of(escalation: str) -> str:
    """The signal that says that an escalation was answered."""
    return f"overread.answered.{escalation}"


async def answered(escalation: str) -> None:
    """In a workflow: wait until the answer is there, for as long as it takes.

    It may have come before this is called, and more than once. It is no answer by itself: what
    acts on it reads the decision with `Gate.decided`.
    """
    heard = asyncio.Event()

    def hear() -> None:
        heard.set()

    workflow.set_signal_handler(signal_of(escalation), hear)
    await workflow.wait_condition(heard.is_set)


class Gate:
    """What activities ask and read through. Safe to share: every call opens the desk for itself."""

    def __init__(self, db: str | Path, *, agent: str, key: str | Path | None = None) -> None:
        self._db, self._agent, self._key = db, agent, key

    def ask(self, brief: Brief, *, slot: str = "", checkpoint: JsonValue = None) -> str:
        """In an activity: ask, once however often it is retried; the escalation to wait for.

        `slot` tells several questions of one activity apart. Raises what `submit` does.
        """
        info = activity.info()
        pause = Pause(
            gate=digest([_here(), info.workflow_run_id, info.activity_id, slot]),
            serial_key=str(info.workflow_id),
            target=_here(),
            brief=lambda: brief,
        )
        with AgentQueue.open(self._db, agent=self._agent, key=self._key) as queue:
            return ask_once(queue, RUNTIME, pause, checkpoint=checkpoint)

    def decided(self, escalation: str) -> Decision:
        """In the activity that acts: the verified decision on a question of this very workflow.

        Raises `InvalidRequest` for that of another, `StillPending` without one (so the activity is
        retried until there is one), and what `poll` does.
        """
        with AgentQueue.open(self._db, agent=self._agent, key=self._key) as queue:
            with WakeBook(queue.wakes).at() as wakes:
                asked = wakes.get(escalation)
            if asked is None or asked.runtime != RUNTIME or asked.where != _here():
                raise InvalidRequest(
                    f"{escalation} was not asked by this workflow; pass on what its own `ask` "
                    "returned"
                )
            return decided(queue, escalation)


class WorkflowTarget:
    """The workflows of one namespace."""

    runtime = RUNTIME

    def __init__(self, connect: Connect) -> None:
        self._connect = connect

    def locate(self, wake: Wake) -> Found:
        """A workflow that runs takes the signal, whether it waits for it already or later."""
        try:
            status = asyncio.run(self._with(wake, _status))
        except RPCError as refused:
            if refused.status is not RPCStatusCode.NOT_FOUND:
                raise
            return "not_yet"
        return "waiting" if status is WorkflowExecutionStatus.RUNNING else "gone"

    def resume(self, answers: Sequence[Answer]) -> None:
        (one,) = answers
        name = signal_of(one.wake.escalation)
        asyncio.run(self._with(one.wake, lambda handle: handle.signal(name)))

    def drive_on(self, wake: Wake) -> None:
        """Nothing: a workflow that is over waits for no signal, and one that runs is signalled."""

    async def _with(
        self, wake: Wake, call: Callable[[Handle], Coroutine[object, object, Got]]
    ) -> Got:
        client = await self._connect()
        if not isinstance(client, Client):
            raise InvalidRequest("what connects to Temporal has to return a Client")
        if client.namespace != wake.where["namespace"]:
            raise InvalidRequest(
                f"this was asked in the namespace {wake.where['namespace']!r}, and the client is "
                f"connected to {client.namespace!r}"
            )
        handle: Handle = client.get_workflow_handle(str(wake.where["workflow_id"]))
        return await call(handle)


def target(queue: AgentQueue, spec: str) -> WorkflowTarget:
    """`spec` names an async function that returns a client. Raises `InvalidRequest`."""
    connect = named(spec)
    if not asyncio.iscoroutinefunction(connect):
        raise InvalidRequest(f"{spec} is no async function that returns a Client")
    return WorkflowTarget(cast("Connect", connect))


async def _status(handle: Handle) -> WorkflowExecutionStatus | None:
    return (await handle.describe()).status


def _here() -> Parameters:
    """The workflow whose activity this is, whichever of its runs."""
    info = activity.info()
    return {"namespace": info.workflow_namespace, "workflow_id": info.workflow_id}
