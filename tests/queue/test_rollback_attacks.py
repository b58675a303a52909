"""Who can write the file makes no agent undo what was fine."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacker import CLOSE, DELIVER, PLANT, write
from factories import House
from journey import kinds, settle
from overread_queue import AgentQueue
from overread_queue.audit.verify import verify
from overread_queue.models import Ticket
from tier_desks import asking, hide, refund, tier_house
from transports import clerks

DRESSED = "UPDATE escalation SET kind = 'soft_review', tier = 'soft_review'"
OPEN_AGAIN = "UPDATE delivery SET state = 'pending', done_at = NULL, outcome = NULL"


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path)


def acted(bot: AgentQueue, listing: str = "L-1") -> Ticket:
    """Something that the agent did, and asks about afterwards."""
    return bot.submit(asking(hide(listing)), key=listing)


def invent(here: House, ticket: Ticket, envelope: bytes = b"{}", signature: bytes = b"") -> None:
    """A no to what nobody has looked at."""
    write(
        here,
        PLANT,
        DELIVER,
        CLOSE,
        id=ticket.id,
        attempt=1,
        verdict="reject",
        nonce="f" * 32,
        envelope=envelope,
        signature=signature,
    )


def due(here: House) -> list[str]:
    """As a new process is told, which remembers no more than the agent's files."""
    with here.agent("bot") as bot:
        return [one.id for one in bot.rollback_due()]


def test_an_invented_no_undoes_nothing_and_is_written_down_once(here: House) -> None:
    with here.agent("bot") as bot:
        ticket = acted(bot)
        invent(here, ticket)
        assert (bot.rollback_due(), bot.rollback_due()) == ((), ())
    assert kinds(here.path, ticket.id).count("refused:Forged") == 1
    assert "decision_forged" in {one.kind for one in verify(here.places).damage}


def test_a_no_to_something_else_is_none_to_this(here: House) -> None:
    with here.agent("bot") as bot:
        ticket, other = acted(bot), acted(bot, "L-2")
    settle(here, other, "disagree")
    write(
        here,
        "UPDATE decision SET nonce = 'n' || nonce",
        "INSERT INTO decision SELECT :id, 1, verdict, option, signer, 'm', envelope, signature,"
        " released_at FROM decision",
        DELIVER,
        CLOSE,
        id=ticket.id,
    )
    assert due(here) == [other.id]


def test_what_was_confirmed_stands_whatever_its_columns_say(here: House) -> None:
    with here.agent("bot") as bot:
        ticket = acted(bot)
    settle(here, ticket, "confirm")
    write(here, "UPDATE decision SET verdict = 'reject'", OPEN_AGAIN)
    assert due(here) == []
    assert "refused:Tampered" in kinds(here.path, ticket.id)


def test_a_no_to_what_never_happened_is_nothing_to_undo(here: House) -> None:
    with here.agent("bot") as bot:
        ticket = bot.submit(asking(refund()))
    settle(here, ticket, "reject")
    write(here, DRESSED)
    assert due(here) == []


def test_what_was_taken_back_is_not_taken_back_again(here: House) -> None:
    with here.agent("bot") as bot:
        ticket = acted(bot)
        settle(here, ticket, "disagree")
        bot.rolled_back(ticket, ok=True)
    write(here, OPEN_AGAIN)
    assert due(here) == []


def test_beside_an_invented_no_a_genuine_one_arrives(here: House) -> None:
    with here.agent("bot") as bot:
        first, second = acted(bot), acted(bot, "L-2")
        invent(here, first)
        settle(here, second, "disagree", reason="the seller has the papers")
        (found,) = bot.rollback_due()
    assert (found.id, found.verdict, found.reason) == (
        second.id,
        "reject",
        "the seller has the papers",
    )


def test_behind_a_mailbox_a_no_arrives_once_and_an_invented_one_never(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERREAD_LEDGER", str(tmp_path / "agents-own"))
    here = tier_house(tmp_path, mailbox=True)
    with clerks() as start:
        start(here)
        with here.agent("bot") as bot:
            wrong, fine = acted(bot, "L-1"), acted(bot, "L-2")
            settle(here, wrong, "disagree")
            invent(here, fine)
            here.catch_up()
            assert [one.id for one in bot.rollback_due()] == [wrong.id]
            bot.rolled_back(wrong, ok=True)
            here.catch_up()
            write(here, OPEN_AGAIN)
            here.catch_up()
            assert bot.rollback_due() == ()
        assert due(here) == []
