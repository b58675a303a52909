"""An agent that waits for two people, and consoles that are killed between them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from command import run
from factories import House
from overread_queue.clock import ManualClock, SystemClock
from overread_queue.errors import NotApproved, Replayed
from overread_queue.models import Ticket
from two_people import DUAL, ask, dual_house, opinions

ANSWER = """
import sys, time
from overread_queue import ReviewDesk
db, name, option, id = sys.argv[1:]
with ReviewDesk.open(db, reviewer=name) as desk:
    desk.decide(desk.open(desk.claim(id)), option=option, reason="as the policy says")
    print("answered", flush=True)
    while True:
        time.sleep(0.05)
        if desk.release_due():
            print("recorded", flush=True)
"""
QUICK = DUAL.replace('undo = "10s"', 'undo = "1s"')
SLOW = DUAL.replace('undo = "10s"', 'undo = "2m"')


@pytest.fixture
def here(tmp_path: Path) -> House:
    return dual_house(tmp_path, policy=QUICK, clock=SystemClock())


@pytest.fixture
def unhurried(tmp_path: Path) -> House:
    """Nothing that is said here is out of its undo window before a console is killed."""
    return dual_house(tmp_path, policy=SLOW, clock=SystemClock())


def killed_after(word: str, here: House, ticket: Ticket, name: str, option: str) -> None:
    """A console of its own that answers, says so, and is killed."""
    command = [sys.executable, "-c", ANSWER, str(here.path), name, option, ticket.id]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as console:
        assert console.stdout is not None
        for line in console.stdout:
            if line.strip() == word:
                break
        console.send_signal(signal.SIGKILL)


def test_an_agent_acts_once_after_two_consoles_that_were_killed(here: House) -> None:
    ticket = ask(here)
    killed_after("recorded", here, ticket, "ana", "approve")
    assert [one.reviewer for one in opinions(here, ticket)] == ["ana"]
    with here.agent() as queue:
        assert queue.wait(ticket, timeout=0) is None
    killed_after("recorded", here, ticket, "ben", "approve")
    done: list[object] = []
    with here.agent() as queue:
        with queue.resume(ticket) as go:
            done.append(go.action.parameters["amount"])
        with pytest.raises(Replayed):
            queue.resume(ticket)
    assert done == [420.0]
    assert [one.reviewer for one in go.decision.opinions] == ["ana"]
    assert go.decision.envelope.reviewer == "ben"


def test_a_console_killed_inside_the_undo_window_has_said_nothing(
    unhurried: House,
) -> None:
    ticket = ask(unhurried)
    killed_after("answered", unhurried, ticket, "ana", "approve")
    assert opinions(unhurried, ticket) == []
    later = House(unhurried.places, ManualClock(SystemClock().now() + 30 * 60_000))
    with later.desk("ana") as ana:
        ana.sweep()
        assert ana.waiting_ids() == (ticket.id,)
        draft = ana.open(ana.claim(ticket.id)).draft
    assert draft is not None
    assert draft.option == "approve"


def test_the_shell_prints_what_both_said_and_nothing_before(here: House) -> None:
    ticket = ask(here)
    for name, reason in (("ana", "signed for"), ("ben", "second claim")):
        shown = json.loads(run("--db", here.path, "show", ticket.id, "--json").stdout)
        assert (shown["opinions"], shown["verdict"]) == ([], None)
        with here.desk(name) as desk:
            desk.decide(desk.open(desk.claim(ticket.id)), option="reject", reason=reason)
    shown = json.loads(run("--db", here.path, "show", ticket.id, "--json").stdout)
    assert [(one["reviewer"], one["verdict"]) for one in shown["opinions"]] == [("ana", "reject")]
    waited = run("--db", here.path, "wait", ticket.id)
    told = json.loads(waited.stdout)
    assert waited.returncode == 11
    assert told["reason"] == "signed for\n\nsecond claim"
    assert [one["reviewer"] for one in told["opinions"]] == ["ana"]
    with here.agent() as queue, pytest.raises(NotApproved):
        queue.resume(ticket)
