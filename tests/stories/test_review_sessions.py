"""A reviewer's session around the decisions: reading, putting back, leaving, trouble."""

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
from review_desk import state_of, submitted
from review_faces import KINDS, open_face

both_faces = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk(tmp_path: Path) -> House:
    return house(tmp_path)


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
async def test_masked_evidence_stays_masked_until_it_is_unmasked(kind: str, desk: House) -> None:
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
        await face.fill("210.5", token="A-1009")
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
