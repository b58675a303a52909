"""Shadow review: act at once, be looked at in parallel, take it back unless somebody confirms.

    python sample_data/recipes/shadow_review.py --db desk.db

Only for what can be taken back, and brings the action that does so; anything else has to wait for
an approval. Silence is no confirmation: what nobody confirmed in the window is taken back too.
"""

from __future__ import annotations

import argparse

from overread_briefs import Action, Brief, Evidence, Option, Provenance, Software, Step, Trigger
from overread_briefs.action import Compensation
from overread_queue import AgentQueue

OLD, NEW = "Lindenweg 4, Leipzig", "Seestraße 11, Leipzig"
SEEN_AT = 1_789_470_000_000
SIGNALS = {"confidence": 0.88, "ood": 0.1, "risk": 0.2}


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Change an address, and be ready to change it back."
    )
    parser.add_argument("--db", default="desk.db")
    parser.add_argument("--wait", type=float, default=3600, help="seconds to wait for an answer")
    arguments = parser.parse_args()
    with AgentQueue.open(arguments.db, agent="account-bot") as queue:
        take_back_what_is_due(queue)  # from an earlier run, whatever became of it
        ticket = queue.submit(question(), key="address-B-771")
        if ticket.tier.blocks:
            raise SystemExit(f"this one is {ticket.tier}: nothing may happen before an approval")
        if queue.poll(ticket) is None:  # The question is durable before the world changes.
            write("B-771", NEW, key=ticket.id)
        decision = queue.wait(ticket, timeout=arguments.wait)
        print(f"review: {decision.verdict if decision else 'still open'}")
        take_back_what_is_due(queue)


def take_back_what_is_due(queue: AgentQueue) -> None:
    """Call it in every loop of the agent: a disagreement may come hours later."""
    for due in queue.rollback_due():
        print(f"taking back: {due.verdict}, {due.reason}")
        try:
            undo = due.compensation.parameters
            write(str(undo["account"]), str(undo["address"]), key=f"{due.id}/undo")
        except OSError as failed:
            queue.rolled_back(due.id, ok=False, detail=str(failed))
        else:
            queue.rolled_back(due.id, ok=True)


def write(account: str, address: str, *, key: str) -> None:
    """Where the account would be changed; twice under one key changes it once."""
    print(f"{account} delivers to {address} under {key}")


def change(address: str) -> dict[str, str]:
    return {"account": "B-771", "address": address, "country": "DE"}


def question() -> Brief:
    mail = "Please send it to my new flat."
    return Brief(
        accomplished=(Step(text="Changed the delivery address of B-771"),),
        question="Keep the new delivery address on B-771?",
        triggers=(Trigger(kind="risk", rule="address-before-delivery", signal="risk"),),
        evidence=(
            Evidence(
                id="mail", title="Mail asks for it", content=mail, source="mail", as_of=SEEN_AT
            ),
        ),
        options=(
            Option(key="approve", label="Keep it", kind="approve", consequence="it stays changed"),
        ),
        action=Action(
            type="account.address_change",
            parameters=dict(change(NEW)),
            reversibility="compensable",
            compensation=Compensation(type="account.address_change", parameters=dict(change(OLD))),
        ),
        agent=Software(name="account-bot", version="2.0.1"),
        signals=SIGNALS,
        provenance=Provenance(source="support mailbox", at=SEEN_AT),
    )


if __name__ == "__main__":
    main()
