"""Friction on the full screen: calm, in place, and deaf to fingers that did not mean it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from factories import POLICY, House, house
from frictionless import with_friction
from overread_console.tui.review.arming import Arming
from overread_queue.states import EscalationState
from review_desk import state_of, submitted
from review_faces import Screen, open_screen

WRONG_IF = "the signature on the scan turns out to be the customer's own"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def easy(tmp_path: Path) -> House:
    """A desk that asks nothing of an approval."""
    return house(tmp_path)


@pytest.fixture
def strict(tmp_path: Path) -> House:
    """A desk that asks for time, a judgement and a challenge."""
    policy = with_friction(
        POLICY, floor_irreversible="30s", withhold_from="high", challenge_from="high"
    )
    return house(tmp_path, policy=policy)


def line_of(face: Screen, words: str) -> int:
    return next(number for number, line in enumerate(face.lines()) if words in line)


# -- locks


async def test_a_locked_key_says_why_in_words_and_counts_down(strict: House) -> None:
    submitted(strict)
    async with open_screen(strict) as face:
        await face.begin()
        assert "approve in 30 s · your own judgement (j)" in face.text()
        assert "(a) Approve refund" in face.text()
        assert "(m) Change the amount" in face.text()
        assert " r  Reject" in face.text()
        await face.later(4)
        assert "approve in 26 s · your own judgement (j)" in face.text()


async def test_a_countdown_goes_on_after_its_key_was_pressed(strict: House) -> None:
    submitted(strict)
    async with open_screen(strict) as face:
        await face.begin()
        await face.key("a")
        await face.later(6)
        assert "approve in 23 s" in face.text()
        await face.later(23)
        assert "approve in" not in face.text()


async def test_a_click_on_a_locked_line_decides_nothing_and_says_why(strict: House) -> None:
    ticket = submitted(strict)
    async with open_screen(strict) as face:
        await face.begin()
        await face.later(1)
        await face.pilot.click(offset=(1, line_of(face, "(a) Approve")))
        await face.settle()
        assert "approve in 29 s" in face.text()
    assert state_of(strict, ticket) is EscalationState.WAITING


async def test_what_stands_beside_the_card_unasked_is_not_taken_for_read(tmp_path: Path) -> None:
    here = house(tmp_path, policy=with_friction(POLICY, read_contradictions=True))
    submitted(here)
    async with open_screen(here, size=(120, 40)) as face:
        await face.begin()
        assert "2026-08-12 14:03 DELIVERED" in face.text()
        assert "1 contradiction unread (1)" in face.text()
        await face.key("1")
        assert "unread" not in face.text()


# -- judge, then read, then challenge


async def test_a_judgement_is_made_in_the_place_of_the_suggestion_and_moves_nothing(
    strict: House,
) -> None:
    submitted(strict)
    async with open_screen(strict) as face:
        await face.begin()
        options, ai = line_of(face, "(a) Approve"), line_of(face, "withheld:")
        assert "loyal customer" not in face.text()
        await face.key("j")
        assert line_of(face, "a approve · m change · r reject") == ai
        await face.key("r")
        assert line_of(face, "how sure?  1 low · 2 medium · 3 high") == ai
        await face.key("2")
        assert line_of(face, "you said Reject (medium) · it suggests Approve refund (0.62)") == ai
        assert line_of(face, "(a) Approve") == options


async def test_esc_leaves_a_judgement_unmade(strict: House) -> None:
    ticket = submitted(strict)
    async with open_screen(strict) as face:
        await face.begin()
        for key in ("j", "r", "escape"):
            await face.key(key)
        assert "withheld: record your own judgement first" in face.text()
        assert state_of(strict, ticket) is EscalationState.CLAIMED


async def test_the_facts_stay_readable_while_an_approval_is_challenged(strict: House) -> None:
    submitted(strict)
    async with open_screen(strict) as face:
        await face.begin()
        await face.judge("r", "2")
        await face.later(30)
        await face.key("a")
        for words in ("Refund $420.00", "Carrier scan", "Customer: parcel", "it suggests"):
            assert words in face.text()
        for words in ("weakest evidence ▸", "this would be wrong if ▸", "you judged Reject"):
            assert words in face.text()


async def test_a_challenge_written_while_waiting_leads_back_to_the_countdown(
    strict: House,
) -> None:
    submitted(strict)
    async with open_screen(strict) as face:
        await face.begin()
        await face.judge("a", "3")
        await face.key("a")
        await face.challenge("1", WRONG_IF)
        await face.later(1)
        assert "approve in 25 s" in face.text()
        assert "weakest evidence" not in face.text()
        await face.later(25)
        await face.key("a")
        assert "type A-1009, what it is done to" in face.text()


async def test_words_that_say_nothing_are_refused_at_once_and_stay(strict: House) -> None:
    submitted(strict)
    async with open_screen(strict) as face:
        await face.begin()
        await face.judge("a", "3")
        await face.later(30)
        await face.key("a")
        await face.challenge("1", "bad scan")
        assert "too short" in face.text()
        assert "bad scan" in face.text()
        await face.press("escape")
        await face.key("a")
        assert [box.value for box in face.app.screen.query(Input)] == ["1", "bad scan"]


async def test_a_changed_mind_is_asked_for_its_words_in_the_box_where_they_go(
    strict: House,
) -> None:
    submitted(strict)
    async with open_screen(strict) as face:
        await face.begin()
        await face.judge("r", "2")
        await face.later(30)
        await face.key("a")
        await face.challenge("1", WRONG_IF, "")
        assert "say in a few words what changed" in face.text()
        focused = face.app.screen.focused
        assert focused is not None
        assert focused.id == "changed"
        await face.press(*"gone", "enter")
        assert "type A-1009, what it is done to" in face.text()


async def test_a_remark_is_gone_with_the_next_key(strict: House) -> None:
    submitted(strict)
    async with open_screen(strict) as face:
        await face.begin()
        await face.press("x")
        assert "x is no option" in face.text()
        await face.press("down")
        assert "x is no option" not in face.text()
        assert "approve in 30 s" in face.text()


async def test_what_is_held_stands_before_what_is_locked(strict: House) -> None:
    """The line is cut at its end, and the undo is gone in ten seconds."""
    for key in ("one", "two"):
        submitted(strict, key)
    async with open_screen(strict) as face:
        await face.begin()
        await face.judge("a", "3")
        await face.later(30)
        await face.key("a")
        await face.challenge("1", WRONG_IF)
        await face.token("A-1009")
        assert "held 10 s (u) · approve in 30 s · your own judgement (j)" in face.text()


async def test_nearly_the_same_words_may_be_kept_on_purpose(strict: House) -> None:
    tickets = [submitted(strict, key) for key in ("one", "two")]
    async with open_screen(strict) as face:
        await face.begin()
        for words in (WRONG_IF, f"{WRONG_IF} indeed"):
            await face.judge("a", "3")
            await face.later(30)
            await face.key("a")
            await face.challenge("1", words)
            if "ctrl+s keeps" in face.text():
                await face.press("ctrl+s")
            await face.token("A-1009")
        assert [state_of(strict, ticket) for ticket in tickets].count(EscalationState.HELD) == 1
        await face.later(11)
    assert {state_of(strict, ticket) for ticket in tickets} == {EscalationState.DECIDED}


# -- the token


async def test_a_token_is_typed_and_never_pasted(easy: House) -> None:
    ticket = submitted(easy)
    async with open_screen(easy) as face:
        await face.begin()
        await face.key("a")
        assert "type A-1009, what it is done to" in face.text()
        face.app.screen.post_message(events.Paste("A-1009"))
        face.app.screen.query_one(Input).post_message(events.Paste("A-1009"))
        await face.press("enter")
        assert "Type A-1009, exactly" in face.text()
        assert state_of(easy, ticket) is EscalationState.CLAIMED
        await face.token("A-1009")
        assert state_of(easy, ticket) is EscalationState.HELD


# -- fingers that did not mean it


async def test_a_paste_on_a_card_does_nothing(easy: House) -> None:
    ticket = submitted(easy)
    async with open_screen(easy) as face:
        await face.begin()
        await face.later(1)
        face.app.post_message(events.Paste("a"))
        await face.settle()
        assert state_of(easy, ticket) is EscalationState.CLAIMED
        assert "will be executed" not in face.text()


async def test_an_approval_in_a_burst_of_keys_is_not_meant(easy: House) -> None:
    submitted(easy)
    async with open_screen(easy) as face:
        await face.begin()
        await face.later(1)
        await face.press("x", "a")
        assert "let go, then press a once" in face.text()
        await face.key("a")
        assert "will be executed" in face.text()


async def test_a_rejection_never_waits_for_silence(easy: House) -> None:
    submitted(easy)
    async with open_screen(easy) as face:
        await face.begin()
        await face.later(1)
        await face.press("x", "r")
        assert "Your reason goes to the agent" in face.text()


@pytest.mark.parametrize("delay", [250, 500, 660, 990])
def test_a_key_that_is_held_down_never_approves_the_next_card(delay: int) -> None:
    arming = Arming(0)
    arming.pressed("a", 5_000)
    assert arming.meant("a", 5_000)
    arming.shown(5_020)
    for at in (5_000 + delay, *range(5_000 + delay + 30, 9_000, 30)):
        arming.pressed("a", at)
        assert arming.fresh(at) or not arming.meant("a", at)


def test_a_key_pressed_again_on_purpose_is_meant() -> None:
    arming = Arming(0)
    arming.pressed("a", 1_000)
    arming.pressed("a", 1_300)
    assert not arming.meant("a", 1_300)
    arming.pressed("a", 1_700)
    assert arming.meant("a", 1_700)


def test_a_clock_that_went_back_arms_nothing_and_jams_nothing() -> None:
    arming = Arming(10_000)
    arming.pressed("a", 500)
    assert not arming.fresh(500)
    assert arming.meant("a", 500)


# -- stop


@pytest.mark.parametrize("screen", ["desk", "review", "notices", "policy"])
async def test_an_agent_is_stopped_from_every_screen(screen: str, easy: House) -> None:
    submitted(easy)
    way = {"desk": (), "review": ("enter",), "notices": ("n",), "policy": ("p",)}[screen]
    async with open_screen(easy) as face:
        await face.press(*way)
        await face.press("S")
        assert "1 refund-agent" in face.text()
        await face.press("1", *"twice", "enter")
        assert "stopped: refund-agent" in face.lines()[0]
        with easy.desk("ben") as ben:
            assert [(halt.agent, halt.reason) for halt in ben.halts()] == [
                ("refund-agent", "twice")
            ]


async def test_stop_works_from_a_question_too(easy: House) -> None:
    ticket = submitted(easy, action_type="data.erase")
    async with open_screen(easy) as face:
        await face.begin()
        await face.key("t")
        await face.press("S", "1", "enter")
        with easy.desk("ben") as ben:
            assert [halt.agent for halt in ben.halts()] == ["refund-agent"]
        assert state_of(easy, ticket) is EscalationState.CLAIMED


async def test_the_whole_desk_is_stopped_and_the_desk_says_who_lifts_it(easy: House) -> None:
    submitted(easy)
    async with open_screen(easy) as face:
        await face.press("S", "0", "enter")
        await face.press("r")
        assert "Stopped           the whole desk, by ana · a lead lifts it" in face.text()


async def test_leaving_a_stop_half_way_stops_nobody(easy: House) -> None:
    submitted(easy)
    async with open_screen(easy) as face:
        for keys in (("S", "escape"), ("S", "1", "escape")):
            await face.press(*keys)
        with easy.desk("ben") as ben:
            assert ben.halts() == ()


# -- what cannot wait


async def test_an_urgent_item_comes_next_and_the_batch_stays(easy: House) -> None:
    for key in ("one", "two"):
        submitted(easy, key)
    async with open_screen(easy) as face:
        await face.begin()
        assert "item 1 of 2" in face.text()
        for _ in range(10):
            await face.later(4 * 60)
        submitted(easy, "mail", action_type="mail.send", question="Send the apology?")
        for _ in range(10):
            await face.later(4 * 60)
        await face.until("▲ 1 urgent")
        await face.key("U")
        assert "right after this one: Send the apology?" in face.text()
        await face.key("n")
        assert "item 2 of 3" in face.text()
        assert "Send the apology?" in face.text()
