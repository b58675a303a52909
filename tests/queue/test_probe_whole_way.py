"""A blind test from the lead who makes it to the figure that it ends in."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from blind import arrived, closed, live, results, sweep
from factories import NOON, House, house
from journey import assert_chain_whole, pass_time
from overread_queue.clock import ManualClock
from overread_queue.office import LeadOffice
from overread_queue.setup import add_reviewer
from overread_queue.trust.people import Reviewer

WEEK = 7 * 86_400


@pytest.fixture
def here(tmp_path: Path) -> House:
    desk = house(tmp_path, clock=ManualClock(NOON))
    lea = Reviewer(name="lea", label="Lea", roles=("lead",), user=(getpass.getuser(),))
    add_reviewer(desk.places, lea)
    return desk


def test_a_closed_mistake_is_met_a_week_later_as_if_it_had_just_come(here: House) -> None:
    source = closed(here, reviewer="ben")
    with LeadOffice.open(here.path, reviewer="lea", clock=here.clock) as lea:
        lea.adjudicate(source.id, "wrong", "second_reading")
        made = lea.make_probe(source.id, "none")
        lea.check_probe(made.row.id, realistic=True)
    sweep(here)
    pass_time(here, WEEK)
    test, _ = arrived(here)
    with here.desk() as ana:
        session = ana.start_session()
        review = ana.open(test)
        mail, scan, _ = review.brief.evidence
        assert here.clock.now() - mail.as_of == 3_600_000
        assert scan.content == "2026-08-19 14:03 DELIVERED, signed M. Keller"
        assert "A-0500" not in review.brief.question
        ana.decide(review, option="approve")
        pass_time(here, 10)
        ana.release_due()
        ana.end_session(session)
    (result,) = results(here)
    assert (result.mutation, result.sort, result.caught) == ("none", "wrong", 0)
    assert live(here) == []
    assert_chain_whole(here.path)
