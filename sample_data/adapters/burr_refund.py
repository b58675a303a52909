"""A refund agent in Apache Burr that asks before it pays, and pays once.

    python burr_refund.py A-1009              # runs until its question is on the desk, and ends
    overread review                           # somebody answers, today or next week
    overread deliver burr burr_refund:application --agent refund-agent --once

Everything is in files beside this one: `desk.db` is the desk, `applications.db` Burr's own state.
"""

from __future__ import annotations

import sys

from burr.core import Application, ApplicationBuilder, ApplicationContext, State, action, when
from burr.core.persistence import SQLitePersister

from overread_briefs import Action, Brief, Evidence, Option, Provenance, Software, Step, Trigger
from overread_queue.adapters.burr import Gate, run_on

gate = Gate("desk.db", agent="refund-agent")


@action(reads=[], writes=["order", "amount", "scanned_at"])
def look_up(state: State, __context: ApplicationContext) -> State:
    """The order service, say. Its time goes into the state: the brief must not change."""
    order = __context.app_id.removeprefix("refund-")
    return state.update(order=order, amount=420.0, scanned_at=1_789_470_000_000)


@action(reads=["order", "amount", "scanned_at", "escalation"], writes=["escalation"])
def ask(state: State, __context: ApplicationContext) -> State:
    """Writes into the state which answer to wait for."""
    return gate.ask(state, question(state), __context)


@action(reads=["escalation"], writes=["decision", "approved", "amount"])
def review(state: State, decision: str) -> State:
    """Waits for its input. What comes is a name; the decision itself is read off the desk."""
    found = gate.decided(state, decision)
    amount = float(str(found.action.parameters["amount"]))
    return state.update(decision=found.id, approved=found.releases, amount=amount)


@action(reads=["order", "amount", "decision"], writes=[])
def pay(state: State) -> State:
    """The effect, in an action of its own, under a key that is the same for every attempt."""
    print(f"refunded {state['amount']:.2f} on {state['order']} under {state['decision']}")
    return state


def question(state: State) -> Brief:
    order, amount = state["order"], state["amount"]
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
                as_of=state["scanned_at"],
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
        provenance=Provenance(source="support mailbox", at=state["scanned_at"]),
    )


def application(app_id: str, partition_key: str | None = None) -> Application:
    """What `overread deliver` builds again: the same actions over the same state."""
    persister = SQLitePersister("applications.db")
    persister.initialize()
    return (
        ApplicationBuilder()
        .with_actions(look_up, ask, review, pay)
        .with_transitions(
            ("look_up", "ask"),
            ("ask", "review"),
            ("review", "pay", when(approved=True)),
        )
        .with_identifiers(app_id=app_id, partition_key=partition_key)
        .initialize_from(
            persister, resume_at_next_action=True, default_state={}, default_entrypoint="look_up"
        )
        .with_state_persister(persister)
        .build()
    )


if __name__ == "__main__":
    app = application(f"refund-{sys.argv[1]}")
    run_on(app)
    print(f"asked: {question(app.state).question} ({app.state['escalation']})")
