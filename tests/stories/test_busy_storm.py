"""Sixteen processes write to one desk as fast as they can: each gets its turn, none an error."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import storm_workers
from endless_desk import ENDLESS, PEOPLE, hire
from factories import House, house
from journey import assert_chain_whole, raw
from nursery import Nursery
from overread_queue.clock import SystemClock
from overread_queue.store import Store

PROCESSES = 16


@pytest.fixture
def here(tmp_path: Path) -> House:
    made = house(tmp_path, clock=SystemClock(), policy=ENDLESS)
    hire(made)
    return made


def storm(here: House, *, rounds: int) -> list[str]:
    """Goes on until the slowest process has answered so many; everything that was answered.

    Who is kept waiting for too long gives up with an error, and that ends it here as well.
    """
    logs = [here.path.with_name(f"done-{place}") for place in range(PROCESSES)]
    with Nursery(storm_workers.__file__) as nursery:
        for place, log in enumerate(logs):
            log.touch()
            person = PEOPLE[place % len(PEOPLE)]
            nursery.start(str(place), place, here.path, log, person)
        while min(len(_whole_lines(log)) for log in logs) < rounds:
            nursery.check()
            time.sleep(0.1)
    return [line for log in logs for line in _whole_lines(log)]


def _whole_lines(log: Path) -> list[str]:
    return log.read_text("utf-8").rpartition("\n")[0].splitlines()


def check(here: House, answered: list[str]) -> None:
    with raw(here.path) as db:
        decided = [row[0] for row in db.execute("SELECT escalation FROM decision")]
    assert len(decided) == len(set(decided))
    assert set(answered) <= set(decided)
    store = Store(here.path)
    assert store.integrity() == ()
    store.close()
    assert_chain_whole(here.path)


def test_every_process_gets_its_turn(here: House) -> None:
    check(here, storm(here, rounds=3))


@pytest.mark.soak
def test_every_process_gets_its_turn_for_a_long_time(here: House) -> None:
    check(here, storm(here, rounds=500))
