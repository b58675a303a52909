"""The desk and the card as a person at the screen meets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House, house
from overread_queue.states import EscalationState
from review_desk import state_of, submitted
from review_faces import KINDS, open_face, open_screen

both_faces = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk(tmp_path: Path) -> House:
    return house(tmp_path)


async def test_new_arrivals_wait_for_the_reviewer_to_ask_for_them(desk: House) -> None:
    submitted(desk, "one", question="Refund the first order?")
    async with open_screen(desk) as face:
        assert "Refund the first order?" in face.text()
        submitted(desk, "two", question="Refund the second order?")
        await face.until("1 new · press r")
        assert "Refund the second order?" not in face.text()
        await face.press("r")
        assert "Refund the second order?" in face.text()
        await face.later(1)
        assert "press r" not in face.text()


async def test_an_empty_desk_says_so_and_fills_by_itself(desk: House) -> None:
    async with open_screen(desk) as face:
        assert "Nothing is waiting" in face.text()
        submitted(desk, question="Refund the first order?")
        await face.until("Refund the first order?")


async def test_the_filter_finds_by_words_and_esc_shows_all_again(desk: House) -> None:
    submitted(desk, "one", question="Refund the tent?")
    submitted(desk, "two", question="Refund the stove?")
    async with open_screen(desk) as face:
        await face.press("slash", *"stove")
        assert "Refund the tent?" not in face.text()
        assert "Refund the stove?" in face.text()
        await face.press("escape")
        assert "Refund the tent?" in face.text()


async def test_the_most_urgent_item_can_be_taken_at_once(desk: House) -> None:
    submitted(desk, "calm")
    urgent = submitted(desk, "mail", action_type="mail.send", question="Send the apology?")
    async with open_screen(desk) as face:
        await face.later(40 * 60)
        await face.press("r")
        assert "▲ 1" in face.text()
        await face.press("u")
        assert "item 1 of 1" in face.text()
        assert "Send the apology?" in face.text()
        assert state_of(desk, urgent) is EscalationState.CLAIMED


async def test_an_approval_taken_back_after_the_session_is_on_show_again(desk: House) -> None:
    ticket = submitted(desk)
    async with open_screen(desk) as face:
        await face.begin()
        await face.key("a")
        await face.token("A-1009")
        await face.key("q")
        await face.press("enter")
        assert "U takes it back" in face.text()
        await face.press("U")
        assert "Refund $420.00" in face.text()
        assert state_of(desk, ticket) is EscalationState.CLAIMED


async def test_leaving_records_what_is_held_before_the_console_closes(desk: House) -> None:
    ticket = submitted(desk)
    async with open_screen(desk) as face:
        await face.begin()
        await face.key("a")
        await face.token("A-1009")
        await face.key("q")
        await face.press("enter", "q")
        assert "leaving once it is recorded" in face.text()
        await face.later(11)
    assert state_of(desk, ticket) is EscalationState.DECIDED


async def test_two_consoles_at_once_never_show_the_same_item(desk: House) -> None:
    submitted(desk, "one", question="Refund the tent?")
    async with open_screen(desk, "ana") as first:
        await first.begin()
        submitted(desk, "two", question="Refund the stove?")
        async with open_face("plain", desk, "ben") as second:
            assert "Refund the tent?" in first.text()
            assert "Refund the stove?" in second.text()
            assert "Refund the tent?" not in second.text()


async def test_a_click_on_an_option_is_its_key(desk: House) -> None:
    submitted(desk)
    async with open_screen(desk) as face:
        await face.begin()
        await face.later(1)
        row = next(n for n, line in enumerate(face.lines()) if line.startswith(" r  Reject"))
        await face.pilot.click(offset=(5, row))
        await face.settle()
        assert "Your reason goes to the agent" in face.text()


async def test_the_palette_finds_a_command_by_its_words(desk: House) -> None:
    ticket = submitted(desk)
    async with open_screen(desk) as face:
        await face.begin()
        await face.key("ctrl+p")
        await face.press(*"skip")
        await face.until("Give it back for somebody else")
        await face.press("enter")
        await face.until("given back")
    assert state_of(desk, ticket) is EscalationState.WAITING


async def test_a_key_that_comes_with_the_card_decides_nothing(desk: House) -> None:
    ticket = submitted(desk)
    async with open_screen(desk) as face:
        await face.press("enter")
        await face.press("a")
        assert "press a again" in face.text()
        assert state_of(desk, ticket) is EscalationState.CLAIMED


async def test_evidence_stands_beside_the_card_where_there_is_room(desk: House) -> None:
    submitted(desk)
    async with open_screen(desk, size=(120, 40)) as face:
        await face.begin()
        text = face.text()
        assert "approve refund" in text.lower()
        assert "2026-08-12 14:03 DELIVERED" in text


async def test_help_names_the_keys_of_this_item_in_its_own_words(desk: House) -> None:
    submitted(desk)
    async with open_screen(desk, size=(100, 50)) as face:
        await face.begin()
        await face.key("?")
        for words in ("Reject: customer is told no", "Take back the last approval", "masked"):
            assert words in face.text()
        assert "Take the whole task over" not in face.text()


@both_faces
@pytest.mark.parametrize(
    ("action_type", "letter", "why"),
    [
        ("payments.refund", "t", "only a hard stop can be taken over"),
        ("data.erase", "a", "a hard stop cannot be approved"),
        ("data.erase", "m", "take over, hand back or abandon"),
    ],
)
async def test_a_letter_that_is_no_option_here_says_why(
    kind: str, action_type: str, letter: str, why: str, desk: House
) -> None:
    ticket = submitted(desk, action_type=action_type)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key(letter)
        assert why in face.text()
        assert state_of(desk, ticket) is EscalationState.CLAIMED


@both_faces
async def test_a_hard_stop_is_handed_back_with_instructions(kind: str, desk: House) -> None:
    ticket = submitted(desk, action_type="data.erase")
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("i")
        assert "What should the agent do instead? Your instructions go to it." in face.text()
        await face.words("Archive it instead")
    with desk.agent() as agent:
        decision = agent.poll(ticket.id)
    assert decision is not None
    assert (decision.verdict, decision.reason) == ("need_info", "Archive it instead")


async def test_what_is_held_stays_in_sight_beside_a_remark(desk: House) -> None:
    submitted(desk, "one")
    submitted(desk, "two")
    async with open_screen(desk) as face:
        await face.begin()
        await face.key("m")
        await face.fill("210.5", token="A-1009")
        await face.key("9")
        assert "s (u) · there is no evidence 9 on this item" in face.text()
        await face.later(2)
        assert "held 7 s (u) · there is no evidence 9 on this item" in face.text()


async def test_the_header_shows_the_pace_of_a_session(desk: House) -> None:
    submitted(desk, "one")
    submitted(desk, "two")
    async with open_screen(desk) as face:
        await face.begin()
        assert "item 1 of 2 · 0 of 6 min" in face.text()
        await face.later(130)
        assert "item 1 of 2 · 2 of 6 min" in face.text()


async def test_a_filter_wants_every_word_and_says_when_nothing_has_them(desk: House) -> None:
    submitted(desk, "one", question="Refund the tent to Ada?")
    submitted(desk, "two", question="Refund the stove?")
    async with open_screen(desk) as face:
        await face.press("slash", *"ada", "space", *"refund")
        await face.until("Refund the tent to Ada?")
        await face.later(1)
        assert "Refund the stove?" not in face.text()
        await face.press("space", "x", "q")
        await face.until("nothing matches 'ada refund xq' · esc clears")
        await face.press("escape")
        await face.until("Refund the stove?")
        assert "nothing matches" not in face.text()


async def test_a_single_operator_desk_says_so_on_every_screen(tmp_path: Path) -> None:
    desk = house(tmp_path, single_operator=True)
    submitted(desk)
    async with open_screen(desk) as face:
        assert "single operator" in face.text()
        await face.begin()
        assert "single operator" in face.text()
