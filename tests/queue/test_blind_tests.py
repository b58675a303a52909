"""A blind test among real work: a reviewer treats it as such, and only a nameless result stays."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from blind import NothingPutIn, arrived, closed, get, live, made, results, sweep, worked
from factories import NOON, House, brief, house
from journey import assert_chain_whole, events, kinds, pass_time, pick_up, raw, settle
from overread_queue import ReviewDesk
from overread_queue.audit.verify import verify
from overread_queue.clock import ManualClock
from overread_queue.errors import LeaseLost, MoveRefused, NotFound
from overread_queue.ground import Ground
from overread_queue.keeping.purge import erase
from overread_queue.models import Item
from overread_queue.store.driver import sqlite3

HOUR = 3600


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path, clock=ManualClock(NOON))


def retire(here: House, probe: str) -> None:
    with closing(Ground(here.places, here.clock)) as ground, ground.store.write() as tx:
        assert tx.probes.retire(probe, now=here.clock.now())


def test_a_reviewer_decides_on_it_as_on_real_work_and_only_the_result_stays(here: House) -> None:
    probe = made(here, closed(here))
    test, real = arrived(here)
    with here.desk() as ana:
        session = ana.start_session()
        assert {item.id for item in session.items} == {test, real.id}
        receipt = ana.decide(ana.open(test), option="reject", reason="it was cents")
        assert (receipt.state, receipt.verdict) == ("recorded", "reject")
        summary = ana.end_session(session)
    assert (summary.tests, summary.opened, summary.verdicts) == (1, 1, {"reject": 1})
    (result,) = results(here)
    assert (result.sort, result.mutation, result.answer) == ("wrong", "unit_error", "reject")
    assert (result.caught, result.hour) == (1, here.clock.now() // 3_600_000 * 3_600_000)
    assert (live(here), get(here, probe).escalation) == ([], None)
    assert_chain_whole(here.path)


def test_an_approval_is_held_can_be_taken_back_and_is_recorded(here: House) -> None:
    made(here, closed(here))
    test, _ = arrived(here)
    with here.desk() as ana:
        session = ana.start_session()
        receipt = ana.decide(ana.open(test), option="approve")
        assert receipt.state == "held"
        assert ana.undo(receipt).id == test
        ana.decide(ana.open(test), option="approve")
        pass_time(here, 10)
        (recorded,) = ana.release_due()
        assert (recorded.escalation, recorded.state) == (test, "recorded")
        assert ana.end_session(session).verdicts == {"approve": 1}
    (result,) = results(here)
    assert (result.answer, result.caught) == ("approve", 0)
    assert kinds(here.path, test) == []


def hand_on(desk: ReviewDesk, item: Item) -> None:
    desk.open(item)
    desk.hand_on(item, reason="somebody senior should see this")


def ask(desk: ReviewDesk, item: Item) -> None:
    desk.decide(desk.open(item), option="need-info", reason="which currency?")


@pytest.mark.parametrize(("answer", "said"), [(hand_on, "handed_on"), (ask, "need_info")])
def test_the_first_answer_of_any_kind_ends_it(
    here: House, answer: Callable[[ReviewDesk, Item], None], said: str
) -> None:
    made(here, closed(here))
    test, _ = arrived(here)
    with here.desk() as ana, here.desk("sam") as sam:
        session = ana.start_session()
        answer(ana, next(item for item in session.items if item.id == test))
        assert test not in sam.waiting_ids()
        assert ana.end_session(session).tests == 1
    assert [result.answer for result in results(here)] == [said]


@pytest.mark.parametrize("left", ["release", "snooze"])
def test_what_was_only_put_away_waits_for_whoever_comes_next(here: House, left: str) -> None:
    made(here, closed(here))
    test, _ = arrived(here)
    with here.desk() as ana:
        session = ana.start_session()
        ana.open(test)
        if left == "release":
            ana.release(test)
        else:
            ana.snooze(test, until=here.clock.now() + 60_000, reason="after lunch")
        assert ana.end_session(session).tests == 0
    pass_time(here, 60)
    assert (results(here), live(here)) == ([], [test])
    with here.desk("ben") as ben:
        session = ben.start_session()
        ben.decide(ben.open(test), option="reject", reason="no")
        assert ben.end_session(session).tests == 1
    assert len(results(here)) == 1


# -- who meets it


def test_whether_anything_looked_like_a_test_is_counted_once_without_a_name(here: House) -> None:
    made(here, closed(here))
    test, _ = arrived(here)
    with here.desk() as ana:
        session = ana.start_session()
        ana.decide(ana.open(test), option="reject", reason="it was cents")
        summary = ana.end_session(session)
        for _ in range(2):
            ana.looked_like_a_test(summary, seemed=True)
        ana.looked_like_a_test(replace(summary, id="other", tests=0), seemed=True)

    with raw(here.path) as connection:
        kept = connection.execute("SELECT seemed, answers FROM probe_noticed").fetchall()
    assert [tuple(row) for row in kept] == [(1, 1)]


def test_who_decided_on_its_source_is_not_shown_it(here: House) -> None:
    made(here, closed(here, reviewer="ben"))
    test, real = arrived(here)
    with here.desk("ben") as ben, here.desk() as ana:
        assert ben.waiting_ids() == (real.id,)
        assert {*ana.waiting_ids()} == {test, real.id}
        with pytest.raises(LeaseLost):
            ben.claim(test)


def test_nobody_meets_it_twice(here: House) -> None:
    made(here, closed(here))
    test, _ = arrived(here)
    with here.desk() as ana:
        session = ana.start_session()
        ana.decide(ana.open(test), option="reject", reason="no")
        ana.end_session(session)
        key = here.places.key("probes").read_bytes()
        again, _ = arrived(here, "second")
        here.places.key("probes").write_bytes(key)
        with here.desk("ben") as ben:
            assert again in ben.waiting_ids()
        assert again not in ana.waiting_ids()


def test_one_in_a_session_is_enough(here: House) -> None:
    source = closed(here)
    made(here, source)
    first, _ = arrived(here)
    worked(here, "ana", 19)
    with here.desk() as ana:
        session = ana.start_session()
        ana.decide(ana.open(first), option="reject", reason="no")
        made(here, source, brief("Refund $31.00 on order A-1800?", at=here.clock.now()))
        with pytest.raises(NothingPutIn):
            arrived(here, "second")
        ana.end_session(session)
        third, _ = arrived(here, "third")
        assert third in ana.waiting_ids()


def test_nobody_meets_a_second_one_before_nineteen_real_items(here: House) -> None:
    source = closed(here)
    met = made(here, source)
    first, _ = arrived(here)
    with here.desk() as ana:
        session = ana.start_session()
        ana.decide(ana.open(first), option="reject", reason="no")
        ana.end_session(session)
    retire(here, met)  # which she would never meet again
    made(here, source, brief("Refund $31.00 on order A-1800?", at=here.clock.now()))
    worked(here, "ana", 18)
    key = here.places.key("probes").read_bytes()
    second, real = arrived(here, "second")
    here.places.key("probes").write_bytes(key)  # Marks are made with it; draws are, too.
    with here.desk() as ana, here.desk("ben") as ben:
        assert second in ben.waiting_ids()
        assert second not in ana.waiting_ids()
        session = ana.start_session(max_items=0)
        ana.decide(ana.open(ana.claim(real.id)), option="reject", reason="no")
        ana.end_session(session)
        assert second in ana.waiting_ids()


# -- never in the way


def test_a_test_that_nobody_found_realistic_or_that_was_retired_is_not_put_in(here: House) -> None:
    source = closed(here)
    made(here, source, realistic=False)
    retire(here, made(here, source))
    with pytest.raises(NothingPutIn):
        arrived(here)


def test_what_waits_is_taken_away_when_work_piles_up(here: House) -> None:
    made(here, closed(here))
    test, _ = arrived(here)
    with here.agent() as queue, here.desk() as ana:
        for number in range(12):
            queue.submit(brief(at=here.clock.now()), key=f"flood-{number}")
        assert test in ana.waiting_ids()
        ana.sweep()
        assert test not in ana.waiting_ids()
    pass_time(here, HOUR + 1)
    sweep(here)
    assert (live(here), results(here)) == ([], [])
    assert_chain_whole(here.path)


def test_nothing_is_put_in_while_something_is_urgent(here: House) -> None:
    made(here, closed(here))
    with here.agent() as queue:
        queue.submit(brief(action_type="mail.send"), key="soon")
    pass_time(here, 40 * 60)
    with pytest.raises(NothingPutIn):
        arrived(here)


def test_it_is_gone_before_its_time_presses_and_a_late_one_breaches_nothing(here: House) -> None:
    made(here, closed(here))
    test, real = arrived(here)
    with here.desk() as ana:
        pass_time(here, 2 * HOUR)
        ana.sweep()
        assert ana.waiting_ids() == (real.id,)
    pass_time(here, 3 * HOUR)
    sweep(here)
    assert live(here) == []
    assert "breached" in kinds(here.path, real.id)
    assert kinds(here.path, test) == []


def test_one_in_hand_at_its_deadline_is_lost_like_any_other(here: House) -> None:
    made(here, closed(here))
    test, _ = arrived(here)
    with here.desk() as ana:
        session = ana.start_session()
        review = ana.open(test)
        for _ in range(50):
            pass_time(here, 290)
            ana.heartbeat(session)
        ana.sweep()
        with pytest.raises(MoveRefused):
            ana.decide(review, option="reject", reason="too late")
        ana.end_session(session)
    assert results(here) == []


# -- what is kept of it, and what is not


def test_it_counts_in_the_day_also_after_it_was_folded(here: House) -> None:
    made(here, closed(here))
    test, _ = arrived(here)
    with here.desk() as ana:
        session = ana.start_session()
        review = ana.open(test)
        pass_time(here, 30)
        ana.active(review)
        ana.decide(review, option="reject", reason="no")
        before = ana.workload()
        ana.end_session(session)
        after = ana.workload()
    assert live(here) == []
    assert (before.items, before.active_seconds) == (1, 30)
    assert (after.items, after.active_seconds) == (1, 30)


def test_the_chain_tells_of_it_in_a_later_hour_and_without_a_name(here: House) -> None:
    made(here, closed(here))
    test, _ = arrived(here)
    with here.desk() as ana:
        session = ana.start_session()
        ana.decide(ana.open(test), option="reject", reason="no")
        ana.end_session(session)
        ana.sweep()
        assert "item_reviewed" not in kinds(here.path)
        pass_time(here, HOUR)
        ana.sweep()
        ana.sweep()
    told = [event for event in events(here.path) if event.kind == "item_reviewed"]
    assert [(one.actor, one.agent, one.escalation, one.detail) for one in told] == [
        ("desk", None, None, "{}")
    ]
    assert_chain_whole(here.path)


def test_a_console_that_dies_leaves_it_to_the_next_sweep(here: House) -> None:
    """Answered, and nobody came back to end the session."""
    made(here, closed(here))
    test, _ = arrived(here)
    with here.desk() as ana:
        ana.start_session()
        ana.decide(ana.open(test), option="reject", reason="no")
    sweep(here)
    assert live(here) == [test]
    pass_time(here, 13 * HOUR)
    sweep(here)
    assert (live(here), len(results(here))) == ([], 1)


def test_the_examination_finds_nothing_wrong_with_a_test_among_real_work(here: House) -> None:
    made(here, closed(here))
    test, _ = arrived(here)
    assert_chain_whole(here.path)
    with here.desk() as ana:
        ana.decide(pick_up(ana, test), option="reject", reason="no")
    assert_chain_whole(here.path)


def test_real_work_that_somebody_declares_a_test_stays_real_work(here: House) -> None:
    """Whoever writes the file can neither hide a question from its agent nor silence its events."""
    probe = made(here, closed(here))
    with here.agent() as queue:
        real = queue.submit(brief(), key="real")
        with raw(here.path) as db:
            db.execute("UPDATE probe SET escalation = ? WHERE id = ?", (real.id, probe))
        settle(here, real, "reject")
        decision = queue.wait(real, timeout=0)
        assert decision is not None
        assert decision.verdict == "reject"
    assert "decided" in kinds(here.path, real.id)
    with closing(Ground(here.places, here.clock)) as ground, ground.store.read() as tx:
        assert not tx.probes.is_live(real.id)
    assert [one.kind for one in verify(here.places).damage] == ["test_planted"]


def test_no_signature_is_ever_kept_about_it(here: House) -> None:
    made(here, closed(here))
    test, _ = arrived(here)
    with raw(here.path) as db:
        for table, columns in (
            ("decision", "(?, 1, 'approve', 'approve', 'ana', 'n', x'00', x'00', 1)"),
            ("opinion", "(?, 1, 'ana', 'approve', 1, x'00', x'00', NULL, '')"),
        ):
            with pytest.raises(sqlite3.IntegrityError, match="never decided"):
                db.execute(f"INSERT INTO {table} VALUES {columns}", (test,))


def test_what_was_planted_beside_one_test_keeps_no_other_from_being_folded(here: House) -> None:
    source = closed(here)
    made(here, source)
    first, _ = arrived(here)
    with here.desk() as ana:
        session = ana.start_session()
        ana.decide(ana.open(first), option="reject", reason="no")
        with raw(here.path) as db:
            db.execute("PRAGMA foreign_keys = OFF")
            db.execute("UPDATE escalation SET predecessor = ? WHERE id = ?", (first, source.id))
        ana.end_session(session)
        made(here, source, brief("Refund $31.00 on order A-1800?", at=here.clock.now()))
        second, _ = arrived(here, "second")
    assert {*live(here)} == {first, second}
    with here.desk("ben") as ben:
        session = ben.start_session()
        ben.decide(ben.open(second), option="reject", reason="no")
        ben.end_session(session)
    assert (live(here), len(results(here))) == ([first], 1)


def test_erasing_its_source_takes_it_with_it(here: House) -> None:
    source = closed(here)
    probe = made(here, source)
    test, _ = arrived(here)
    with closing(Ground(here.places, here.clock)) as ground:
        erase(ground, "lead:olga", source.id, reason="asked for")
    assert (get(here, probe).body, live(here)) == (None, [])
    with here.desk() as ana, pytest.raises(NotFound):
        ana.claim(test)
    assert_chain_whole(here.path)
