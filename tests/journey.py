"""Steps that many stories about the queue share, on the desks of `factories`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from factories import House
from overread_briefs.canonical import event_sha256
from overread_briefs.fields import Parameters
from overread_queue import ReviewDesk
from overread_queue.audit.verify import verify
from overread_queue.clock import ManualClock
from overread_queue.models import Receipt, Review, Ticket
from overread_queue.places import Places
from overread_queue.states import EscalationState, RunState
from overread_queue.store import Store

# The same driver as the desk's: two copies of SQLite in one process drop each other's file locks.
from overread_queue.store.driver import sqlite3
from overread_queue.store.events import GENESIS
from overread_queue.store.rows import DeliveryRow, EscalationRow, EventRow

UNDO_SECONDS = 10
LEASE_SECONDS = 300


def pass_time(house: House, seconds: float) -> None:
    assert isinstance(house.clock, ManualClock)
    house.clock.advance(seconds=seconds)
    house.catch_up()


def pick_up(desk: ReviewDesk, ticket: Ticket | str) -> Review:
    """Claim one escalation and open it."""
    return desk.open(desk.claim(ticket if isinstance(ticket, str) else ticket.id))


def settle(
    house: House,
    ticket: Ticket | str,
    option: str,
    *,
    reviewer: str = "ana",
    parameters: Parameters | None = None,
    reason: str = "as the policy says",
) -> Receipt:
    """A reviewer claims, decides, and stays until the decision is recorded."""
    with house.desk(reviewer) as desk:
        review = pick_up(desk, ticket)
        receipt = desk.decide(review, option=option, parameters=parameters, reason=reason)
        if receipt.state != "held":
            return receipt
        pass_time(house, UNDO_SECONDS)
        (released,) = desk.release_due()
        return released


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """What anybody with write access to the file can do."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        yield connection
    finally:
        connection.close()


def events(path: Path, escalation: str | None = None) -> list[EventRow]:
    store = Store(path)
    try:
        with store.read() as tx:
            return tx.events.all() if escalation is None else tx.events.of(escalation)
    finally:
        store.close()


def kinds(path: Path, escalation: str | None = None) -> list[str]:
    return [event.kind for event in events(path, escalation)]


def run_moves(path: Path) -> list[tuple[RunState, RunState]]:
    """Every move that some run made, in order."""
    steps = (json.loads(event.detail) for event in events(path) if event.kind == "run")
    return [(RunState(step["from"]), RunState(step["to"])) for step in steps]


def escalation_moves(path: Path) -> list[tuple[EscalationState, EscalationState]]:
    """Every move that some escalation made, in order."""
    details = (json.loads(event.detail) for event in events(path) if event.kind != "run")
    steps = [step for step in details if "from" in step and "to" in step]
    return [(EscalationState(step["from"]), EscalationState(step["to"])) for step in steps]


def row(path: Path, escalation: str) -> EscalationRow:
    store = Store(path)
    try:
        with store.read() as tx:
            found = tx.escalations.get(escalation)
    finally:
        store.close()
    assert found is not None
    return found


def delivery(path: Path, escalation: str) -> DeliveryRow:
    store = Store(path)
    try:
        with store.read() as tx:
            found = tx.decisions.delivery(escalation, 1)
    finally:
        store.close()
    assert found is not None
    return found


def assert_chain_whole(path: Path) -> None:
    """Every hash covers its event and the hash before it, without gaps, from the first one on; and
    the examination finds that the tables say what the events say."""
    previous = GENESIS
    for number, event in enumerate(events(path), start=1):
        assert (event.seq, event.previous) == (number, previous)
        body: Parameters = {
            "seq": event.seq,
            "at": event.at,
            "actor": event.actor,
            "kind": event.kind,
            "agent": event.agent,
            "run": event.run,
            "escalation": event.escalation,
            "detail": json.loads(event.detail),
        }
        assert event.hash == event_sha256(previous, body)
        previous = event.hash
    assert verify(Places.of(path)).damage == ()
