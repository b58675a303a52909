"""Endless work for processes that will be killed. Each says in a file of its own what it has done,
in lines that count only when they are whole."""

from __future__ import annotations

import io
import os
import random
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TextIO

from factories import brief
from fast_clock import FastClock
from journey import raw
from nursery import serve
from overread_console.plain.face import run
from overread_queue import AgentQueue, ReviewDesk
from overread_queue.clock import new_id
from overread_queue.errors import OverreadError
from overread_queue.models import Item, Receipt, Review
from overread_queue.states import EscalationState

TIMES = 30
"""How much faster time passes."""
CLOCK = FastClock(TIMES)
PAUSE = 0.01
FLOOR = 6
"""Seconds of the fast clock that an approval asks for."""
TEMPLATE = brief().to_bytes().decode()
TYPED = ("r", "not covered by the policy", "1", "2", "a", "A-1009", "j", "y", "", "?", "u")
"""What somebody at the plain console may type, in any order."""


def submit(db: Path, said: TextIO, name: str) -> None:
    """An agent that asks one question after the other, as long as there is room."""
    with AgentQueue.open(db, agent="refund-agent", clock=CLOCK) as queue:
        while True:
            key = f"{name}-{new_id(CLOCK.now())}"
            with suppress(OverreadError):
                ticket = queue.submit(TEMPLATE.replace("A-1009", key), key=key, checkpoint=key)
                said.write(f"submitted {ticket.id}\n")
            time.sleep(PAUSE)


def insert(db: Path, said: TextIO, name: str) -> None:
    """Another program, which writes to the inbox."""
    with raw(db) as connection:
        connection.execute("PRAGMA busy_timeout = 60000")
        while True:
            key = f"{name}-{new_id(CLOCK.now())}"
            connection.execute(
                "INSERT INTO inbox (agent, key, body, checkpoint) VALUES (?, ?, ?, ?)",
                ("refund-agent", key, TEMPLATE.replace("A-1009", key), f'"{key}"'),
            )
            said.write(f"sent {key}\n")
            time.sleep(20 * PAUSE)


def sweep(db: Path, said: TextIO, name: str) -> None:
    """What time does, and the inbox's intake."""
    with ReviewDesk.open(db, reviewer=name, clock=CLOCK) as desk:
        while True:
            desk.sweep()
            time.sleep(PAUSE)


def decide(db: Path, said: TextIO, name: str) -> None:
    """A reviewer who earns every approval, and says how much before holding it."""
    with ReviewDesk.open(db, reviewer=name, clock=CLOCK) as desk:
        while True:
            for item in desk.start_session(max_items=2).items:
                with suppress(OverreadError):
                    tell(said, _answered(desk, said, item))
            for receipt in desk.release_due():
                tell(said, receipt)
            time.sleep(PAUSE)


def tell(said: TextIO, receipt: Receipt) -> None:
    if receipt.state == "recorded":
        said.write(f"recorded {receipt.escalation}\n")


def _answered(desk: ReviewDesk, said: TextIO, item: Item) -> Receipt:
    review = desk.open(item)
    if random.random() < 0.2:
        return desk.decide(review, option="reject", reason="not covered")
    _earn(desk, review)
    cents = random.randrange(1, 42_000)
    said.write(f"chose {item.id} {cents}\n")
    return desk.decide(review, option="change", parameters={"amount": cents / 100})


def _earn(desk: ReviewDesk, review: Review) -> None:
    """Everything that an approval asks for, also where an earlier look did a part of it."""
    desk.evidence_opened(review, "carrier-scan")
    if review.judgement is None:
        review = desk.judge(review, option="change", confidence="low")
    if review.challenge is None:
        why = f"the scan of the parcel turns out to belong to {review.item.id}"
        review = desk.challenge(review, weakest="carrier-scan", wrong_if=why)
    while desk.standing(review).seconds_left > 0:
        time.sleep(PAUSE)
        desk.active(review)


class Typist(io.StringIO):
    """Somebody who types anything."""

    def readline(self, size: int | None = -1, /) -> str:
        time.sleep(2 * PAUSE)
        return random.choice(TYPED) + "\n"


def type_away(db: Path, said: TextIO, name: str) -> None:
    """The real console, line by line."""
    with Path(os.devnull).open("w") as nowhere:
        while True:
            run(db, reviewer=name, stdin=Typist(), stdout=nowhere, clock=CLOCK)
            time.sleep(PAUSE)


def resume(db: Path, said: TextIO, name: str) -> None:
    """An agent that carries out whatever was approved."""
    with AgentQueue.open(db, agent="refund-agent", clock=CLOCK) as queue:
        while True:
            for row in queue.escalations(EscalationState.DECIDED, limit=50):
                with suppress(OverreadError):
                    with queue.resume(row.id) as go:
                        assert go.checkpoint == go.action.parameters["order"]
                        said.write(f"acted {row.id}\n")
                    said.write(f"completed {row.id}\n")
            time.sleep(PAUSE)


WORKERS: tuple[tuple[str, Callable[[Path, TextIO, str], None]], ...] = (
    ("asker", submit),
    ("sender", insert),
    ("ana", decide),
    ("ben", decide),
    ("cem", type_away),
    ("olga", sweep),
    ("doer-1", resume),
    ("doer-2", resume),
)


def work(place: str, db: str, said: str) -> None:
    name, task = WORKERS[int(place)]
    with closing(Path(said).open("a", buffering=1, encoding="utf-8")) as log:
        task(Path(db), log, name)


if __name__ == "__main__":
    serve(work)
