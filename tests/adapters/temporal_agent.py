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
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from factories import brief
    from overread_queue.adapters.temporal import Gate, answered

SOON = timedelta(seconds=10)
TAKEN = timedelta(seconds=3)
"""How long Temporal waits for an agent that died with a workflow before it gives it out again."""


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


async def found(client: Client, run: str) -> WorkflowExecutionDescription:
    it = await client.get_workflow_handle(id_of(run)).describe()
    if it.status not in (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.COMPLETED):
        raise AssertionError(f"{run} ended as {it.status}")
    return it


async def over(client: Client, run: str) -> bool:
    return (await found(client, run)).status is WorkflowExecutionStatus.COMPLETED


async def settled(client: Client, run: str) -> bool:
    """Whether Temporal has nothing for anybody to do: it is over, or waits for a signal.

    The history does not say so: while somebody has the workflow, signals are kept beside it.
    """
    raw = (await found(client, run)).raw_description
    return not raw.pending_activities and not raw.HasField("pending_workflow_task")


async def work(run: str, gates: str, slow: str) -> None:
    client = await connect()
    queue = id_of("refunds")
    if run:
        given = [run, int(gates), float(slow)]
        await client.start_workflow(
            Refund.run, args=given, id=id_of(run), task_queue=queue, task_timeout=TAKEN
        )
        (folder() / f"{run}.begun").touch()
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
