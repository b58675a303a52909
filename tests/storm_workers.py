"""Processes that ask and answer as fast as they can, all on one file."""

from __future__ import annotations

from pathlib import Path

from factories import brief
from nursery import serve
from overread_queue import AgentQueue, ReviewDesk

TEMPLATE = brief().to_bytes().decode()


def work(name: str, db: str, done: str, reviewer: str) -> None:
    """Without end: one line for each question that was asked, claimed and answered."""
    with (
        AgentQueue.open(db, agent="refund-agent") as queue,
        ReviewDesk.open(db, reviewer=reviewer) as desk,
        Path(done).open("a", buffering=1, encoding="utf-8") as log,
    ):
        number = 0
        while True:
            number += 1
            key = f"{name}-{number}"
            ticket = queue.submit(TEMPLATE.replace("A-1009", key), key=key)
            look = desk.open(desk.claim(ticket.id))
            desk.decide(look, option="reject", reason="not covered")
            log.write(f"{ticket.id}\n")


if __name__ == "__main__":
    serve(work)
