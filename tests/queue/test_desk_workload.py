"""How much one person is given: by the day, by the session, and until a break."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import POLICY, House, brief, house
from frictionless import with_friction
from journey import kinds, pass_time, pick_up, raw
from overread_queue import ReviewDesk
from overread_queue.errors import CapReached, TooSoon
from overread_queue.models import Ticket
from overread_queue.setup import add_reviewer
from overread_queue.trust.people import Reviewer

DAY = 86_400


def limited(folder: Path, limits: str = "", **controls: str | float | bool) -> House:
    folder.mkdir(exist_ok=True)
    return house(folder, policy=with_friction(POLICY, **controls) + f"\n[limits]\n{limits}\n")


def submit(here: House, count: int, *, first: int = 1) -> list[Ticket]:
    with here.agent() as queue:
        return [
            queue.submit(brief(f"Refund number {number}?", amount=number))
            for number in range(first, first + count)
        ]


def wait_until_midnight(here: House) -> None:
    day = DAY * 1000
    pass_time(here, (day - here.clock.now() % day) / 1000)


def review_for(here: House, desk: ReviewDesk, ticket: Ticket | str, seconds: int) -> None:
    """Look at one for so long, a step a minute, and say no."""
    review = pick_up(desk, ticket)
    for step in (*[60] * (seconds // 60), seconds % 60):
        pass_time(here, step)
        desk.active(review)
    desk.decide(review, option="reject", reason="no")


# -- the day


def test_what_is_opened_before_midnight_counts_for_the_day_it_is_decided_in(tmp_path: Path) -> None:
    here = limited(tmp_path, "day_items = 2")
    pass_time(here, DAY / 2)
    wait_until_midnight(here)
    pass_time(here, -60)
    with here.desk() as ana:
        first, second, third = (pick_up(ana, one) for one in submit(here, 3))
        wait_until_midnight(here)
        ana.decide(first, option="approve")
        ana.decide(second, option="approve")
        with pytest.raises(CapReached):
            ana.decide(third, option="approve")
        assert ana.workload().items == 2


def test_a_days_items_are_over(tmp_path: Path) -> None:
    here = limited(tmp_path, "day_items = 2")
    first, second, third, fourth = submit(here, 4)
    with here.desk() as ana:
        ana.claim(fourth.id)
        review_for(here, ana, first, 5)
        review = pick_up(ana, second)
        at_hand = ana.open(fourth.id)
        ana.decide(review, option="approve")
        capped = "the day's limit of 2 items is reached"
        assert ana.workload().capped == ana.standing(at_hand).capped == capped, "held counts"
        for refused in (
            lambda: ana.claim(third.id),
            ana.start_session,
            lambda: ana.decide(at_hand, option="approve"),
        ):
            with pytest.raises(CapReached, match="2 items"):
                refused()
        assert ana.decide(at_hand, option="reject", reason="no").state == "recorded"
        pass_time(here, DAY)
        assert ana.claim(third.id).id == third.id, "tomorrow is another day"
    assert kinds(here.path).count("refused:CapReached") == 3


def test_an_approval_taken_back_gives_its_place_back(tmp_path: Path) -> None:
    here = limited(tmp_path, "day_items = 1")
    first, second = submit(here, 2)
    with here.desk() as ana:
        receipt = ana.decide(pick_up(ana, first), option="approve")
        with pytest.raises(CapReached):
            ana.claim(second.id)
        ana.undo(receipt)
        assert ana.claim(second.id).id == second.id
        assert ana.decide(ana.open(first.id), option="approve").state == "held"


def test_what_others_did_is_not_ones_own(tmp_path: Path) -> None:
    here = limited(tmp_path, "day_items = 1")
    first, second, third = submit(here, 3)
    with here.desk() as ana, here.desk("ben") as ben:
        review_for(here, ana, first, 5)
        ana_left = pick_up(ben, second)
        ben.release(ana_left.item)
        review_for(here, ben, third, 5)
        assert ben.workload().items == ana.workload().items == 1


def test_a_days_minutes_are_over(tmp_path: Path) -> None:
    """The review that goes over the limit may be finished; the next one may not be begun."""
    here = limited(tmp_path, "day_minutes = 2")
    first, second, third = submit(here, 3)
    with here.desk() as ana:
        review_for(here, ana, first, 60)
        review = pick_up(ana, second)
        ana.claim(third.id)
        for _ in range(3):
            pass_time(here, 60)
            ana.active(review)
        assert ana.standing(review).capped == ""
        assert ana.decide(review, option="approve").state == "held"
        at_hand = ana.open(third.id)
        with pytest.raises(CapReached, match="2 minutes"):
            ana.decide(at_hand, option="approve")
        with pytest.raises(CapReached, match="2 minutes"):
            ana.start_session()
        assert ana.workload().active_seconds == 240


def test_a_reviewers_own_time_scales_the_minutes(tmp_path: Path) -> None:
    here = limited(tmp_path, "day_minutes = 1", session_minutes=10.0)
    submit(here, 5)
    slow = Reviewer(name="kim", label="Kim", roles=("refunds",), time_multiplier=4)
    add_reviewer(here.places, slow)
    with here.desk("kim") as kim, here.desk() as ana:
        session = kim.start_session()
        assert len(session.items) == 1, "twelve minutes each, and four of the day"
        assert session.expected_seconds == 4 * session.items[0].expected_seconds
        hers, theirs = submit(here, 2, first=8)
        review_for(here, ana, hers, 60)
        with pytest.raises(CapReached):
            ana.start_session()
        review_for(here, kim, theirs, 60)
        assert kim.workload().seconds_most == 240
        assert kim.start_session().items


# -- the session


def test_a_session_takes_what_is_left_of_the_day(tmp_path: Path) -> None:
    here = limited(tmp_path, "day_items = 3")
    tickets = submit(here, 6)
    with here.desk() as ana:
        review_for(here, ana, tickets[0], 5)
        assert len(ana.start_session().items) == 2
        assert len(ana.start_session(max_items=1).items) == 1


def test_a_session_ends_where_a_break_is_due(tmp_path: Path) -> None:
    """Three minutes each: ten until the break are three items, and the six that remain two."""
    here = limited(tmp_path, break_after="10m", session_minutes=25.0)
    tickets = submit(here, 9)
    with here.desk() as ana:
        session = ana.start_session()
        assert len(session.items) == 3
        ana.end_session(session)
        review_for(here, ana, tickets[-1], 240)
        assert len(ana.start_session().items) == 2
        pass_time(here, 300)
        assert len(ana.start_session().items) == 3, "the break was taken"


def test_a_long_session_opens_nothing_more(tmp_path: Path) -> None:
    here = limited(tmp_path, session_longest="2m")
    submit(here, 3)
    (late,) = submit(here, 1, first=9)
    with here.desk() as ana:
        session = ana.start_session(max_items=3)
        review = ana.open(session.items[0])
        for _ in range(2):
            pass_time(here, 60)
            ana.active(review)
        with pytest.raises(CapReached, match="2 minutes"):
            ana.open(session.items[1])
        with pytest.raises(CapReached, match="2 minutes"):
            ana.claim(late.id)
        assert ana.open(session.items[0]).id == review.id, "what is open may be finished"
        assert ana.decide(review, option="approve").state == "held"
        ana.end_session(session)
        assert ana.start_session().items, "another session starts with its own time"


def test_a_break_is_suggested_and_not_enforced(tmp_path: Path) -> None:
    here = limited(tmp_path, break_after="2m", break_for="1m")
    submit(here, 2)
    with here.desk() as ana:
        session = ana.start_session(max_items=1)
        tickets = submit(here, 2, first=8)
        review_for(here, ana, tickets[-1], 60)
        assert not ana.workload().break_due
        review_for(here, ana, tickets[-2], 60)
        load = ana.workload()
        assert (load.break_due, load.break_seconds, load.since_break_seconds) == (True, 60, 120)
        assert ana.end_session(session).break_seconds == 60
        assert ana.start_session().items
        pass_time(here, 60)
        assert not ana.workload().break_due


# -- telemetry


def test_the_reviews_of_a_session_add_up_to_it(tmp_path: Path) -> None:
    here = limited(tmp_path)
    submit(here, 3)
    with here.desk() as ana:
        session = ana.start_session()
        for item in session.items:
            review = ana.open(item)
            pass_time(here, 20)
            ana.focus(review, lost=True)
            pass_time(here, 20)
            ana.focus(review, lost=False)
            ana.heartbeat(session)
            pass_time(here, 7)
            ana.decide(review, option="approve")
        pass_time(here, 60)
        summary = ana.end_session(session)
        review_for(here, ana, submit(here, 1, first=9)[0], 30)
        assert ana.workload().active_seconds == 81 + 30, "the last one was in no session"
    with raw(here.path) as db:
        reviews, session_ms = db.execute(
            "SELECT sum(r.active_ms), s.active_ms FROM review AS r JOIN session AS s"
            " ON s.id = r.session"
        ).fetchone()
    assert reviews == session_ms == 3 * 27_000
    assert summary.active_seconds == 81


def test_a_refused_approval_counts_no_time_twice(tmp_path: Path) -> None:
    here = limited(tmp_path, floor_irreversible="45s")
    submit(here, 1)
    with here.desk() as ana:
        session = ana.start_session()
        review = ana.open(session.items[0])
        for _ in range(4):
            pass_time(here, 10)
            with pytest.raises(TooSoon):
                ana.decide(review, option="approve")
        ana.end_session(session)
    with raw(here.path) as db:
        assert db.execute("SELECT active_ms FROM session").fetchone()[0] == 40_000
        assert db.execute("SELECT active_ms FROM review").fetchone()[0] == 40_000


def test_the_pause_between_two_sessions_is_kept(tmp_path: Path) -> None:
    here = limited(tmp_path)
    with here.desk() as ana, here.desk("ben") as ben:
        ana.end_session(ana.start_session())
        pass_time(here, 90)
        ben.start_session()
        ana.start_session()
        ana.start_session()
        pass_time(here, -3600)
        ana.start_session()
    with raw(here.path) as db:
        rows = db.execute(
            "SELECT break_ms FROM session WHERE reviewer = 'ana' ORDER BY rowid"
        ).fetchall()
    assert [row["break_ms"] for row in rows] == [None, 90_000, 0, 0]


def test_what_a_session_learned(tmp_path: Path) -> None:
    """Of three first judgements one differed from what was then shown, and one saw nothing."""
    here = limited(tmp_path, withhold_from="high")
    submit(here, 4)
    with here.desk() as ana:
        session = ana.start_session()
        for item, choice in zip(session.items, ("approve", "reject", "reject", ""), strict=True):
            review = ana.open(item)
            if choice:
                review = ana.judge(review, option=choice, confidence="low")
            if choice and item != session.items[2]:
                ana.reveal(review)
            ana.release(item)
        summary = ana.end_session(session)
    assert (summary.judged, summary.differed, summary.break_seconds) == (3, 1, None)
