"""A simulated agent is asked back, killed, started again, and still acts once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import command
from factories import LONG_ENOUGH
from overread_console.demo import work
from overread_console.demo.acts import Acts
from overread_console.demo.work import Errand
from overread_queue.desk import ReviewDesk

AGENT = "refund-agent"
KEY = "refund-A-1009"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    db = command.make_desk(tmp_path)
    brief = json.dumps(command.brief())
    work.save(db, AGENT, (Errand(key=KEY, brief=brief, minutes_ago=5, delay=0),))
    return db


@contextmanager
def agent(db: Path) -> Iterator[None]:
    """The agent's process, until it is killed."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "overread_console.demo.agent",
            "--db",
            db,
            "--agent",
            "refund-agent",
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
        assert process.poll() is None, "the agent fell over by itself"
    finally:
        process.kill()
        process.wait()


def next_question(desk: ReviewDesk) -> str:
    """The id of the one thing that waits, once it does."""
    give_up = time.monotonic() + LONG_ENOUGH
    while time.monotonic() < give_up:
        if waiting := desk.waiting_ids():
            (id,) = waiting
            return id
        time.sleep(0.05)
    raise AssertionError("the agent asked nothing")


def answer(desk: ReviewDesk, id: str, option: str, reason: str = "") -> None:
    desk.decide(desk.open(desk.claim(id)), option=option, reason=reason)
    desk.release_due()


def wait_for_an_act(acts: Acts) -> None:
    give_up = time.monotonic() + LONG_ENOUGH
    while not acts.all():
        assert time.monotonic() < give_up, "the agent did nothing"
        time.sleep(0.05)


def test_asked_back_killed_and_started_again(desk: Path) -> None:
    acts = Acts(desk.parent / "acts.jsonl")
    with ReviewDesk.open(desk, reviewer="ana") as ana:
        with agent(desk):
            first = next_question(ana)
            answer(ana, first, "need-info", "Who signed for it?")
            second = next_question(ana)
        with agent(desk):
            review = ana.open(ana.claim(second))
            assert ana.rows([second])[0].revises == first
            assert "Who signed for it?" in str(review.brief.evidence[-1].content)
            ana.release(second)
            answer(ana, next_question(ana), "approve")
            wait_for_an_act(acts)

    (act,) = acts.all()
    assert (act.decision, act.did) == (f"{second}/1", "payments.refund")
    assert len(json.loads(command.run("list", "--json", "--db", desk).stdout)) == 2


def test_stopped_after_the_approval_and_lifted_it_acts_only_then(desk: Path) -> None:
    acts = Acts(desk.parent / "acts.jsonl")
    with ReviewDesk.open(desk, reviewer="ana") as ana:
        with agent(desk):
            id = next_question(ana)
        answer(ana, id, "approve")
        ana.stop(AGENT, reason="wrong accounts")
        with agent(desk):
            time.sleep(2)
            assert not acts.all()
            command.run("lift", AGENT, "--as", "boris", "--db", desk)
            wait_for_an_act(acts)

    (act,) = acts.all()
    assert act.decision == f"{id}/1"
