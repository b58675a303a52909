"""Approval gate: nothing happens until somebody has said yes.

    python sample_data/recipes/approval_gate.py --db desk.db

Run it again after a crash, or the next day: the key finds the same question, and what was done is
not done twice.
"""

from __future__ import annotations

import argparse
import time

from overread_briefs import Action, Brief, Evidence, Option, Provenance, Software, Step, Trigger
from overread_queue import AgentQueue
from overread_queue.errors import Backpressure, NotApproved, Replayed
from overread_queue.models import Ticket

KEY = "refund-A-1009"
SCANNED_AT = 1_789_470_000_000
"""Taken from the case, never the time of this run: the same key must come with the same bytes."""


def main() -> None:
    arguments = parsed()
    with AgentQueue.open(arguments.db, agent="refund-agent") as queue:
        ticket = ask(queue)
        if queue.wait(ticket, timeout=arguments.wait) is None:
            raise SystemExit("nobody has answered yet: run me again")
        try:
            with queue.resume(ticket) as go:  # once, under a lease; a crash inside gives it back
                pay(**go.action.parameters, idempotency_key=go.decision.id)
        except NotApproved as no:
            print(f"not refunded: {no.decision.verdict}, {no.decision.reason}")
            queue.acknowledge(ticket)
        except Replayed:
            print("refunded before")


def ask(queue: AgentQueue) -> Ticket:
    """Durable when it returns. A full desk says when to come back, and nothing was recorded."""
    while True:
        try:
            return queue.submit(question(), key=KEY, checkpoint={"next": "pay"})
        except Backpressure as full:
            time.sleep(full.retry_after)


def pay(*, order: str, amount: float, currency: str, idempotency_key: str) -> None:
    """Where the bank would be called. Pass the key on: it is the same for every attempt."""
    print(f"refunded {amount:.2f} {currency} for {order} under {idempotency_key}")


def question() -> Brief:
    return Brief(
        accomplished=(Step(text="Read the order"), Step(text="Asked the carrier for the scan")),
        question="Refund $420.00 on order A-1009?",
        triggers=(Trigger(kind="policy", rule="refunds-need-approval", signal="amount"),),
        evidence=(
            Evidence(
                id="carrier-scan",
                title="Carrier: delivered, signed by a neighbour",
                content="2026-09-15 10:20 DELIVERED, signed M. Keller",
                source="carrier",
                as_of=SCANNED_AT,
                stance="contradicts",
            ),
        ),
        options=(
            Option(key="approve", label="Refund", kind="approve", consequence="$420.00 goes out"),
            Option(key="reject", label="Reject", kind="reject", consequence="customer is told why"),
        ),
        action=Action(
            type="payments.refund",
            parameters={"order": "A-1009", "amount": 420.0, "currency": "USD"},
        ),
        agent=Software(name="refund-agent", version="1.4.0"),
        signals={"confidence": 0.62},
        provenance=Provenance(source="support mailbox", at=SCANNED_AT),
    )


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Ask before refunding.")
    parser.add_argument("--db", default="desk.db")
    parser.add_argument("--wait", type=float, default=3600, help="seconds to wait for an answer")
    return parser.parse_args()


if __name__ == "__main__":
    main()
