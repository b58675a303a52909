"""Wherever a process dies that puts a blind test in, answers it or folds it: no agent ever hears of
the test, the history stays whole, and in the end it is folded once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import blind_worker
from blind import arrived, closed, draw_for, live, made, results, sweep
from factories import NOON, House, brief, house
from journey import assert_chain_whole, kinds, pass_time, raw
from overread_queue.clock import ManualClock
from overread_queue.errors import NotFound
from overread_queue.ground import Ground
from overread_queue.places import Places

DAY = 86_400
REAL = 2
"""Questions that agents asked on each of these desks."""


@pytest.fixture
def here(tmp_path: Path) -> House:
    (tmp_path / "desk").mkdir()
    return house(tmp_path / "desk", clock=ManualClock(NOON))


def drawn(here: House) -> str:
    """A real question has come that a test comes beside."""
    made(here, closed(here))
    with here.agent() as queue:
        real = queue.submit(brief(at=here.clock.now()), key="real")
    draw_for(here, real)
    return ""


def waiting(here: House) -> str:
    made(here, closed(here))
    test, _ = arrived(here)
    return test


def answered(here: House) -> str:
    """And its reviewer never ended the session."""
    test = waiting(here)
    with here.desk() as ana:
        ana.start_session(max_items=0)
        ana.decide(ana.open(ana.claim(test)), option="reject", reason="it was cents")
    pass_time(here, DAY)
    return test


@pytest.mark.parametrize(
    ("act", "ready", "there", "kept"),
    [("plant", drawn, 1, 0), ("answer", waiting, 1, 1), ("fold", answered, 0, 1)],
)
def test_killed_at_any_statement_it_reaches_nobody_and_is_folded_once(
    here: House, tmp_path: Path, act: str, ready: Callable[[House], str], there: int, kept: int
) -> None:
    test = ready(here)
    words = [here.path.parent, tmp_path / "copies", here.clock.now(), act, test]
    subprocess.run([sys.executable, blind_worker.__file__, *map(str, words)], check=True)

    every = copies(here, tmp_path / "copies")
    assert len(live(every[-1])) == there  # The process that lived did it …
    for copy in every:
        for id in {*live(copy), test} - {""}:
            untold(copy, id)
        pass_time(copy, 2 * DAY)
        sweep(copy)
        pass_time(copy, DAY)
        sweep(copy)
        assert live(copy) == []
        assert len(results(copy)) <= kept
        assert_chain_whole(copy.path)
    assert len(results(every[-1])) == kept  # … and it left what it should.


def copies(here: House, folder: Path) -> list[House]:
    found = sorted(folder.iterdir())
    assert len(found) > 5
    now = here.clock.now()
    return [House(Places.of(one / "desk.db"), ManualClock(now)) for one in found]


def untold(here: House, test: str) -> None:
    """Neither an event nor a signature is about it, and its agent knows of no such question."""
    assert kinds(here.path, test) == []
    with raw(here.path) as db:
        assert not db.execute("SELECT 1 FROM decision WHERE escalation = ?", (test,)).fetchall()
    with closing(Ground(here.places, here.clock)) as ground, ground.store.read() as tx:
        assert len(tx.escalations.newest(None, most=50, agent="refund-agent")) == REAL
    with here.agent() as queue, pytest.raises(NotFound):
        queue.poll(test)
