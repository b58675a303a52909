"""An item that cannot be opened costs the reviewer one sentence, and not the session."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House, brief, house
from overread_console.flow.review_flow import ReviewFlow
from overread_queue.errors import LeaseLost, StoreError
from overread_queue.models import Ticket
from overread_queue.states import EscalationState
from overread_queue.store.driver import sqlite3
from review_faces import KINDS, manual, open_face, open_screen


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk(tmp_path: Path) -> House:
    return house(tmp_path)


def submitted(desk: House, key: str, question: str, action_type: str = "payments.refund") -> Ticket:
    with desk.agent() as agent:
        return agent.submit(brief(question, action_type=action_type), key=key)


def tampered(desk: House, ticket: Ticket) -> None:
    """Somebody edits the brief in the database, past every trigger."""
    forged = brief("Refund $4.20 on order A-1009?", amount=4.2).to_bytes()
    connection = sqlite3.connect(desk.path, isolation_level=None)
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'payload'"
    ).fetchall()
    for (name,) in names:
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute("UPDATE payload SET brief = ? WHERE escalation = ?", (forged, ticket.id))
    connection.close()


def state_of(desk: House, ticket: Ticket) -> EscalationState:
    with desk.agent() as agent:
        return agent.status(ticket.id).state


@pytest.mark.parametrize("kind", KINDS)
async def test_the_session_goes_on_with_the_next_item(kind: str, desk: House) -> None:
    edited = submitted(desk, "one", "Send the apology?", "mail.send")  # due first
    sound = submitted(desk, "two", "Refund the stove?")
    tampered(desk, edited)
    async with open_face(kind, desk) as face:
        await face.begin()
        assert "it cannot be opened" in face.text()
        assert "Refund the stove?" in face.text()
        assert state_of(desk, edited) is EscalationState.WAITING
        await face.key("r")
        await face.words("not covered")
    assert state_of(desk, sound) is EscalationState.DECIDED


async def test_taking_one_that_cannot_be_opened_says_why_and_gives_it_back(desk: House) -> None:
    edited = submitted(desk, "one", "Refund the tent?")
    tampered(desk, edited)
    async with open_screen(desk) as face:
        await face.press("o")
        assert "it cannot be opened" in face.text()
        assert "start session" in face.text()
    assert state_of(desk, edited) is EscalationState.WAITING


def test_a_start_that_fails_keeps_no_session(desk: House) -> None:
    ticket = submitted(desk, "one", "Refund the tent?")
    flow = ReviewFlow(desk.desk("ana"), desk.clock)
    with desk.desk("ben") as colleague:
        colleague.claim(ticket.id)
        with pytest.raises(LeaseLost):
            flow.take(ticket.id)
    assert not flow.scene.in_session
    flow.close()


def test_a_store_that_fails_between_two_items_costs_neither(
    desk: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(desk, "one", "Refund the tent?")
    submitted(desk, "two", "Refund the stove?")
    flow = ReviewFlow(desk.desk("ana"), desk.clock)
    flow.start()
    first = flow.scene.review
    with monkeypatch.context() as patch:
        patch.setattr(flow.desk, "_open_item", failing)
        with pytest.raises(StoreError):
            flow.skip()
    manual(desk).advance(seconds=1)
    flow.tick()
    assert first is not None
    assert flow.scene.review is not None
    assert flow.scene.review.id != first.id
    flow.close()


def failing(_: object) -> None:
    raise StoreError("the desk is locked by another program")
