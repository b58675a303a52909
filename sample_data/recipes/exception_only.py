"""Exception-only routing: the agent works alone, and people see the exceptions and a sample.

    overread init --db desk.db --policy sample_data/recipes/exception_only.toml
    overread agents add tag-agent --action listing.tag --db desk.db
    python sample_data/recipes/exception_only.py --db desk.db

Two things bring a listing before people: the agent's anomaly score, before it acts, and a random
draw, afterwards. The draw is made on the desk's side under a key that no agent has, so that no
agent can see or avoid it.
"""

from __future__ import annotations

import argparse

from overread_briefs import Action, Brief, Evidence, Option, Provenance, Software, Step, Trigger
from overread_queue import AgentQueue
from overread_queue.errors import NotApproved, Replayed
from overread_queue.models import Proposal

AGENT = Software(name="tag-agent", version="3.1.0")
LISTINGS = {"L-101": 0.08, "L-102": 0.13, "L-103": 0.97, "L-104": 0.21, "L-105": 0.05}
"""Each with its anomaly score."""
SEEN_AT = 1_789_470_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description="Tag listings, and ask about the odd ones.")
    parser.add_argument("--db", default="desk.db")
    parser.add_argument("--wait", type=float, default=3600, help="seconds to wait for an answer")
    arguments = parser.parse_args()
    with AgentQueue.open(arguments.db, agent=AGENT.name) as queue:
        for listing, anomaly in LISTINGS.items():
            # Every action is proposed: what is not proposed cannot be drawn, and was not logged.
            verdict = queue.propose(tag(listing), signals={"anomaly": anomaly}, software=AGENT)
            if verdict.may_act:
                write(listing, key=verdict.id)
            else:
                ask(queue, listing, verdict, anomaly, wait=arguments.wait)


def ask(queue: AgentQueue, listing: str, verdict: Proposal, anomaly: float, *, wait: float) -> None:
    """The exception: it waits for a person like any other approval."""
    print(f"{listing}: {verdict.tier}, {', '.join(verdict.rules)}")
    brief = question(listing, anomaly)
    ticket = queue.submit(brief, proposal=verdict.id, key=f"tag-{listing}")
    if queue.wait(ticket, timeout=wait) is None:
        print(f"{listing}: nobody has answered yet")
        return
    try:
        with queue.resume(ticket) as go:
            write(listing, key=go.decision.id)
    except NotApproved as no:
        print(f"{listing}: left alone, {no.decision.reason}")
        queue.acknowledge(ticket)
    except Replayed:
        print(f"{listing}: tagged before")


def write(listing: str, *, key: str) -> None:
    """Where the listing would be changed."""
    print(f"{listing}: tagged under {key}")


def tag(listing: str) -> Action:
    return Action(
        type="listing.tag",
        parameters={"listing": listing, "tags": ["outdoor", "stove"]},
        reversibility="reversible",
    )


def question(listing: str, anomaly: float) -> Brief:
    title = f"Scores {anomaly:.2f}; others stay below 0.30"
    return Brief(
        accomplished=(Step(text="Compared it with 4,000 listings"),),
        question=f"Tag {listing} as outdoor stove?",
        triggers=(Trigger(kind="anomaly", rule="unlike-the-rest", signal="anomaly"),),
        evidence=(Evidence(id="score", title=title, content=title, source="model", as_of=SEEN_AT),),
        options=(
            Option(key="approve", label="Tag it", kind="approve", consequence="it is tagged now"),
        ),
        action=tag(listing),
        agent=AGENT,
        signals={"anomaly": anomaly},
        provenance=Provenance(source="catalogue", at=SEEN_AT),
    )


if __name__ == "__main__":
    main()
