"""After a session the owner of a brief that was long to read is told, in words of the desk's."""

from __future__ import annotations

from pathlib import Path

import pytest

from blind import arrived, closed, made
from factories import NOON, House, brief, house
from journey import kinds, raw
from overread_queue.clock import ManualClock
from review_faces import KINDS, Face, open_face

both_faces = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path, clock=ManualClock(NOON))


async def long_session(kind: str, face: Face) -> None:
    """One item, read for more than two minutes and given back; then `t`."""
    await face.begin()
    for letter in ("1", "2", "3"):
        await face.later(50)
        await face.key(letter)
        if kind == "screen":
            await face.key("escape")
    await face.key("q")
    assert "hard to read" in face.text()
    await face.key("t")
    assert "owner is told" in face.text()


@both_faces
async def test_its_agent_reads_that_the_brief_was_long_to_read(kind: str, here: House) -> None:
    with here.agent() as queue:
        ticket = queue.submit(brief())
        async with open_face(kind, here) as face:
            await long_session(kind, face)
        (said,) = queue.objections()
    assert (said.reviewer, said.action_type) == ("ana", "payments.refund")
    assert said.reason.endswith("s to read; say first what decides it")
    assert "brief_told" in kinds(here.path, ticket.id)


@both_faces
async def test_of_a_blind_test_nobody_is_told_and_it_looks_the_same(kind: str, here: House) -> None:
    made(here, closed(here))
    test, real = arrived(here)
    with here.agent() as queue:
        queue.withdraw(real)
        async with open_face(kind, here) as face:
            await long_session(kind, face)
        assert queue.objections() == ()
    assert kinds(here.path, test) == []
    with raw(here.path) as db:
        assert db.execute("SELECT count(*) FROM objection").fetchone()[0] == 0


@both_faces
async def test_a_quick_session_offers_nothing(kind: str, here: House) -> None:
    with here.agent() as queue:
        queue.submit(brief())
    async with open_face(kind, here) as face:
        await face.begin()
        await face.key("q")
        assert "hard to read" not in face.text()
