"""What a reviewer may see, what is measured of it, and who gets to look at all."""

from __future__ import annotations

import datetime as dt
import getpass
from dataclasses import asdict
from pathlib import Path

import pytest

from factories import House, brief, house
from journey import events, kinds, pass_time, pick_up, raw, settle
from overread_briefs import Evidence
from overread_queue import ReviewDesk
from overread_queue.clock import new_id
from overread_queue.errors import LeaseLost, NoDesk, NotAllowed, NotFound, OverreadError
from overread_queue.models import Ticket
from overread_queue.setup import add_reviewer
from overread_queue.trust.keys import generate
from overread_queue.trust.people import Reviewer

ACCOUNT = "DE02 1203 0000 0000 2020 51"
MEDICAL = "allergic to penicillin"


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


@pytest.fixture
def ticket(here: House) -> Ticket:
    secret = Evidence(
        id="record",
        title="Patient record",
        content=MEDICAL,
        source="clinic",
        as_of=here.clock.now(),
        sensitivity="restricted",
    )
    asked = brief()
    with here.agent() as queue:
        return queue.submit(asked.model_copy(update={"evidence": (*asked.evidence, secret)}))


# -- masking


def test_sensitive_content_is_absent_until_it_is_unmasked(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        assert review.masked == {"bank-account", "record"}
        shown = repr(asdict(review)) + review.brief.model_dump_json()
        assert ACCOUNT not in shown
        assert MEDICAL not in shown
        assert "It never came." in shown
        assert "unmasked" not in kinds(here.path)
        assert ana.unmask(review, "bank-account") == ACCOUNT
        assert ana.unmask(review, "record") == MEDICAL
        again = ana.open(ticket.id)
        assert ACCOUNT not in repr(asdict(again)) + again.brief.model_dump_json()
    unmasked = [event for event in events(here.path) if event.kind == "unmasked"]
    assert [event.actor for event in unmasked] == ["reviewer:ana"] * 2
    assert [event.detail for event in unmasked] == [
        '{"evidence":"bank-account"}',
        '{"evidence":"record"}',
    ]


def test_a_revised_brief_keeps_the_earlier_ones_secrets(here: House, ticket: Ticket) -> None:
    with here.agent() as queue:
        second = queue.revise(ticket, brief(amount=12.5))
    with here.desk() as ana:
        review = pick_up(ana, second)
        assert review.previous is not None
        shown = repr(review.previous) + review.previous.model_dump_json()
    assert ACCOUNT not in shown
    assert MEDICAL not in shown


def test_unmasking_is_for_whoever_has_it_in_hand(here: House, ticket: Ticket) -> None:
    with here.desk() as ana, here.desk("ben") as ben:
        review = pick_up(ana, ticket)
        with pytest.raises(NotFound, match="no-such-fact"):
            ana.unmask(review, "no-such-fact")
        with pytest.raises(LeaseLost):
            ben.unmask(review, "bank-account")
        ana.release(review.item)
        with pytest.raises(LeaseLost):
            ana.unmask(review, "bank-account")
    assert "unmasked" not in kinds(here.path)


def test_the_snapshot_holds_the_suggestion_in_its_own_place(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
    assert review.brief.recommendation is None
    assert review.recommendation is not None
    assert review.brief_sha256 == ticket.brief_sha256
    assert review.action_sha256 == ticket.action_sha256
    assert review.handling.on_silence == "senior refunds takes over"


# -- attention


def test_active_time_is_what_lies_between_signs_of_life(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        session = ana.start_session()
        review = ana.open(session.items[0])
        for seconds in (5, 20, 60, 61, 3600, 4):
            pass_time(here, seconds)
            ana.active(review)
            if seconds == 3600:
                ana.heartbeat(session)
                session = ana.start_session()
                review = ana.open(session.items[0])
        pass_time(here, 1)
        ana.evidence_opened(review, "carrier-scan")
        ana.release(review.item)
    with raw(here.path) as db:
        looks = db.execute("SELECT active_ms, evidence FROM review ORDER BY fence").fetchall()
    assert [look["active_ms"] for look in looks] == [145_000, 5_000]
    assert [look["evidence"] for look in looks] == ["[]", '["carrier-scan"]']


def test_only_what_is_there_can_be_opened(here: House, ticket: Ticket) -> None:
    """Telemetry holds ids of evidence and no words that somebody passes for one."""
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        with pytest.raises(NotFound):
            ana.evidence_opened(review, "what I think of my colleague")
        ana.release(review.item)
    with raw(here.path) as db:
        assert db.execute("SELECT evidence FROM review").fetchone()["evidence"] == "[]"


def test_time_away_from_the_terminal_does_not_count(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        pass_time(here, 10)
        ana.focus(review, lost=True)
        pass_time(here, 30)
        ana.focus(review, lost=False)
        pass_time(here, 7)
        ana.decide(review, option="reject", reason="no")
    with raw(here.path) as db:
        look = db.execute("SELECT active_ms, focus_lost FROM review").fetchone()
    assert tuple(look) == (17_000, 1)


def test_a_clock_that_jumps_back_adds_nothing(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        pass_time(here, 10)
        ana.active(review)
        pass_time(here, -7200)
        ana.active(review)
        pass_time(here, 5)
        ana.active(review)
        ana.release(review.item)
    with raw(here.path) as db:
        assert db.execute("SELECT active_ms FROM review").fetchone()[0] == 15_000


def test_what_was_seen_survives_opening_again(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        review = pick_up(ana, ticket)
        pass_time(here, 10)
        ana.evidence_opened(review, "carrier-scan")
        ana.unmask(review, "bank-account")
        again = ana.open(review.item)
        assert again.id == review.id
        pass_time(here, 10)
        ana.evidence_opened(again, "customer-mail")
        ana.release(again.item)
    with raw(here.path) as db:
        look = db.execute("SELECT active_ms, evidence, unmasked FROM review").fetchone()
    assert tuple(look) == (20_000, '["carrier-scan", "customer-mail"]', '["bank-account"]')
    assert kinds(here.path).count("opened") == 1


def test_the_summary_adds_up(here: House) -> None:
    with here.agent() as queue:
        for number in range(1, 6):
            queue.submit(brief(f"Refund number {number}?", amount=number))
    with here.desk() as ana:
        session = ana.start_session(max_items=4)
        seconds = (10, 20, 40, 5)
        for item, spent in zip(session.items, seconds, strict=True):
            review = ana.open(item)
            pass_time(here, spent)
            ana.active(review)
            if spent == 10:
                ana.decide(review, option="reject", reason="no")
            elif spent == 20:
                ana.hand_on(item, reason="over my limit")
            elif spent == 40:
                ana.snooze(item, until=here.clock.now() + 1000, reason="later")
        summary = ana.end_session(session)
        assert summary.ended_at - summary.started_at == 75_000
        assert (summary.opened, summary.active_seconds) == (4, 75)
        assert summary.verdicts == {"reject": 1}
        assert (summary.handed_on, summary.snoozed, summary.released) == (1, 1, 1)
        assert summary.longest == (session.items[2].question, 40)
        glance = ana.overview()
        assert (glance.done_today, glance.active_seconds_today) == (1, 75)


# -- looking at the desk


def test_a_search_takes_text_as_text(here: House) -> None:
    with here.agent() as queue:
        first = queue.submit(brief("Refund 100% of order A_1?"), key="first")
        queue.submit(brief("Refund 1000 of order AB1?"), key="second")
    with here.desk() as ana:
        assert ana.waiting_ids("100%") == (first.id,)
        assert ana.waiting_ids("A_1") == (first.id,)
        assert ana.waiting_ids("first") == (first.id,)
        assert len(ana.waiting_ids("refund-agent")) == 2
        assert ana.waiting_ids("\\") == ()


def test_rows_that_are_gone_are_left_out(here: House, ticket: Ticket) -> None:
    with here.desk() as ana:
        (row,) = ana.rows([new_id(0), ticket.id])
        assert (row.id, row.agent, row.claimed_by) == (ticket.id, "refund-agent", None)


def test_the_version_changes_with_every_commit(here: House, ticket: Ticket) -> None:
    with here.desk() as ana, here.desk("ben") as ben:
        before = ana.version()
        assert ana.version() == before
        ben.claim(ticket.id)
        after = ana.version()
        assert after != before
        ana.comment(ticket.id, "seen")
        assert ana.version() != after


# -- the entrance


def test_a_stranger_has_no_door(here: House) -> None:
    with pytest.raises(NotAllowed, match="zoe"):
        here.desk("zoe")


def test_somebody_elses_name_has_no_door(here: House) -> None:
    add_reviewer(
        here.places, Reviewer(name="zoe", label="Zoe", roles=("refunds",), user=("nobody-else",))
    )
    with pytest.raises(NotAllowed, match=f"zoe is not the user {getpass.getuser()}"):
        here.desk("zoe")


def test_a_name_is_needed_where_one_user_is_several_people(here: House) -> None:
    with pytest.raises(NotAllowed, match="--as"):
        ReviewDesk.open(here.path, clock=here.clock)


def test_a_reviewer_out_of_their_time_has_no_door(here: House) -> None:
    now = dt.datetime.fromtimestamp(here.clock.now() / 1000, dt.UTC)
    times = {"late": {"valid_from": now + dt.timedelta(seconds=1)}, "gone": {"valid_until": now}}
    for name, valid in times.items():
        me = (getpass.getuser(),)
        person = Reviewer(name=name, label=name, roles=("refunds",), user=me, **valid)
        add_reviewer(here.places, person)
        with pytest.raises(NotAllowed, match="not valid"):
            here.desk(name)


def test_without_the_key_there_is_no_door(here: House) -> None:
    here.places.key("ana").unlink()
    with pytest.raises(OverreadError, match=r"keys/ana"):
        here.desk()


def test_a_key_that_is_not_in_the_roster_opens_nothing(here: House) -> None:
    here.places.key("ana").unlink()
    generate(here.places.key("ana"), "self-made")
    with pytest.raises(NotAllowed, match="not one of ana's"):
        here.desk()


def test_a_role_taken_away_signs_nothing_any_more(here: House, ticket: Ticket) -> None:
    """The held approval stays unsigned until the role is theirs again, or the lease lapses."""
    roster = here.places.reviewers_file
    with here.desk() as ana:
        receipt = ana.decide(pick_up(ana, ticket), option="approve")
        text = roster.read_text("utf-8")
        assert text.count('"refunds"') == 2
        roster.write_text(text.replace('"refunds"', '"senior"'), "utf-8")
        pass_time(here, 10)
        with pytest.raises(NotAllowed, match="does not hold the role"):
            ana.release_due()
        roster.write_text(text, "utf-8")
        (released,) = ana.release_due()
        assert released.escalation == receipt.escalation


def test_there_is_no_door_without_a_desk(tmp_path: Path) -> None:
    with pytest.raises(NoDesk, match="overread init"):
        ReviewDesk.open(tmp_path / "none.db", reviewer="ana")


def test_a_decided_item_counts_for_its_day_only(here: House, ticket: Ticket) -> None:
    settle(here, ticket, "reject")
    with here.desk() as ana:
        assert ana.overview().done_today == 1
        pass_time(here, 86_400)
        assert ana.overview().done_today == 0
