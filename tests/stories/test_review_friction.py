"""What an approval asks, told in both faces: the same steps, the same refusals, the same effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import POLICY, House, house
from frictionless import with_friction
from overread_queue.states import EscalationState
from review_desk import state_of, submitted
from review_faces import KINDS, open_face

both_faces = pytest.mark.parametrize("kind", KINDS)

WRONG_IF = "the signature on the scan turns out to be the customer's own"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def strict(tmp_path: Path) -> House:
    """A desk whose approvals ask for everything there is."""
    policy = with_friction(
        POLICY,
        floor_irreversible="30s",
        read_contradictions=True,
        withhold_from="high",
        challenge_from="high",
    )
    return house(tmp_path, policy=policy)


@both_faces
async def test_an_approval_that_has_earned_itself_reaches_the_agent(
    kind: str, strict: House
) -> None:
    ticket = submitted(strict)
    async with open_face(kind, strict) as face:
        await face.begin()
        assert "loyal customer" not in face.text()
        await face.judge("r", "2")
        assert "it suggests" in face.text() or "The AI suggests" in face.text()
        await face.key("1")
        if kind == "screen":
            await face.key("escape")
        await face.later(30)
        await face.key("a")
        await face.challenge("1", WRONG_IF, "the neighbour has kept the parcel")
        await face.token("A-1009")
        assert state_of(strict, ticket) is EscalationState.HELD
        await face.later(11)
    with strict.agent() as agent:
        decision = agent.poll(ticket.id)
    assert decision is not None
    assert decision.verdict == "approve"


@both_faces
async def test_an_approval_without_any_of_it_stays_undecided_and_says_what_is_missing(
    kind: str, strict: House
) -> None:
    ticket = submitted(strict)
    async with open_face(kind, strict) as face:
        await face.begin()
        await face.key("a")
        for words in ("1 contradiction unread (1)", "your own judgement (j)"):
            assert words in face.text()
        assert state_of(strict, ticket) is EscalationState.CLAIMED


@both_faces
@pytest.mark.parametrize(("letter", "verdict"), [("r", "reject"), ("i", "need_info")])
async def test_whatever_is_no_approval_never_waits(
    kind: str, letter: str, verdict: str, strict: House
) -> None:
    ticket = submitted(strict)
    async with open_face(kind, strict) as face:
        await face.begin()
        await face.key(letter)
        await face.words("the scan is signed")
    with strict.agent() as agent:
        decision = agent.poll(ticket.id)
    assert decision is not None
    assert decision.verdict == verdict


@both_faces
async def test_a_challenge_that_says_nothing_is_refused_by_name(kind: str, strict: House) -> None:
    ticket = submitted(strict)
    async with open_face(kind, strict) as face:
        await face.begin()
        await face.judge("a", "3")
        await face.key("1")
        if kind == "screen":
            await face.key("escape")
        await face.later(30)
        await face.key("a")
        await face.challenge("1", "bad scan")
        assert "too short" in face.text()
        assert state_of(strict, ticket) is EscalationState.CLAIMED


@both_faces
async def test_a_token_that_is_not_exact_approves_nothing(kind: str, tmp_path: Path) -> None:
    easy = house(tmp_path)
    ticket = submitted(easy)
    async with open_face(kind, easy) as face:
        await face.begin()
        await face.key("a")
        await face.token("a-1009")
        assert "A-1009, exactly" in face.text()
        assert state_of(easy, ticket) is EscalationState.CLAIMED


@both_faces
async def test_a_stopped_agent_is_told_and_its_items_cannot_be_approved(
    kind: str, tmp_path: Path
) -> None:
    easy = house(tmp_path)
    ticket = submitted(easy)
    async with open_face(kind, easy) as face:
        await face.begin()
        with easy.desk("ben") as ben:
            ben.stop("refund-agent", reason="it pays twice")
        await face.later(11)
        await face.key("a")
        assert "refund-agent was stopped by ben: it pays twice" in face.text()
        assert state_of(easy, ticket) is EscalationState.CLAIMED
        await face.key("r")
        await face.words("not while it is stopped")
        assert state_of(easy, ticket) is EscalationState.DECIDED


@both_faces
async def test_a_session_that_has_had_its_time_ends_by_itself_and_gives_the_rest_back(
    kind: str, tmp_path: Path
) -> None:
    short = house(tmp_path, policy=with_friction(POLICY, session_longest="1m"))
    tickets = [submitted(short, key) for key in ("one", "two")]
    async with open_face(kind, short) as face:
        await face.begin()
        for _ in range(3):
            await face.later(30)
            await face.key("2")
        if kind == "screen":
            await face.key("escape")
        await face.key("r")
        await face.words("not covered")
        text = " ".join(face.text().split())
        assert "his session is over, and what is left went back" in text
        assert "rejected 1" in text
    states = sorted(state_of(short, ticket) for ticket in tickets)
    assert states == [EscalationState.DECIDED, EscalationState.WAITING]
