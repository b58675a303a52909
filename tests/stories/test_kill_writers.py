"""Agents and reviewers as real processes, killed at any moment: nothing acknowledged is lost, and
nothing is decided or carried out twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import kill_workers
from factories import POLICY, House, house
from journey import assert_chain_whole, kinds, raw
from kill_workers import WORKERS
from overread_queue.clock import SystemClock
from overread_queue.states import EscalationState, RunState
from overread_queue.store import Store

FAST = (
    POLICY.replace('undo = "10s"', 'undo = "0s"').replace('lease = "5m"', 'lease = "1s"')
    + "[limits]\nday_items = 1000000\n"
)


@dataclass
class Crowd:
    """Worker processes that are started again whenever they are killed."""

    here: House
    folder: Path
    nursery: subprocess.Popen[str]
    kills: int = 0
    running: dict[int, int] = field(default_factory=dict)

    def start(self, place: int) -> None:
        """A new process in that place, which goes on with the place's list of promises."""
        assert self.nursery.stdin
        assert self.nursery.stdout
        order = [place, str(self.here.path), str(self.folder / f"said-{place}")]
        self.nursery.stdin.write(json.dumps(order) + "\n")
        self.nursery.stdin.flush()
        self.running[place] = int(self.nursery.stdout.readline())

    def kill(self, place: int) -> None:
        """Raises `ProcessLookupError` if it gave up by itself."""
        os.kill(self.running.pop(place), signal.SIGKILL)
        self.kills += 1

    def said(self, what: str) -> list[str]:
        """Everything that some process said it had done. A line cut off by a kill says nothing."""
        texts = [path.read_text("utf-8") for path in self.folder.glob("said-*")]
        lines = [line.split() for text in texts for line in text.splitlines(keepends=True)]
        return [line[1] for line in lines if len(line) == 2 and line[0] == what]


def run(crowd: Crowd, seconds: float) -> None:
    """Kill somebody every little while; at the end everybody."""
    chance = random.Random(20261122)
    for place in range(len(WORKERS)):
        crowd.start(place)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(chance.uniform(0.05, 0.4))
        place = chance.randrange(len(WORKERS))
        crowd.kill(place)
        crowd.start(place)
    for place in range(len(WORKERS)):
        crowd.kill(place)


def check(crowd: Crowd) -> None:
    path = crowd.here.path
    store = Store(path)
    assert store.integrity() == ()
    store.close()
    assert_chain_whole(path)
    with raw(path) as db:
        states = dict(db.execute("SELECT id, state FROM escalation").fetchall())
        runs = dict(db.execute("SELECT id, state FROM run").fetchall())
        decided = [row[0] for row in db.execute("SELECT escalation FROM decision")]
        broken = db.execute("PRAGMA foreign_key_check").fetchall()
    assert not broken
    assert set(crowd.said("submitted")) <= set(states)
    assert set(crowd.said("recorded")) <= set(decided)
    assert len(decided) == len(set(decided))
    closed = {id for id, state in states.items() if state == EscalationState.DECIDED}
    assert closed == set(decided)
    assert all(runs[id] == RunState.COMPLETED for id in crowd.said("completed"))
    _check_events(crowd)


def _check_events(crowd: Crowd) -> None:
    seen = Counter(kinds(crowd.here.path))
    with raw(crowd.here.path) as db:
        done = Counter(
            row[0] for row in db.execute("SELECT escalation FROM event WHERE kind = 'done'")
        )
        twice = db.execute(
            "SELECT escalation FROM event WHERE kind = 'decided' GROUP BY 1 HAVING count(*) > 1"
        ).fetchall()
    assert not twice
    assert set(done.values()) == {1}
    assert set(crowd.said("completed")) <= set(crowd.said("acted"))
    assert min(seen[kind] for kind in ("submitted", "decided", "done")) > 0


def finish(crowd: Crowd) -> None:
    """Whoever starts again finds every piece of work where it was."""
    here = crowd.here
    time.sleep(1.1)
    with here.desk("ana") as ana, here.agent() as queue:
        ana.sweep()
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
    assert [row[0] for row in left] == [RunState.COMPLETED]
    check(crowd)


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Crowd]:
    here = house(tmp_path, clock=SystemClock(), policy=FAST)
    said = tmp_path / "said"
    said.mkdir()
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, kill_workers.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | paths,
    ) as nursery:
        made = Crowd(here, said, nursery)
        yield made
        for place in tuple(made.running):
            made.kill(place)


def test_killed_at_any_moment_nothing_is_lost_or_done_twice(crowd: Crowd) -> None:
    run(crowd, seconds=8)
    assert crowd.kills > 10
    check(crowd)
    finish(crowd)


@pytest.mark.soak
def test_killed_for_a_long_time(crowd: Crowd) -> None:
    run(crowd, seconds=300)
    check(crowd)
    finish(crowd)
