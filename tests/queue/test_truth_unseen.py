"""What two people overlook: reckoned from what each of them found, and how surely others see."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House, brief
from overread_queue.health.metric import Reading
from overread_queue.setup import add_reviewer
from overread_queue.store import Store
from overread_queue.store.releases import FigureRow
from overread_queue.trust.people import Reviewer
from overread_queue.trust.roster import Roster
from overread_queue.truth.sight import Sight, sight_of
from tier_desks import office
from two_people import dual_house, say


@pytest.fixture
def here(tmp_path: Path) -> House:
    made = dual_house(tmp_path)
    user = Roster.load(made.places).reviewer("ana").user
    add_reviewer(made.places, Reviewer(name="lea", label="Lea", roles=("lead",), user=user))
    return made


def read_twice(here: House, key: str, first: str, second: str) -> str:
    with here.agent() as queue:
        ticket = queue.submit(brief(), key=key)
    say(here, ticket, "ana", first)
    say(here, ticket, "ben", second)
    return ticket.id


def unseen(here: House) -> Reading:
    with office(here) as lea:
        (found,) = lea.metrics(lea.last_days(30), ["errors_unseen"]).metrics
    return found.whole


def test_errors_that_went_past_both(here: House) -> None:
    for key in ("a", "b"):
        read_twice(here, key, "reject", "reject")
    read_twice(here, "c", "reject", "approve")
    read_twice(here, "d", "approve", "reject")
    read_twice(here, "e", "approve", "approve")
    needless = read_twice(here, "f", "reject", "approve")
    say(here, needless, "sam", "approve")
    with office(here) as lea:
        lea.adjudicate(needless, "right", "outcome")
    found = unseen(here)
    assert found.n == 6
    assert found.value == pytest.approx(4 * 4 / 3 - 1 - 4)
    assert found.interval is not None
    assert found.interval.low == 0 < found.value < found.interval.high
    assert "4 were found" in found.note


def test_where_nobody_finds_anything_there_is_no_number(here: House) -> None:
    assert unseen(here).note.startswith("Nothing was read by two")
    read_twice(here, "a", "approve", "approve")
    found = unseen(here)
    assert (found.n, found.value) == (1, None)
    assert "a clean desk" in found.note


def test_released_blind_tests_say_what_is_caught(here: House) -> None:
    store = Store(here.path)
    with store.write() as tx:
        assert sight_of(tx, ()) == Sight(0, 0, 0, 0)
        for sort, n, caught in (("wrong", 40, 30), ("good", 50, 5)):
            id = tx.releases.add(sort, hour=0)
            tx.releases.add_figure(FigureRow(id, 0, "all", "", n, caught))
        assert sight_of(tx, ()) == Sight(30, 40, 5, 50)
    store.close()
