"""Agents, consoles, sweeps and other programs as real processes, killed at any moment: nothing
acknowledged is lost, nothing is decided or carried out twice, and no approval comes cheaper."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import command
import kill_workers
from factories import POLICY, House, house
from frictionless import with_friction
from journey import raw
from kill_checks import check_decisions, check_friction, check_promises, check_runs
from kill_workers import CLOCK, FLOOR, WORKERS
from nursery import Nursery
from overread_queue.setup import add_reviewer
from overread_queue.states import RunState
from overread_queue.trust.people import Reviewer

LEASE = 30
STRICT = (
    with_friction(
        POLICY.replace('undo = "10s"', 'undo = "3s"')
        .replace('lease = "5m"', f'lease = "{LEASE}s"')
        .replace('sla = "4h"', 'sla = "9d"'),
        floor_irreversible=f"{FLOOR}s",
        words_per_minute=600,
        read_contradictions=True,
        withhold_from="high",
        challenge_from="high",
    )
    + "[limits]\nday_items = 1000000\nday_minutes = 480\nwarn_minutes = 12\nhard_minutes = 24\n"
)


@dataclass
class Crowd:
    """Worker processes that are started again whenever they are killed."""

    here: House
    folder: Path
    nursery: Nursery
    killed: dict[str, int] = field(default_factory=dict)
    """When each of them was dead, on the clock of the desk."""
    names: dict[int, str] = field(default_factory=dict)

    def start(self, place: int) -> None:
        name = self.names[place] = f"{place}-{self.nursery.kills}"
        self.nursery.start(name, place, self.here.path, self.folder / name)

    def kill(self, place: int) -> None:
        """Raises `ProcessLookupError` if it gave up by itself."""
        name = self.names[place]
        self.nursery.kill(name)
        self.killed[name] = CLOCK.now()

    def run(self, *, seconds: float, kills: int, pauses: tuple[float, float]) -> None:
        """Kill somebody every little while, for so long or so often; at the end everybody."""
        chance = random.Random(20261122)
        for place in range(len(WORKERS)):
            self.start(place)
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.nursery.kills < kills:
            time.sleep(chance.uniform(*pauses))
            place = chance.randrange(len(WORKERS))
            self.kill(place)
            self.start(place)
        for place in range(len(WORKERS)):
            self.kill(place)

    def said(self) -> Iterator[tuple[str, ...]]:
        """What each process said it had done: its name, the word, and what follows. A line cut off
        by a kill says nothing."""
        for path in self.folder.iterdir():
            for line in path.read_text("utf-8").splitlines(keepends=True):
                if line.endswith("\n"):
                    yield path.name, *line.split()


def check(crowd: Crowd) -> None:
    verified = command.run("audit", "verify", "--db", crowd.here.path)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    said = list(crowd.said())
    with raw(crowd.here.path) as db:
        assert [row[0] for row in db.execute("PRAGMA integrity_check")] == ["ok"]
        assert not db.execute("PRAGMA foreign_key_check").fetchall()
        check_promises(db, said)
        check_decisions(db, said, crowd.killed)
        check_friction(db, floor=FLOOR)
        check_runs(db, lease=LEASE)


def finish(crowd: Crowd) -> None:
    """Whoever starts again finds every piece of work where it was."""
    here = crowd.here
    time.sleep(LEASE / kill_workers.TIMES + 0.1)
    with here.desk("ana") as ana, here.agent() as queue:
        while ana.sweep() or ana.waiting_ids():
            for id in ana.waiting_ids():
                ana.decide(ana.open(ana.claim(id)), option="reject", reason="closing time")
        for row in queue.escalations(limit=100_000):
            decision = queue.poll(row.id)
            assert decision is not None
            if queue.status(row.id).run_state is RunState.COMPLETED:
                continue
            if decision.releases:
                with queue.resume(row.id) as go:
                    assert go.decision.id == decision.id
            else:
                queue.acknowledge(row.id)
    with raw(here.path) as db:
        left = db.execute("SELECT DISTINCT state FROM run").fetchall()
        waiting = db.execute("SELECT count(*) FROM inbox WHERE state <> 'accepted'").fetchone()
    assert [row[0] for row in left] == [RunState.COMPLETED]
    assert waiting[0] == 0
    check(crowd)


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Crowd]:
    here = house(tmp_path, clock=CLOCK, policy=STRICT)
    cem = Reviewer(name="cem", label="Cem", roles=("refunds",))
    add_reviewer(here.places, cem)
    said = tmp_path / "said"
    said.mkdir()
    with Nursery(kill_workers.__file__) as nursery:
        yield Crowd(here, said, nursery)


def test_killed_at_any_moment_nothing_is_lost_or_done_twice(crowd: Crowd) -> None:
    crowd.run(seconds=4, kills=1_000, pauses=(0.05, 0.4))
    check(crowd)
    finish(crowd)


@pytest.mark.soak
def test_killed_eight_thousand_times(crowd: Crowd) -> None:
    crowd.run(seconds=3_600, kills=8_000, pauses=(0.01, 0.1))
    check(crowd)
    finish(crowd)
