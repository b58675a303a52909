"""A refund agent in DBOS that asks before it pays, and pays once.

    python dbos_refund.py A-1009              # asks and waits, and goes on if it was killed
    overread review                           # somebody answers, today or next week
    overread deliver dbos dbos_refund:client --agent refund-agent

Everything is in files beside this one: `desk.db` is the desk, `workflows.db` the workflows of DBOS.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from dbos import DBOS, DBOSClient, DBOSConfig, SetWorkflowID

from overread_briefs import Action, Brief, Evidence, Option, Provenance, Software, Step, Trigger
from overread_queue.adapters.dbos import Gate

WORKFLOWS = "sqlite:///workflows.db"
gate = Gate("desk.db", agent="refund-agent")


@dataclass(frozen=True)
class Order:
    name: str
    amount: float
    scanned_at: int


@DBOS.step()
def look_up(name: str) -> Order:
    """The order service, say. Its time is in what it returns: the brief must not change."""
    return Order(name, 420.0, 1_789_470_000_000)


@DBOS.workflow()
def refund(name: str) -> str:
    """Waits in the middle, for seconds or days, whatever dies in between."""
    decision = gate.escalate(question(look_up(name)))
    if not decision.releases:
        return f"nothing was refunded on {name}: {decision.verdict}"
    return pay(name, float(str(decision.action.parameters["amount"])), decision.id)


@DBOS.step()
def pay(name: str, amount: float, key: str) -> str:
    """The effect, in a step of its own, under a key that is the same for every attempt."""
    return f"refunded {amount:.2f} on {name} under {key}"


def question(order: Order) -> Brief:
    return Brief(
        accomplished=(Step(text="Read the order"), Step(text="Asked the carrier for the scan")),
        question=f"Refund ${order.amount:.2f} on order {order.name}?",
        triggers=(Trigger(kind="policy", rule="refunds-need-approval", signal="amount"),),
        evidence=(
            Evidence(
                id="carrier-scan",
                title="Carrier: delivered, signed by a neighbour",
                content="2026-09-15 10:20 DELIVERED, signed M. Keller",
                source="carrier",
                as_of=order.scanned_at,
                stance="contradicts",
            ),
        ),
        options=(
            Option(key="approve", label="Refund", kind="approve", consequence="the money goes out"),
            Option(key="reject", label="Reject", kind="reject", consequence="customer is told why"),
        ),
        action=Action(
            type="payments.refund",
            parameters={"order": order.name, "amount": order.amount, "currency": "USD"},
        ),
        agent=Software(name="refund-agent", version="1.4.0"),
        signals={"confidence": 0.62},
        provenance=Provenance(source="support mailbox", at=order.scanned_at),
    )


def client() -> DBOSClient:
    """What `overread deliver` sends the answers through."""
    return DBOSClient(system_database_url=WORKFLOWS, retry_connection_errors=False)


if __name__ == "__main__":
    config: DBOSConfig = {
        "name": "refund-agent",
        "system_database_url": WORKFLOWS,
        "application_version": "1",  # otherwise a change of code leaves those that wait behind
        "run_admin_server": False,
        "log_level": "ERROR",
    }
    DBOS(config=config)
    DBOS.launch()
    with SetWorkflowID(f"refund-{sys.argv[1]}"):
        print(DBOS.start_workflow(refund, sys.argv[1]).get_result())
    DBOS.destroy()
