"""Text that is not what it looks like is flagged wherever a person meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import run
from factories import House, brief
from hostile import ACTIVE
from hostile_desk import hostile_house, notify_hostile
from overread_briefs import Action, Recommendation
from overread_console.flow.card import card_of
from overread_queue.clock import SystemClock
from review_desk import submitted
from review_faces import KINDS, open_face, open_screen

PAYPAL = "Pay p\u0430ypal.example $420.00?"
"""Its second letter is Cyrillic."""
MIXED = "mixes Latin and Cyrillic letters"
LONG = "9" * 10_000
"""A parameter that nobody breaks into lines."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk(tmp_path: Path) -> House:
    return hostile_house(tmp_path)


@pytest.mark.parametrize(
    "hidden",
    [
        {"recommendation": Recommendation(option="approve", reason=PAYPAL, confidence=0.5)},
        {"action": Action(type="payments.refund", parameters={"to": PAYPAL})},
        {"action": Action(type="payments.refund", parameters={PAYPAL: 1})},
    ],
    ids=["reason", "value", "name"],
)
def test_the_card_says_so_wherever_in_the_brief_it_stands(
    hidden: dict[str, object], desk: House
) -> None:
    with desk.agent() as agent, desk.desk() as ana:
        ticket = agent.submit(brief().model_copy(update=hidden))
        review = ana.open(ana.claim(ticket.id))
        assert card_of(review, desk.clock.now()).notes == (f"odd text in this brief: {MIXED}",)


async def test_the_list_has_a_sign_and_the_card_the_words(desk: House) -> None:
    submitted(desk, question=PAYPAL)
    async with open_screen(desk, size=(120, 40)) as face:
        assert f"⚠ {PAYPAL}" in face.text()
        await face.begin()
        assert f"odd text in this brief: {MIXED}" in face.text()


async def test_plain_lines_say_so_of_what_else_is_waiting(desk: House) -> None:
    submitted(desk, "one")
    async with open_face("plain", desk) as face:
        submitted(desk, "two", question=PAYPAL)
        await face.key("list")
        assert f"{PAYPAL} " in face.text()
        assert f", odd text: {MIXED}." in face.text()


@pytest.mark.parametrize("kind", KINDS)
async def test_notices_say_so(kind: str, desk: House) -> None:
    submitted(desk)
    notify_hostile(desk, [PAYPAL])
    async with open_face(kind, desk) as face:
        await face.notices()
        assert "⚠ Hide" in face.text()


def test_commands_have_the_sign(tmp_path: Path) -> None:
    desk = hostile_house(tmp_path, clock=SystemClock())
    ticket = submitted(desk, question=PAYPAL, at=desk.clock.now())
    notify_hostile(desk, [PAYPAL])
    assert f"⚠ {PAYPAL}" in run("list", "--db", desk.path).stdout
    assert f"⚠ {PAYPAL}" in run("show", ticket.id, "--db", desk.path).stdout
    assert "⚠ " in run("notices", "--as", "ana", "--db", desk.path).stdout


@pytest.mark.parametrize("kind", KINDS)
async def test_an_endless_parameter_is_shown_to_its_last_character(kind: str, desk: House) -> None:
    long = Action(type="payments.refund", parameters={"note": LONG, "last": ACTIVE})
    with desk.agent() as agent:
        agent.submit(brief().model_copy(update={"action": long}))
    opened = open_screen(desk, size=(80, 200)) if kind == "screen" else open_face(kind, desk)
    async with opened as face:
        if kind == "screen":
            await face.begin()
        await face.key("w" if kind == "screen" else "why")
        assert face.text().count("9") > len(LONG)
        assert "last: ⟪ESC⟫" in face.text()
