"""Confidence-based escalation: what the agent is sure of goes ahead, the rest waits.

    python sample_data/recipes/confidence_escalation.py --db desk.db

The threshold is the policy's. This program sends its numbers and does what the answer says, so that
moving the line is a change of policy, signed and recorded, and no change of the agent.
"""

from __future__ import annotations

import argparse

from overread_briefs import Action, Brief, Evidence, Option, Provenance, Software, Step, Trigger
from overread_briefs.action import Compensation
from overread_queue import AgentQueue
from overread_queue.errors import NotApproved, Replayed

CASES = {"C-20881": (12.0, 0.93), "C-55410": (15.0, 0.41)}
"""Customer, credit in euros, and how sure the agent is that the parcel was late."""
SEEN_AT = 1_789_470_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description="Credit goodwill for late parcels.")
    parser.add_argument("--db", default="desk.db")
    parser.add_argument("--wait", type=float, default=3600, help="seconds to wait for an answer")
    arguments = parser.parse_args()
    with AgentQueue.open(arguments.db, agent="refund-agent") as queue:
        for customer, (amount, confidence) in CASES.items():
            queue.slow_down("payments.goodwill_credit")  # costs nothing while the desk has room
            credit_or_ask(queue, customer, amount, confidence, wait=arguments.wait)


def credit_or_ask(
    queue: AgentQueue, customer: str, amount: float, confidence: float, *, wait: float
) -> None:
    signals = {"confidence": confidence, "ood": 0.1}
    verdict = queue.propose(credit(customer, amount), signals=signals, data_class="internal")
    because = ", ".join(verdict.rules) or "no rule objects"
    print(f"{customer}: {verdict.tier} ({because})")
    brief = question(customer, amount, signals)
    ticket = queue.submit(brief, proposal=verdict.id, key=f"goodwill-{customer}")
    if not ticket.tier.blocks:  # Tentative: see shadow_review.py for what a disagreement does.
        pay(customer, amount, key=ticket.id)
        return
    if queue.wait(ticket, timeout=wait) is None:
        print(f"{customer}: nobody has answered yet")
        return
    try:
        with queue.resume(ticket) as go:
            pay(customer, go.action.parameters["amount_total"], key=go.decision.id)
    except NotApproved as no:
        print(f"{customer}: left alone, {no.decision.reason}")
        queue.acknowledge(ticket)
    except Replayed:
        print(f"{customer}: credited before")


def pay(customer: str, amount: object, *, key: str) -> None:
    """Where the ledger would be called."""
    print(f"{customer}: credited {amount} EUR under {key}")


def credit(customer: str, amount: float) -> Action:
    undo = Compensation(type="payments.goodwill_cancel", parameters={"customer": customer})
    return Action(
        type="payments.goodwill_credit",
        parameters={"customer": customer, "amount_total": amount},
        reversibility="compensable",
        compensation=undo,
    )


def question(customer: str, amount: float, signals: dict[str, float]) -> Brief:
    stated = f"Parcel of {customer} took nine days"
    yes = Option(key="approve", label="Credit", kind="approve", consequence="it is credited now")
    return Brief(
        accomplished=(Step(text="Compared promised and actual day of delivery"),),
        question=f"Credit {amount:.0f} EUR goodwill to {customer}?",
        triggers=(Trigger(kind="confidence", rule="late-parcels", signal="confidence"),),
        evidence=(
            Evidence(id="parcel", title=stated, content=stated, source="carrier", as_of=SEEN_AT),
        ),
        options=(yes,),
        action=credit(customer, amount),
        agent=Software(name="refund-agent", version="1.4.0"),
        signals=signals,
        provenance=Provenance(source="parcel tracking", at=SEEN_AT),
    )


if __name__ == "__main__":
    main()
