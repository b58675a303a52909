"""A reviewer's session around the decisions: reading, putting back, noting, leaving, living on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from factories import House, brief, house
from overread_queue.models import Ticket
from overread_queue.states import EscalationState
from overread_queue.store import Store
from overread_queue.store.driver import sqlite3
from review_faces import KINDS, open_face, open_screen

both_faces = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk(tmp_path: Path) -> House:
    return house(tmp_path)


def submitted(desk: House, key: str = "refund-A-1009", **fields: object) -> Ticket:
    with desk.agent() as agent:
        return agent.submit(brief(**fields), key=key)  # type: ignore[arg-type]


def state_of(desk: House, ticket: Ticket) -> EscalationState:
    with desk.agent() as agent:
        return agent.status(ticket.id).state


@both_faces
async def test_a_skipped_item_waits_for_a_colleague(kind: str, desk: House) -> None:
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("n")
        with desk.desk("ben") as colleague:
            assert colleague.waiting_ids() == (ticket.id,)


@both_faces
async def test_a_snoozed_item_is_away_and_comes_back_inside_its_deadline(
    kind: str, desk: House
) -> None:
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("z")
        await (face.key("2") if kind == "screen" else face.words("2"))
        await face.words("the carrier calls back at noon")
        with desk.desk("ben") as colleague:
            assert colleague.waiting_ids() == ()
        await face.later(3601)
        with desk.desk("ben") as colleague:
            assert colleague.waiting_ids() == (ticket.id,)


@both_faces
async def test_a_note_travels_with_the_item_to_the_next_reviewer(kind: str, desk: House) -> None:
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("c")
        await face.words("called the customer, no answer")
        await face.key("n")
    with desk.desk("ben") as colleague:
        review = colleague.open(colleague.claim(ticket.id))
    assert [(note.author, note.text) for note in review.comments] == [
        ("ana", "called the customer, no answer")
    ]


@both_faces
async def test_masked_evidence_stays_masked_until_it_is_revealed(kind: str, desk: House) -> None:
    submitted(desk)
    account = "DE02 1203 0000"
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("3")
        assert account not in face.text()
        await face.key("v")
        assert account in face.text()


@both_faces
async def test_reading_shows_evidence_steps_and_reasons(kind: str, desk: House) -> None:
    submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        for key, words in (
            ("1", "2026-08-12 14:03 DELIVERED, signed M. Keller"),
            ("2", "It never came."),
            ("d", "Asked the carrier"),
            ("w", "amount: 420.0"),
        ):
            await face.key(key)
            assert words in face.text()


@both_faces
async def test_a_locked_key_says_why_and_does_nothing(kind: str, desk: House) -> None:
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("u")
        assert "nothing is held" in face.text()
    assert state_of(desk, ticket) is EscalationState.WAITING


@both_faces
async def test_ending_a_session_gives_the_rest_back_and_sums_up(kind: str, desk: House) -> None:
    first, second = submitted(desk, "one"), submitted(desk, "two")
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("r")
        await face.words("not covered")
        await face.key("q")
        assert "rejected 1" in face.text()
        states = {state_of(desk, first), state_of(desk, second)}
        assert states == {EscalationState.DECIDED, EscalationState.WAITING}


@both_faces
async def test_a_summary_counts_what_is_still_held(kind: str, desk: House) -> None:
    submitted(desk, "one")
    submitted(desk, "two")
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("r")
        await face.words("not covered")
        await face.key("m")
        await face.fill("210.5")
        await face.key("q")
        assert "rejected 1 · changed 1" in face.text().replace(", ", " · ")


@both_faces
async def test_closing_the_console_gives_everything_back(kind: str, desk: House) -> None:
    tickets = [submitted(desk, f"key-{n}") for n in range(3)]
    async with open_face(kind, desk) as face:
        await face.begin()
        assert {state_of(desk, ticket) for ticket in tickets} == {EscalationState.CLAIMED}
    assert {state_of(desk, ticket) for ticket in tickets} == {EscalationState.WAITING}


@both_faces
async def test_a_lease_that_was_lost_locks_the_item_and_decides_nothing(
    kind: str, desk: House
) -> None:
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        with desk.desk("ana") as elsewhere:
            elsewhere.start_session()
        await face.key("r")
        await face.words("too late")
        assert "no longer yours" in face.text()
    assert state_of(desk, ticket) is EscalationState.WAITING


@both_faces
async def test_a_deadline_that_passes_under_the_reviewers_hands_moves_the_item_on(
    kind: str, desk: House
) -> None:
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.later(4 * 3600 + 60)
        await face.key("r")
        await face.words("too late")
        assert "no longer yours" in face.text()
    with desk.desk("sam") as senior:
        assert senior.waiting_ids() == (ticket.id,)


@dataclass(frozen=True)
class Attack:
    """Something that a terminal, or a markup parser, would act on."""

    text: str

    @property
    def name(self) -> str:
        return ascii(self.text)


ATTACKS = (
    Attack("[/etc/passwd]"),
    Attack("[@click=app.leave]see[/]"),
    Attack("a\x1b[2J\x1b]52;c;cm0=\x07"),
    Attack("\u202eyenom dnes\u202c"),
    Attack("pay\u200b\u2060now\U000e0041"),
    Attack("\x9b31m red"),
)


@both_faces
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_hostile_text_is_shown_and_never_acted_on(
    kind: str, attack: Attack, desk: House
) -> None:
    ticket = hostile(desk, attack.text)
    async with open_face(kind, desk) as face:
        await face.begin()
        assert "Refund" in face.text()
        for key in ("1", "d", "w", "?"):
            await face.key(key)
        if kind == "screen":
            await face.key("escape")
            await face.key("escape")
        await face.key("r")
        await face.words("hostile")
    assert state_of(desk, ticket) is EscalationState.DECIDED


def hostile(desk: House, text: str) -> Ticket:
    base = brief(question=f"Refund {text}?")
    fact = base.evidence[0].model_copy(update={"title": text, "content": f"{text}\n{text}"})
    step = base.accomplished[0].model_copy(update={"text": text})
    action = base.action.model_copy(update={"parameters": {"order": text, "amount": 1.0}})
    update = {"evidence": (fact,), "accomplished": (step,), "action": action}
    with desk.agent() as agent:
        return agent.submit(base.model_copy(update=update), key="hostile")


@contextmanager
def locked(desk: House) -> Iterator[None]:
    """Another program holds the write lock, as a backup tool might."""
    holder = sqlite3.connect(desk.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.close()


@both_faces
async def test_a_desk_that_another_program_locks_is_said_and_survived(
    kind: str, desk: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(Store.__init__.__kwdefaults__, "busy_seconds", 0.1)
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        with locked(desk):
            await face.key("r")
            await face.words("not covered")
            assert "locked by another program" in " ".join(face.text().split())
        await face.key("r")
        await face.words_as_before()
    with desk.agent() as agent:
        decision = agent.poll(ticket.id)
    assert decision is not None
    assert decision.reason == "not covered"


@both_faces
async def test_a_desk_of_a_newer_program_is_left_alone_and_said(kind: str, desk: House) -> None:
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        known = set_schema_version(desk, 999)
        await face.key("r")
        await face.words("not covered")
        assert "schema version 999" in " ".join(face.text().split())
        set_schema_version(desk, known)
    assert state_of(desk, ticket) is EscalationState.WAITING


def set_schema_version(desk: House, version: int) -> int:
    """Gives the version that was there before."""
    connection = sqlite3.connect(desk.path, isolation_level=None)
    (before,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version = {version:d}")
    connection.close()
    return int(before)


async def test_new_arrivals_wait_for_the_reviewer_to_ask_for_them(desk: House) -> None:
    submitted(desk, "one", question="Refund the first order?")
    async with open_screen(desk) as face:
        assert "Refund the first order?" in face.text()
        submitted(desk, "two", question="Refund the second order?")
        await face.until("1 new · press r")
        assert "Refund the second order?" not in face.text()
        await face.press("r")
        assert "Refund the second order?" in face.text()


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
        await face.yes()
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
        await face.yes()
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
        row = next(n for n, line in enumerate(face.lines()) if line.startswith(" r Reject"))
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
        await face.fill("210.5")
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
