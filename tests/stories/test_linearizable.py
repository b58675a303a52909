"""Many processes do everything to the same escalations at once, and each item's history still reads
as if one call had followed the other."""

from __future__ import annotations

import json
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import history_workers
from endless_desk import ENDLESS, PEOPLE, hire
from factories import House, house
from fast_clock import FastClock
from history_workers import COUNTER, TIMES
from linearizable import REFUSED, UNKNOWN, Call, linearizable
from nursery import Nursery
from one_escalation import Known
from planted_bugs import BUGS

NOTHING = (None, REFUSED, UNKNOWN)


@pytest.fixture
def here(tmp_path: Path) -> House:
    made = house(tmp_path, clock=FastClock(TIMES), policy=ENDLESS)
    hire(made)
    return made


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery(history_workers.__file__) as made:
        yield made


def record(
    here: House, nursery: Nursery, *, processes: int, calls: int, bug: str = ""
) -> list[list[Call]]:
    """What was called and answered on this desk, one list for each item, until there are so many
    calls; now and then somebody is killed, and in the end everybody."""
    folder = here.path.parent / "histories"
    folder.mkdir(exist_ok=True)
    counter = folder / COUNTER
    if not counter.exists():
        counter.write_bytes(bytes(8))
    chance = random.Random(20261122)
    for place in range(processes):
        start(nursery, here, folder, place, bug)
    while int.from_bytes(counter.read_bytes(), "little") < calls:
        time.sleep(chance.uniform(0.2, 0.6))
        place = chance.randrange(processes)
        nursery.kill(str(place))
        start(nursery, here, folder, place, bug)
    nursery.kill_all()
    return list(read(folder))


def start(nursery: Nursery, here: House, folder: Path, place: int, bug: str) -> None:
    person = PEOPLE[place // 2 % len(PEOPLE)]
    nursery.start(str(place), f"{place}.{nursery.kills}", here.path, folder, person, bug)


def read(folder: Path) -> Iterator[list[Call]]:
    items: dict[str, list[Call]] = defaultdict(list)
    for path in sorted(folder.glob("*.history")):
        for key, call in calls_of(path):
            items[key].append(call)
    yield from items.values()


def calls_of(path: Path) -> Iterator[tuple[str, Call]]:
    """One process's calls. A line cut off by a kill was an answer that nobody heard."""
    console, _, who = path.stem.rpartition(".")
    open_calls: dict[str, Call] = {}
    for line in path.read_bytes().splitlines(keepends=True):
        if not line.endswith(b"\n"):
            break
        at, key, name, given, *answer = json.loads(line)
        if not answer:
            open_calls[key] = Call(name, console, who, given, at)
            continue
        begun = open_calls.pop(key)
        yield key, Call(name, console, who, given, begun.called, at, answer[0])
    yield from open_calls.items()


def odd(items: Iterable[list[Call]]) -> list[list[Call]]:
    """The histories that no order explains."""
    return [history for history in items if not linearizable(history, Known())]


def worked(items: list[list[Call]]) -> set[str]:
    """The calls that did something at least once: of the others nothing is known."""
    return {call.name for history in items for call in history if call.answer not in NOTHING}


def test_four_processes_leave_histories_that_one_could_have_left(
    here: House, nursery: Nursery
) -> None:
    """Goes on until an answer was acted on, as the histories up to there say little."""
    wanted = {"claim", "open", "approve", "sign", "take"}
    for calls in (1_000, 2_000, 4_000, 8_000):
        items = record(here, nursery, processes=4, calls=calls)
        assert odd(items) == []
        if worked(items) >= wanted:
            return
    assert worked(items) >= wanted


@pytest.mark.soak
def test_sixteen_processes_and_a_hundred_thousand_calls(here: House, nursery: Nursery) -> None:
    items = record(here, nursery, processes=16, calls=100_000)
    assert odd(items) == []
    assert worked(items) == {"submit", *history_workers.WEIGHTS}


RARE = "read_then_write"
"""Two processes have to read between the same two steps: hunting for it takes time."""


@pytest.mark.parametrize(
    "bug",
    [pytest.param(bug, marks=pytest.mark.soak if bug == RARE else ()) for bug in sorted(BUGS)],
)
def test_a_desk_without_one_of_its_guards_is_found_out(
    bug: str, here: House, nursery: Nursery
) -> None:
    so_far = (
        record(here, nursery, processes=4, calls=calls, bug=bug) for calls in range(300, 9_000, 300)
    )
    assert any(map(odd, so_far))
