"""A patient watcher looks behind every door before and after each answer: a blind test and its real
twin move the same things there, as long as the session goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from blind import arrived, closed, made, sweep
from command import run
from factories import POLICY, House, brief, house
from frictionless import with_friction
from journey import pass_time
from overread_console.cli.onlooker import pressures, rows, standing
from overread_console.report.gathering import gather
from overread_queue import ReviewDesk
from overread_queue.clock import ManualClock, SystemClock
from overread_queue.doctor import examine
from overread_queue.health.catalogue import CATALOGUE
from overread_queue.health.tallying import Cut
from overread_queue.models import Review
from overread_queue.office import LeadOffice

RANDOM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}|[0-9a-f]{16,32}")
JUDGED = with_friction(POLICY, withhold_from="high")
TODAY = SystemClock().now()
"""Commands in a shell go by the clock of the machine."""
FOREVER = 2**53
QUESTION = "Refund $24.00 on order A-1700?"


@dataclass(frozen=True)
class World:
    """A desk on which `item` waits beside a real question: a test, or its real twin."""

    here: House
    item: str
    beside: str


Seen = dict[str, str]
"""What stands behind each door."""
Door = Callable[[World], object]


def with_test(folder: Path) -> World:
    here = _desk(folder)
    made(here, closed(here), brief(QUESTION, amount=24.0, at=TODAY))
    test, real = arrived(here, "beside")
    return World(here, test, real.id)


def with_twin(folder: Path) -> World:
    here = _desk(folder)
    closed(here)
    with here.agent() as queue:
        real = queue.submit(brief(at=TODAY), key="beside")
        here.catch_up()
        sweep(here)
        twin = queue.submit(brief(QUESTION, amount=24.0, at=TODAY))
    return World(here, twin.id, real.id)


def _desk(folder: Path) -> House:
    """On which somebody has reviewed before: the very first approval begins a chart."""
    folder.mkdir()
    here = house(folder, clock=ManualClock(TODAY), policy=JUDGED)
    with here.agent() as queue, here.desk("ben") as ben:
        ticket = queue.submit(brief("Refund $12.00 on order A-0400?", at=TODAY), key="first")
        session = ben.start_session()
        review = ben.judge(ben.open(ticket.id), option="approve", confidence="high")
        ben.decide(review, option="approve")
        pass_time(here, 10)
        ben.end_session(session)
    here.catch_up()
    return here


# -- what a watcher looks at


def behind_every_door(world: World) -> Seen:
    """Looked at as a reviewer who is no lead."""
    sweep(world.here)
    with LeadOffice.open(world.here.path, reviewer="ana", clock=world.here.clock) as office:
        found = {name: door(office, world) for name, door in OFFICE.items()}
    with world.here.desk("ben") as desk:
        found |= {name: look(desk, world) for name, look in DESK.items()}
    found |= {name: look(world) for name, look in SHELL.items()}
    found |= _files(world.here.path.parent)
    return {name: _nameless(str(one)) for name, one in found.items()}


def _nameless(text: str) -> str:
    return RANDOM.sub("<id>", text)


def _measures(office: LeadOffice, cut: Cut) -> object:
    names = [one.name for one in CATALOGUE if not cut or cut in one.cuts]
    return [office.metrics(office.last_days(days), names, by=cut or None) for days in (1, 30)]


def _office_doors() -> Iterator[tuple[str, Callable[[LeadOffice, World], object]]]:
    for cut in get_args(Cut):
        yield f"stats by {cut}", lambda office, _, cut=cut: _measures(office, cut)
    yield "report", lambda office, _: gather(office, "desk", office.last_days(7))
    yield "staffing", lambda office, _: office.staffing(office.last_days(7))
    yield "sessions", lambda office, _: len(office.sessions(office.last_days(7)))
    yield "alarms", lambda office, _: office.alarms(all=True)
    yield "alarm designs", lambda office, _: office.alarm_designs()
    yield "breaches", lambda office, _: (office.breaches(), office.verdicts())
    yield "undelivered", lambda office, _: office.undelivered()
    yield "breakers", lambda office, _: (office.breakers(), office.halts())
    yield "audit pack", lambda office, _: office.evidence(since=0, until=FOREVER)
    yield "adjudicate --next", lambda office, _: office.worth_adjudicating()
    yield "adjudicate", lambda office, world: office.truth_of(world.item)
    yield "calibrate", lambda office, _: office.calibration()
    yield (
        "policy simulate",
        lambda office, _: office.simulate(JUDGED.encode(), source="policy.toml", since=0),
    )
    yield "probes results", lambda office, _: office.probe_results()
    yield "search", lambda office, _: office.search("refund")


OFFICE = dict(_office_doors())
DESK: dict[str, Callable[[ReviewDesk, World], object]] = {
    "waiting list": lambda desk, world: (desk.overview(), desk.waiting_ids(), desk.depths()),
    "rows": lambda desk, world: desk.rows([world.item]),
    "search by a reviewer": lambda desk, world: desk.search("refund"),
    "notices": lambda desk, world: (desk.notices(), desk.glass(), desk.workload()),
}
SHELL: dict[str, Door] = {
    "list": lambda world: sorted(map(repr, rows(world.here.path, None, most=50)), key=_nameless),
    "show": lambda world: standing(world.here.path, world.item),
    "pressure": lambda world: pressures(world.here.path),
    "doctor": lambda world: [one for one in examine(world.here.path) if one.name != "database"],
    "audit verify": lambda world: _printed(world, "audit", "verify"),
    "audit verify --json": lambda world: _printed(world, "audit", "verify", "--json"),
    "audit checkpoint": lambda world: _printed(world, "audit", "checkpoint").partition(" ")[0],
}


def _printed(world: World, *words: str) -> str:
    done = run(*words, "--db", world.here.path)
    return f"{done.returncode} {done.stdout} {done.stderr}"


def _files(folder: Path) -> Seen:
    found = (one for one in folder.rglob("*") if one.is_file())
    return {f"file {one.relative_to(folder)}": "" for one in found if one.suffix != ".toml"}


# -- what the reviewer does meanwhile


def moments(world: World, *, approve: bool) -> Iterator[str]:
    """Stops at each moment at which a watcher looks."""
    yield "waiting"
    with world.here.desk() as ana:
        session = ana.start_session()
        yield "claimed"
        review = ana.open(world.item)
        yield "opened"
        review = ana.judge(review, option="reject", confidence="medium")
        yield "judged"
        yield from _answered(world, ana, review, approve=approve)
        pass_time(world.here, 30)
        yield "recorded"
        ana.end_session(session)


def _answered(world: World, ana: ReviewDesk, review: Review, *, approve: bool) -> Iterator[str]:
    if not approve:
        ana.decide(review, option="reject", reason="dollars were read as cents")
        return
    receipt = ana.decide(review, option="approve")
    yield "held"
    ana.undo(receipt)
    yield "taken back"
    ana.decide(ana.open(world.item), option="approve")
    pass_time(world.here, 10)
    ana.release_due()


@pytest.mark.parametrize("approve", [True, False], ids=["approved", "rejected"])
def test_no_door_tells_it_from_its_twin_while_the_session_goes_on(
    approve: bool, tmp_path: Path
) -> None:
    test, twin = with_test(tmp_path / "one"), with_twin(tmp_path / "two")
    walk, beside = moments(test, approve=approve), moments(twin, approve=approve)
    for moment, _ in zip(walk, beside, strict=True):
        of_test, of_twin = behind_every_door(test), behind_every_door(twin)
        assert differing(of_test, of_twin) == {}, moment


def test_afterwards_figures_are_short_by_the_test_that_its_reviewer_was_told_of(
    tmp_path: Path,
) -> None:
    looks = []
    for world in (with_test(tmp_path / "one"), with_twin(tmp_path / "two")):
        before = looks_told(world)
        for _ in moments(world, approve=False):
            assert looks_told(world) == before
        looks.append(looks_told(world) - before)
    assert looks == [0, 1]


def looks_told(world: World) -> int:
    with LeadOffice.open(world.here.path, reviewer="ana", clock=world.here.clock) as office:
        (overrides,) = office.metrics(office.last_days(1), ["override_rate"]).metrics
    return overrides.whole.n


def differing(one: Seen, other: Seen) -> dict[str, tuple[str, str]]:
    """By door; only from where they part on."""
    names = one.keys() | other.keys()
    pairs = {name: (one.get(name, "nothing"), other.get(name, "nothing")) for name in names}
    return {name: _parted(*pair) for name, pair in pairs.items() if pair[0] != pair[1]}


def _parted(one: str, other: str) -> tuple[str, str]:
    at = next((i for i, pair in enumerate(zip(one, other, strict=False)) if len({*pair}) > 1), 0)
    return one[max(0, at - 60) : at + 60], other[max(0, at - 60) : at + 60]
