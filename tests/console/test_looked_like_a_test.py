"""After a session with a blind test its reviewer may say whether anything looked like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from blind import arrived, closed, made
from factories import NOON, House, brief, house
from journey import raw
from overread_queue.clock import ManualClock
from review_faces import KINDS, Face, open_face

both_faces = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path, clock=ManualClock(NOON))


async def session_with_one_answer(face: Face) -> None:
    await face.begin()
    await face.key("r")
    await face.words("the carrier scan is signed")
    await face.key("q")


def answers(here: House) -> list[tuple[int, int]]:
    with raw(here.path) as db:
        rows = db.execute("SELECT seemed, answers FROM probe_noticed").fetchall()
    return [tuple(row) for row in rows]


@both_faces
@pytest.mark.parametrize(("letter", "kept"), [("y", [(1, 1)]), ("n", [(0, 1)])])
async def test_one_key_says_it(kind: str, here: House, letter: str, kept: list[object]) -> None:
    made(here, closed(here))
    _, real = arrived(here)
    with here.agent() as queue:
        queue.withdraw(real)
    async with open_face(kind, here) as face:
        await session_with_one_answer(face)
        assert "look like a test to you?" in face.text()
        await face.key(letter)
        assert "counted once, without your name" in face.text()
    assert answers(here) == kept


@both_faces
async def test_after_a_session_without_a_test_nobody_asks(kind: str, here: House) -> None:
    with here.agent() as queue:
        queue.submit(brief())
    async with open_face(kind, here) as face:
        await session_with_one_answer(face)
        assert "look like a test" not in face.text()
    assert answers(here) == []
