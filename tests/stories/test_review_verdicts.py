"""A reviewer decides, and the agent that waits gets exactly that. Through both faces."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House, house
from overread_queue.states import EscalationState
from review_desk import submitted
from review_faces import KINDS, open_face

pytestmark = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk(tmp_path: Path) -> House:
    return house(tmp_path)


async def test_an_approval_is_held_then_recorded_then_verified_by_the_agent(
    kind: str, desk: House
) -> None:
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("a")
        await face.token("A-1009")
        with desk.agent() as agent:
            assert agent.poll(ticket.id) is None
            assert agent.status(ticket.id).state is EscalationState.HELD
        assert "held" in face.text()
        await face.later(11)
        assert "ecorded: Approve refund" in face.text()
    with desk.agent() as agent:
        decision = agent.poll(ticket.id)
    assert decision is not None
    assert decision.verdict == "approve"
    assert decision.envelope.reviewer == "ana"
    assert decision.action.parameters["amount"] == 420.0


async def test_what_was_approved_can_be_taken_back_while_it_is_held(kind: str, desk: House) -> None:
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("a")
        await face.token("A-1009")
        await face.key("u")
        assert "nothing was sent" in face.text()
        await face.later(11)
        await face.key("r")
        await face.words("the scan is signed")
    with desk.agent() as agent:
        decision = agent.poll(ticket.id)
    assert decision is not None
    assert (decision.verdict, decision.reason) == ("reject", "the scan is signed")


async def test_a_changed_amount_reaches_the_agent_as_the_action_to_execute(
    kind: str, desk: House
) -> None:
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("m")
        await face.fill("210.5", token="A-1009")
        await face.later(11)
    with desk.agent() as agent:
        decision = agent.poll(ticket.id)
    assert decision is not None
    assert decision.verdict == "modify"
    assert decision.action.parameters == {"order": "A-1009", "amount": 210.5, "currency": "USD"}


async def test_an_amount_beyond_its_bounds_is_refused_and_nothing_is_decided(
    kind: str, desk: House
) -> None:
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("m")
        await face.fill("9000")
        assert "420" in face.text()
        with desk.agent() as agent:
            assert agent.status(ticket.id).state is EscalationState.CLAIMED


async def test_a_question_goes_back_to_the_agent_in_the_reviewers_words(
    kind: str, desk: House
) -> None:
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("i")
        await face.words("who is M. Keller?")
    with desk.agent() as agent:
        decision = agent.poll(ticket.id)
    assert decision is not None
    assert (decision.verdict, decision.reason) == ("need_info", "who is M. Keller?")


async def test_handed_on_it_waits_in_the_senior_pool(kind: str, desk: House) -> None:
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("e")
        await face.words("signature and mail disagree")
    with desk.desk("sam") as senior:
        assert senior.waiting_ids() == (ticket.id,)
        (row,) = senior.rows([ticket.id])
    assert (row.pool, row.hops) == ("seniors", 1)


async def test_a_hard_stop_offers_no_approval_and_can_be_taken_over(kind: str, desk: House) -> None:
    ticket = submitted(desk, action_type="data.erase")
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("a")
        with desk.agent() as agent:
            assert agent.status(ticket.id).state is EscalationState.CLAIMED
        await face.key("t")
        await face.yes()
    with desk.agent() as agent:
        decision = agent.poll(ticket.id)
    assert decision is not None
    assert decision.verdict == "taken_over"
