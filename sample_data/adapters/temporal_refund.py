"""A refund agent in Temporal that asks before it pays, and pays once.

    temporal server start-dev                 # or the one that you have, at TEMPORAL_ADDRESS
    python temporal_refund.py A-1009          # asks and waits, and goes on if it was killed
    overread review                           # somebody answers, today or next week
    overread deliver temporal temporal_refund:connect --agent refund-agent

The desk is `desk.db` beside this file.
"""

from __future__ import annotations

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from overread_briefs import (
        Action,
        Brief,
        Evidence,
        Option,
        Provenance,
        Software,
        Step,
        Trigger,
    )
    from overread_queue.adapters.temporal import Gate, answered

QUEUE = "refunds"
SOON = timedelta(seconds=30)
gate = Gate("desk.db", agent="refund-agent")


@activity.defn
def ask(order: str) -> str:
    """Returns the name of what was asked; the question itself stays out of Temporal's history."""
    return gate.ask(question(order))


@activity.defn
def pay(order: str, escalation: str) -> str:
    """The effect, under a key that is the same for every attempt. The decision is read here."""
    decision = gate.decided(escalation)
    if not decision.releases:
        return f"nothing was refunded on {order}: {decision.verdict}"
    amount = float(str(decision.action.parameters["amount"]))
    return f"refunded {amount:.2f} on {order} under {decision.id}"


@workflow.defn
class Refund:
    @workflow.run
    async def run(self, order: str) -> str:
        escalation = await workflow.execute_activity(ask, order, start_to_close_timeout=SOON)
        await answered(escalation)  # for seconds or days, whatever dies in between
        return await workflow.execute_activity(
            pay, args=[order, escalation], start_to_close_timeout=SOON
        )


def question(order: str) -> Brief:
    """What the order service and the carrier say; their times, so that a retry asks the same."""
    amount, scanned_at = 420.0, 1_789_470_000_000
    return Brief(
        accomplished=(Step(text="Read the order"), Step(text="Asked the carrier for the scan")),
        question=f"Refund ${amount:.2f} on order {order}?",
        triggers=(Trigger(kind="policy", rule="refunds-need-approval", signal="amount"),),
        evidence=(
            Evidence(
                id="carrier-scan",
                title="Carrier: delivered, signed by a neighbour",
                content="2026-09-15 10:20 DELIVERED, signed M. Keller",
                source="carrier",
                as_of=scanned_at,
                stance="contradicts",
            ),
        ),
        options=(
            Option(key="approve", label="Refund", kind="approve", consequence="the money goes out"),
            Option(key="reject", label="Reject", kind="reject", consequence="customer is told why"),
        ),
        action=Action(
            type="payments.refund",
            parameters={"order": order, "amount": amount, "currency": "USD"},
        ),
        agent=Software(name="refund-agent", version="1.4.0"),
        signals={"confidence": 0.62},
        provenance=Provenance(source="support mailbox", at=scanned_at),
    )


async def connect() -> Client:
    """What `overread deliver` signals through."""
    return await Client.connect(os.environ.get("TEMPORAL_ADDRESS", "localhost:7233"))


async def main(order: str) -> None:
    client = await connect()
    refund = await client.start_workflow(
        Refund.run,
        order,
        id=f"refund-{order}",
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    threads = ThreadPoolExecutor(2)
    async with Worker(
        client,
        task_queue=QUEUE,
        workflows=[Refund],
        activities=[ask, pay],
        activity_executor=threads,
    ):
        print(await refund.result())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
