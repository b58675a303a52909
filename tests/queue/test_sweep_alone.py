"""One bad row keeps nothing else waiting: not the other rows, and not the other errands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories import House, brief, house
from journey import events, kinds, pass_time, raw, row
from overread_queue.audit.verify import verify
from overread_queue.models import Ticket
from overread_queue.states import EscalationState
from tier_desks import ALL_AUDITED, flush, policy, recorded, tier_house

E = EscalationState
HOUR = 3600
PLANT = "INSERT INTO policy (sha256, body, seen_at) VALUES (:sha256, x'00', 1)"
EDITED = "e" * 64


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


def asked(here: House, amount: float = 1) -> Ticket:
    with here.agent() as queue:
        return queue.submit(brief(action_type="mail.send", amount=amount))


def edit(here: House, *tickets: Ticket) -> None:
    """The policy that these were judged by is no longer what was kept under its digest."""
    with raw(here.path) as db:
        db.execute(PLANT, {"sha256": EDITED})
        for ticket in tickets:
            db.execute("UPDATE escalation SET policy_sha256 = ? WHERE id = ?", (EDITED, ticket.id))


def test_an_edited_policy_stops_its_own_question_only(here: House) -> None:
    bad, good = asked(here), asked(here, 2)
    edit(here, bad)
    pass_time(here, HOUR)
    with here.desk() as ana:
        assert [ana.sweep(), ana.sweep()] == [2, 0]  # The other one's half-time was noticed.
    assert row(here.path, good.id).state is E.TIMED_OUT
    assert row(here.path, bad.id).state is E.WAITING
    (refusal,) = [event for event in events(here.path) if event.kind == "refused:Tampered"]
    assert (refusal.escalation, refusal.actor) == (bad.id, "desk")
    assert "breached" not in kinds(here.path, bad.id)
    assert {one.kind for one in verify(here.places).damage} == {"policy_altered"}


def test_more_bad_rows_than_one_transaction_holds_do_not_hide_the_good_one(here: House) -> None:
    with here.agent() as queue:
        bad = [queue.submit(brief(action_type="mail.send", amount=one)) for one in range(1, 206)]
    good = asked(here, 1000)
    edit(here, *bad)
    pass_time(here, HOUR)
    with here.desk() as ana:
        ana.sweep()
    assert row(here.path, good.id).state is E.TIMED_OUT
    assert kinds(here.path).count("refused:Tampered") == 205


def test_a_question_that_was_answered_and_reopened_by_hand_stops_nobody(here: House) -> None:
    reopened = asked(here)
    pass_time(here, HOUR)
    with here.desk() as ana:
        ana.sweep()
        good = asked(here, 2)
        with raw(here.path) as db:
            db.execute("DROP TRIGGER escalation_moves")
            db.execute("DROP TRIGGER escalation_is_final")
            db.execute(
                "UPDATE escalation SET state = 'WAITING', closed_at = NULL WHERE id = ?",
                (reopened.id,),
            )
        pass_time(here, HOUR)
        ana.sweep()
    assert row(here.path, good.id).state is E.TIMED_OUT
    assert "refused:Tampered" in kinds(here.path, reopened.id)


def test_withdrawals_deadlines_and_the_inbox_do_not_wait_for_each_other(here: House) -> None:
    bad, taken_back, overdue = asked(here), asked(here, 2), asked(here, 3)
    with here.agent() as queue:
        queue.withdraw(bad)
        queue.withdraw(taken_back)
    edit(here, bad)
    with raw(here.path) as db:
        db.execute(
            "INSERT INTO inbox (agent, key, body) VALUES ('refund-agent', 'k', ?)",
            (brief(amount=4).to_bytes(),),
        )
    pass_time(here, HOUR)
    with here.desk() as ana:
        assert ana.sweep() == 3
    assert row(here.path, overdue.id).state is E.TIMED_OUT
    with here.agent() as queue:
        assert queue.poll(taken_back) is not None
    assert kinds(here.path).count("submitted") == 4


def test_a_policy_file_that_cannot_be_read_stops_the_inbox_and_no_deadline(here: House) -> None:
    overdue = asked(here)
    pass_time(here, HOUR)
    with raw(here.path) as db:
        db.execute("INSERT INTO inbox (agent, key, body) VALUES ('refund-agent', 'k', '{}')")
    with here.desk() as ana:
        here.places.policy_file.write_text("schema = ")
        assert [ana.sweep(), ana.sweep()] == [1, 0]
    assert row(here.path, overdue.id).state is E.TIMED_OUT
    assert kinds(here.path).count("refused:InvalidPolicy") == 1
    with raw(here.path) as db:
        assert db.execute("SELECT state FROM inbox").fetchone()["state"] == "new"


def test_an_action_whose_inputs_were_edited_is_not_drawn_for_and_stops_no_draw(
    tmp_path: Path,
) -> None:
    here = tier_house(tmp_path, policy(more=ALL_AUDITED))
    with here.agent("bot") as bot:
        edited, erased = bot.propose(flush(number=1)), bot.propose(flush(number=2))
        whole = bot.propose(flush(number=3))
    with raw(here.path) as db:
        db.execute("UPDATE action SET inputs = '[' WHERE id = ?", (edited.id,))
        db.execute("UPDATE action SET inputs = NULL WHERE id = ?", (erased.id,))
    with here.desk() as ana:
        assert [ana.sweep(), ana.sweep()] == [1, 0]
    assert [one.id for one in recorded(here) if one.sampled] == [whole.id]
    refusals = [event.detail for event in events(here.path) if event.kind.startswith("refused:")]
    assert {json.loads(detail)["proposal"] for detail in refusals} == {edited.id, erased.id}
    assert len(refusals) == 2
