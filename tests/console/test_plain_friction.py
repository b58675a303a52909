"""Friction on the plain face: what is locked is a sentence, and nothing depends on typing fast."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import POLICY, House, brief, house
from frictionless import with_friction
from overread_queue.models import Judgement
from review_faces import Plain, manual, open_plain

WRONG_IF = "the scan is of another parcel and she never had it"


def careful(folder: Path, **controls: str | float | bool) -> House:
    """A desk with one refund on it, and a policy that asks for these things."""
    made = house(folder, policy=with_friction(POLICY, **controls))
    ask(made, "Refund $420.00 on order A-1009?", key="A-1009")
    return made


def ask(made: House, question: str, *, key: str, amount: float = 420.0) -> str:
    with made.agent() as agent:
        return agent.submit(brief(question, amount=amount), key=key).id


def said_last(plain: Plain) -> str:
    """What was said since the last line was asked for."""
    return plain.text().split("What now?")[-2]


async def test_a_locked_approval_says_what_it_waits_for_and_opens_by_reading(
    tmp_path: Path,
) -> None:
    made = careful(tmp_path, floor_irreversible="45s", read_contradictions=True)
    async with open_plain(made) as plain:
        assert "Approve opens in 45 s; 1 contradiction unread (1)." in plain.text()

        await plain.key("a")
        assert "Not now. Approve opens in 45 s; 1 contradiction unread (1)." in said_last(plain)

        await plain.later(30)
        await plain.key("1")
        assert "Approve opens in 15 s." in said_last(plain)
        await plain.later(16)
        assert "Approving is open now." in said_last(plain)

        await plain.key("a")
        await plain.words("A-1009")
        assert "approve refund: held 10 s; u takes it back." in said_last(plain).lower()


async def test_an_hour_of_silence_is_no_reading(tmp_path: Path) -> None:
    async with open_plain(careful(tmp_path, floor_irreversible="45s")) as plain:
        await plain.later(3600)
        await plain.key("a")

        assert "Not now. Approve opens in 45 s." in said_last(plain)


async def test_saying_no_waits_for_nothing(tmp_path: Path) -> None:
    made = careful(tmp_path, floor_irreversible="45s", withhold_from="high", challenge_from="high")
    async with open_plain(made) as plain:
        await plain.key("r")
        await plain.words("signed for by somebody else")

        assert "Recorded: Reject: " in said_last(plain)


async def test_a_judgement_comes_first_and_stays(tmp_path: Path) -> None:
    made = careful(tmp_path, withhold_from="high")
    async with open_plain(made) as plain:
        assert "suggestion is withheld" in plain.text()
        assert "loyal customer" not in plain.text()
        await plain.key("a")
        assert "Not now. Before you approve: your own judgement (j)." in said_last(plain)

        await plain.judge("r", "2")
        assert "You judged first: Reject (medium)." in said_last(plain)
        assert "The AI suggests: Approve refund (0.62)" in said_last(plain)
        await plain.key("j")
        assert "Not now: you judged already, and it stays: Reject (medium)." in said_last(plain)
    with made.desk() as desk:
        review = desk.open(desk.claim(desk.waiting_ids()[0]))
        assert isinstance(review.judgement, Judgement)
        assert (review.judgement.option, review.judgement.confidence) == ("reject", "medium")


@pytest.mark.parametrize("typed", [("x",), ("",), ("a", ""), ("a", "4"), ("a", "high")])
async def test_half_a_judgement_is_none(tmp_path: Path, typed: tuple[str, ...]) -> None:
    made = careful(tmp_path, withhold_from="high")
    async with open_plain(made) as plain:
        for line in ("judge", *typed):
            await plain.key(line)

        assert "Nothing was recorded." in said_last(plain)
        assert "loyal customer" not in plain.text()


async def test_a_challenge_is_asked_for_line_by_line_and_keeps_what_was_typed(
    tmp_path: Path,
) -> None:
    made = careful(tmp_path, challenge_from="high")
    async with open_plain(made) as plain:
        await plain.key("a")
        assert "Weakest evidence? Its number" in plain.text()
        await plain.challenge("2", "no")
        refused = said_last(plain)
        assert "Refused: " in refused

        await plain.key("a")
        assert "You wrote before: 2. An empty line keeps it." in plain.text()
        await plain.challenge("", WRONG_IF)
        await plain.words("A-1009")
        assert "held 10 s" in said_last(plain)


async def test_an_empty_line_leaves_a_challenge_and_decides_nothing(tmp_path: Path) -> None:
    async with open_plain(careful(tmp_path, challenge_from="high")) as plain:
        await plain.key("a")
        await plain.challenge("")

        assert "Nothing was decided." in said_last(plain)
        await plain.key("a")
        await plain.challenge("9", WRONG_IF)
        assert "give its number, 1 to 3" in said_last(plain)


async def test_nearly_the_same_words_can_be_kept_by_saying_so(tmp_path: Path) -> None:
    made = careful(tmp_path, challenge_from="high")
    ask(made, "Refund $21.00 on order A-1010?", key="A-1010", amount=21.0)
    async with open_plain(made) as plain:
        await plain.key("a")
        await plain.challenge("2", WRONG_IF)
        await plain.words("A-1009")

        await plain.key("a")
        await plain.challenge("2", f"{WRONG_IF} today")
        assert "Type keep to leave it as it is:" in plain.text()
        await plain.words("keep")
        await plain.words("A-1009")
        assert "(and 1 more)" in said_last(plain)


async def test_a_change_of_mind_is_asked_for_in_a_line(tmp_path: Path) -> None:
    made = careful(tmp_path, withhold_from="high", challenge_from="high")
    async with open_plain(made) as plain:
        await plain.judge("r", "1")
        await plain.key("a")
        await plain.challenge("1", WRONG_IF)
        assert "You judged Reject (low). What changed since?" in plain.text()
        await plain.words("the signature is her neighbour's")
        await plain.words("A-1009")
        assert "held 10 s" in said_last(plain)


async def test_what_cannot_be_undone_is_typed_exactly(tmp_path: Path) -> None:
    async with open_plain(careful(tmp_path)) as plain:
        await plain.key("a")
        await plain.words("A-1099")
        assert "Refused: this cannot be undone: type A-1009" in said_last(plain)
        await plain.key("a")
        await plain.words("")
        assert "Nothing was decided." in said_last(plain)


async def test_stopping_an_agent_takes_a_number_a_reason_and_a_yes(tmp_path: Path) -> None:
    made = careful(tmp_path)
    async with open_plain(made) as plain:
        for line in ("S", "1", "refunds go out twice", "no"):
            await plain.key(line)
        assert "Nobody was stopped." in said_last(plain)
        for line in ("stop", "1", "refunds go out twice", "yes"):
            await plain.key(line)
        assert "Stopped: refund-agent; a lead lifts it with `overread lift`." in said_last(plain)

        await plain.key("a")
        assert "Not now." in said_last(plain)
        assert "refunds go out twice" in said_last(plain)
    with made.desk() as desk:
        (halt,) = desk.halts()
        assert (halt.agent, halt.by, halt.reason) == ("refund-agent", "ana", "refunds go out twice")


async def test_somebody_elses_stop_is_told_once(tmp_path: Path) -> None:
    made = careful(tmp_path)
    async with open_plain(made) as plain:
        with made.desk("ben") as desk:
            desk.stop(None, reason="wrong price list")
        await plain.later(15)
        await plain.key("d")
        await plain.key("d")

        assert plain.text().count("Stopped: the whole desk, by ben") == 1


async def test_the_rest_of_the_desk_is_read_out_narrowed_down_and_picked_from(
    tmp_path: Path,
) -> None:
    made = careful(tmp_path)
    async with open_plain(made) as plain:
        await plain.key("list")
        assert "Nothing else is waiting." in said_last(plain)
        ask(made, "Refund $21.00 on order A-1010?", key="A-1010", amount=21.0)
        ask(made, "Refund $22.00 on order A-1011?", key="A-1011", amount=22.0)

        await plain.key("list")
        told = said_last(plain)
        assert "Refund $21.00 on order A-1010? due in 4 h, hard approval, from refund-" in told
        assert "Refund $22.00 on order A-1011? due in 4 h" in told
        assert [line[:2] for line in told.splitlines() if "Refund" in line] == ["1:", "2:"]
        await plain.key("filter 22.00 A-1011")
        assert "A-1010" not in said_last(plain)
        await plain.key("pick 2")
        assert "Pick a number from 1 to 1" in said_last(plain)
        await plain.key("pick 1")
        assert "Right after this one: Refund $22.00 on order A-1011?" in said_last(plain)

        await plain.key("r")
        await plain.words("no")
        assert "Item 2 of 2." in said_last(plain)
        assert "Question: Refund $22.00 on order A-1011?" in said_last(plain)
        await plain.key("filter zebra")
        assert "Nothing that waits has these words." in said_last(plain)


async def test_a_capital_letter_is_a_key_of_its_own(tmp_path: Path) -> None:
    async with open_plain(careful(tmp_path)) as plain:
        await plain.key("U")
        assert "Refused: nothing else is urgent now" in said_last(plain)
        await plain.key("u")
        assert "Not now: nothing is held" in said_last(plain)
        await plain.key("Q")
        assert "1 item opened" in plain.text()


async def test_the_day_so_far_is_told_without_signs_and_uncut(tmp_path: Path) -> None:
    made, question = house(tmp_path), "Refund $22.00 on the order with the longest name, A-1011?"
    ask(made, question, key="A-1011", amount=22.0)
    manual(made).advance(seconds=3.8 * 3600)
    async with open_plain(made) as plain:
        greeting, _ = plain.text().split("Item 1 of 1.")

        assert f"Urgent 1, first in 12 m: {question}" in greeting
        assert "Today 0 of 60 items, 0 of 240 min" in greeting
        assert not set("▲…·") & set(greeting)


async def test_a_session_that_has_had_its_time_says_so_and_sums_up(tmp_path: Path) -> None:
    made = careful(tmp_path, session_longest="2m")
    ask(made, "Refund $21.00 on order A-1010?", key="A-1010", amount=21.0)
    async with open_plain(made) as plain:
        for _ in range(3):
            await plain.later(50)
        await plain.key("r")
        await plain.words("no")

        assert "This session is over, and what is left went back: " in plain.text()
        assert "1 item opened in 2 m 30 s" in plain.text()
