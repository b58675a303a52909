"""A refund agent in Temporal: asks in an activity, waits for a signal, pays in an activity.

    python temporal_agent.py FOLDER [RUN GATES SLOW]

Begins a run, or only comes back; either way it works until every workflow waits for a signal that
nobody has sent, and then dies. The file `server` in its folder says where Temporal listens, and
`temporal_agent:connect` is what a worker signals through.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from temporalio import activity, workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from factories import brief
    from overread_queue.adapters.temporal import Gate, answered, signal_of

SOON = timedelta(seconds=60)


def folder() -> Path:
    return Path(os.environ.get("OVERREAD_TEST_FOLDER", "."))


async def connect() -> Client:
    return await Client.connect((folder() / "server").read_text())


def note(run: str, said: str, what: str) -> None:
    with (folder() / f"{run}.{said}").open("a") as file:
        file.write(f"{what}\n")


def lines(run: str, said: str) -> list[str]:
    file = folder() / f"{run}.{said}"
    return file.read_text().splitlines() if file.exists() else []


def gate() -> Gate:
    return Gate(folder() / "desk.db", agent="refund-agent")


@activity.defn
def ask(run: str, at: int) -> str:
    escalation = gate().ask(brief(f"Refund number {at}?"))
    if escalation not in lines(run, "asked"):
        note(run, "asked", escalation)
    return escalation


@activity.defn
def act(run: str, escalation: str, slow: float) -> bool:
    decision = gate().decided(escalation)
    if not decision.releases:
        note(run, "no", decision.verdict)
        return False
    time.sleep(slow)
    note(run, "paid", decision.id)
    return True


@workflow.defn
class Refund:
    @workflow.run
    async def run(self, run: str, gates: int, slow: float) -> None:
        for at in range(1, gates + 1):
            escalation = await workflow.execute_activity(
                ask, args=[run, at], start_to_close_timeout=SOON
            )
            await answered(escalation)
            if not await workflow.execute_activity(
                act, args=[run, escalation, slow], start_to_close_timeout=SOON
            ):
                return


def id_of(run: str) -> str:
    """Stories share a server, so the names of their runs are not enough."""
    return f"{folder().resolve().name}-{run}"


async def over(client: Client, run: str) -> bool:
    found = await client.get_workflow_handle(id_of(run)).describe()
    if found.status not in (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.COMPLETED):
        raise AssertionError(f"{run} ended as {found.status}")
    return found.status is WorkflowExecutionStatus.COMPLETED


async def settled(client: Client, run: str) -> bool:
    """Whether it is over, or waits for the answer to the last thing that it asked."""
    if await over(client, run):
        return True
    history = client.get_workflow_handle(id_of(run)).fetch_history_events()
    heard = [
        event.workflow_execution_signaled_event_attributes.signal_name
        async for event in history
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
    ]
    asked = lines(run, "asked")
    return bool(asked) and signal_of(asked[-1]) not in heard


async def work(run: str, gates: str, slow: str) -> None:
    client = await connect()
    queue = id_of("refunds")
    if run:
        (folder() / f"{run}.begun").touch()
        given = [run, int(gates), float(slow)]
        await client.start_workflow(Refund.run, args=given, id=id_of(run), task_queue=queue)
    async with Worker(
        client,
        task_queue=queue,
        workflows=[Refund],
        activities=[ask, act],
        activity_executor=ThreadPoolExecutor(4),
        max_cached_workflows=0,
        graceful_shutdown_timeout=SOON,
    ):
        for begun in folder().glob("*.begun"):
            while not await settled(client, begun.stem):
                await asyncio.sleep(0.02)


def main(where: str, run: str = "", gates: str = "", slow: str = "") -> None:
    os.environ["OVERREAD_TEST_FOLDER"] = where
    asyncio.run(work(run, gates, slow))
    print("\n".join(lines(run, "asked")[-1:]))


if __name__ == "__main__":
    main(*sys.argv[1:])
