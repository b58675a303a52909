"""Stop, on the desk's side: no approval is signed for what is stopped, and no row lifts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House
from journey import UNDO_SECONDS, assert_chain_whole, events, kinds, pass_time, pick_up, raw, row
from overread_queue.doctor import examine
from overread_queue.errors import Halted
from overread_queue.models import Ticket
from overread_queue.setup import add_agent
from overread_queue.states import EscalationState
from overread_queue.store.driver import sqlite3
from overread_queue.trust.people import Agent
from tier_desks import TYPES, asking, by, hide, mail, office, refund, tier_house

E = EscalationState


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path)


@pytest.fixture
def ticket(here: House) -> Ticket:
    with here.agent("bot") as bot:
        return bot.submit(asking(refund()))


def signed(here: House) -> int:
    with raw(here.path) as db:
        (count,) = db.execute("SELECT count(*) FROM decision").fetchone()
    return int(count)


def stopped(here: House) -> list[tuple[str, str]]:
    """What `overread doctor` has to say about it."""
    found = examine(here.path)
    return [(one.level, one.text) for one in found if one.name in ("stopped", "halt")]


# -- deciding


@pytest.mark.parametrize("whom", ["bot", None])
def test_approving_stops_and_everything_else_is_open(
    here: House, ticket: Ticket, whom: str | None
) -> None:
    with here.desk("ben") as ben:
        ben.stop(whom, reason="wrong accounts")
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        with pytest.raises(Halted, match="stopped by ben: wrong accounts"):
            ana.decide(review, option="approve")
        assert ana.decide(review, option="reject", reason="not now").state == "recorded"
    assert "refused:Halted" in kinds(here.path, ticket.id)


@pytest.mark.parametrize("option", ["need-info", "hand-on"])
def test_asking_back_and_handing_on_need_no_agent(here: House, ticket: Ticket, option: str) -> None:
    with here.desk() as ana:
        ana.stop("bot")
        receipt = ana.decide(pick_up(ana, ticket), option=option, reason="which account?")
    assert receipt.state in ("recorded", "handed_on")


def test_what_was_held_waits_again_unsigned_and_remembers_what_was_chosen(
    here: House, ticket: Ticket
) -> None:
    with here.desk() as ana:
        ana.decide(pick_up(ana, ticket), option="approve", reason="they are right")
        ana.stop("bot")
        pass_time(here, UNDO_SECONDS)
        with pytest.raises(Halted):
            ana.release_due()
        assert row(here.path, ticket.id).state is E.WAITING
        assert ana.release_due() == ()
        draft = pick_up(ana, ticket).draft
    assert draft is not None
    assert (draft.option, draft.reason) == ("approve", "they are right")
    assert signed(here) == 0
    assert_chain_whole(here.path)


def test_a_stop_and_a_lift_inside_the_window_cost_nothing(here: House, ticket: Ticket) -> None:
    with here.desk() as ana, office(here) as lea:
        ana.decide(pick_up(ana, ticket), option="approve")
        ana.stop("bot")
        lea.lift("bot")
        pass_time(here, UNDO_SECONDS)
        assert [one.verdict for one in ana.release_due()] == ["approve"]


def test_a_held_approval_is_taken_back_under_a_halt(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        receipt = ana.decide(pick_up(ana, ticket), option="approve")
        ana.stop("bot")
        assert ana.undo(receipt).id == ticket.id


def test_one_stopped_agent_keeps_no_other_approval_waiting(here: House, ticket: Ticket) -> None:
    add_agent(here.places, Agent(name="other", label="Other", actions=TYPES))
    with here.agent("other") as other, here.desk() as ana:
        second = other.submit(by("other", asking(refund(7))))
        for one in (ticket, second):
            ana.decide(pick_up(ana, one), option="approve")
        ana.stop("bot")
        pass_time(here, UNDO_SECONDS)
        with pytest.raises(Halted):
            ana.release_due()
        with other.resume(second) as go:
            assert go.action == refund(7)
    assert row(here.path, ticket.id).state is E.WAITING


def test_what_was_done_before_the_stop_can_still_be_judged(here: House) -> None:
    """Nothing is released by it; and without a confirmation it would be taken back."""
    with here.agent("bot") as bot:
        right = bot.submit(asking(hide()), key="right")
        wrong = bot.submit(asking(hide()), key="wrong")
    with here.desk() as ana:
        ana.stop("bot")
        assert ana.confirm(pick_up(ana, right)).state == "held"
        pass_time(here, 11)
        assert [one.state for one in ana.release_due()] == ["recorded"]
        answer = ana.disagree(pick_up(ana, wrong), reason="it was the wrong one")
        assert answer.state == "recorded"


# -- time


def test_deadlines_pass_as_ever_and_their_answers_release_nothing(here: House) -> None:
    with here.agent("bot") as bot:
        tentative, letter = bot.submit(asking(hide())), bot.submit(asking(mail()))
    with here.desk() as ana, office(here) as lea:
        ana.stop(None)
        pass_time(here, 25 * 3600)
        ana.sweep()
        assert {row(here.path, one.id).state for one in (tentative, letter)} == {E.TIMED_OUT}
        lea.lift(None)
    with here.agent("bot") as bot:
        answers = [bot.poll(one) for one in (tentative, letter)]
    assert [one and (one.verdict, one.releases) for one in answers] == [("timed_out", False)] * 2


# -- whoever writes to the file


def test_a_halt_row_cannot_be_removed_by_accident(here: House) -> None:
    with here.desk() as ana:
        ana.stop("bot")
    with raw(here.path) as db, pytest.raises(sqlite3.IntegrityError, match="never removed"):
        db.execute("DELETE FROM halt")


TAMPERING = {
    "removed": ("DROP TRIGGER halt_stays", "DELETE FROM halt"),
    "marked as lifted": ("UPDATE halt SET lifted_at = 1, lifted_by = 'lea'",),
    "given to another agent": ("UPDATE halt SET agent = 'other'",),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_a_row_that_was_tampered_with_lifts_nothing(here: House, ticket: Ticket, how: str) -> None:
    with here.desk() as ana:
        ana.stop("bot", reason="wrong accounts")
        with raw(here.path) as db:
            for statement in TAMPERING[how]:
                db.execute(statement)
        assert [(one.agent, one.by) for one in ana.halts()] == [("bot", "ana")]
        with pytest.raises(Halted):
            ana.decide(pick_up(ana, ticket), option="approve")
    with here.agent("bot") as bot, pytest.raises(Halted):
        bot.submit(asking(refund(2)))


def test_the_doctor_tells_what_is_stopped_and_whose_record_was_changed(here: House) -> None:
    assert stopped(here) == []
    with here.desk() as ana:
        ana.stop("bot", reason="wrong accounts")
    ((level, text),) = stopped(here)
    assert (level, "bot was stopped by ana: wrong accounts" in text) == ("warn", True)
    with raw(here.path) as db:
        db.execute("UPDATE halt SET lifted_at = 1, lifted_by = 'lea'")
    assert [level for level, _ in stopped(here)] == ["warn", "fail"]
    with office(here) as lea:
        lea.lift("bot")
    assert stopped(here) == []


def test_a_row_planted_beforehand_does_not_keep_anybody_from_stopping(here: House) -> None:
    with raw(here.path) as db, here.desk() as ana:
        db.execute("INSERT INTO halt (id, agent, at, by, reason) VALUES ('x', 'bot', 1, 'me', '')")
        assert ana.halts() == ()
        ana.stop("bot")
        assert [one.by for one in ana.halts()] == ["ana"]
    with office(here) as lea:
        lea.lift("bot")
        assert lea.halts() == ()


@pytest.mark.parametrize("detail", ["x", "[]", "{}", '{"halt": 5}'])
def test_a_badly_forged_stop_is_in_nobody_elses_way_and_can_be_lifted(
    here: House, ticket: Ticket, detail: str
) -> None:
    with raw(here.path) as db:
        db.execute(
            "INSERT INTO event (seq, at, actor, kind, agent, detail, previous, hash)"
            " SELECT max(seq) + 1, 1, 'me', 'halted', 'other', ?, hash, printf('%064d', 1)"
            " FROM event",
            (detail,),
        )
    with here.desk() as ana, here.agent("bot") as bot, office(here) as lea:
        assert bot.poll(ticket) is None
        assert [one.agent for one in ana.halts()] == ["other"]
        lea.lift("other")
        assert ana.halts() == ()


def test_auditors_find_every_halt(here: House) -> None:
    with here.desk() as ana, office(here) as lea:
        before = {one.control.id: one.state for one in lea.evidence(since=0, until=2**53)}
        ana.stop("bot")
        lea.lift("bot")
        after = {one.control.id: one.state for one in lea.evidence(since=0, until=2**53)}
    stop_button = "ai-act-14-4-e"
    assert (before[stop_button], after[stop_button]) == ("no data in period", "evidenced")
    (halted,) = (one for one in events(here.path) if one.kind == "halted")
    assert "bot" not in halted.detail, "ids only: what people wrote may have to be erased"
