"""However it is interrupted, everything on the chain is counted once."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import following_worker
from busy_desk import submit
from factories import House
from journey import raw, settle
from overread_queue.ground import Ground
from overread_queue.health import following
from overread_queue.health.following import follow
from overread_queue.places import Places
from tier_desks import asking, office, refund, tag, tier_house

Rows = list[tuple[object, ...]]


@pytest.fixture(scope="module")
def uncounted(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Some 200 events that nobody has counted yet."""
    here = tier_house(tmp_path_factory.mktemp("uncounted"))
    for number in range(10):
        settle(here, submit(here, refund(number)), ("approve", "reject")[number % 2])
    with here.agent("bot") as bot:
        for _ in range(50):
            bot.propose(tag())
        bot.submit(asking(refund(99)))
    return here


@pytest.fixture
def here(uncounted: House, tmp_path: Path) -> House:
    return copied(uncounted, tmp_path / "own")


def copied(house: House, folder: Path) -> House:
    shutil.copytree(house.path.parent, folder)
    return House(Places.of(folder / house.path.name), house.clock)


def counted(house: House) -> Rows:
    with closing(Ground(house.places, house.clock)) as ground:
        follow(ground)
    with raw(house.path) as db:
        return [tuple(row) for row in db.execute("SELECT * FROM tally ORDER BY 1, 2, 3, 4, 5, 6")]


@pytest.mark.parametrize(("when", "step"), [("inside", 3), ("between", 2)])
def test_a_counter_that_is_killed_has_counted_nothing_twice_and_lost_nothing(
    uncounted: House, here: House, tmp_path: Path, step: int, when: str
) -> None:
    worker = [sys.executable, following_worker.__file__, str(here.path)]
    died = subprocess.run([*worker, str(here.clock.now()), str(step), when], check=False)

    assert died.returncode == -signal.SIGKILL
    assert counted(here) == counted(copied(uncounted, tmp_path / "undisturbed"))


def test_it_makes_no_difference_in_how_many_steps(
    uncounted: House, here: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = counted(copied(uncounted, tmp_path / "undisturbed"))
    monkeypatch.setattr(following, "MOST", 7)
    with closing(Ground(here.places, here.clock)) as ground:
        assert follow(ground, most=20) == 21
    assert counted(here) == whole
    assert whole


def test_a_desk_that_cannot_be_written_to_is_read_all_the_same(here: House) -> None:
    with raw(here.path) as db:
        db.execute("CREATE TRIGGER full BEFORE INSERT ON tally BEGIN SELECT RAISE(ABORT, 'x'); END")
        db.commit()
    with office(here) as lea:
        found = lea.metrics(lea.last_days(1), ["depth"])
    assert found.metrics[0].whole.n == 1
    assert "is not counted yet" in found.remarks[0]
