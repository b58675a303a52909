"""A desk in real time for agents that live in other processes, and the person who answers them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

from factories import POLICY, House, house
from journey import pick_up
from overread_briefs.fields import Parameters
from overread_queue.clock import SystemClock
from overread_queue.models import Receipt
from overread_queue.store.wakes import WakeBook

HERE = Path(__file__).parent
TESTS = HERE.parent


def real_time(folder: Path, policy: str = POLICY) -> House:
    """Approvals are recorded at once, and leases are short."""
    at_once = policy.replace('undo = "10s"', 'undo = "0s"').replace('lease = "5m"', 'lease = "3s"')
    return house(folder, clock=SystemClock(), policy=at_once)


def answer(
    here: House, escalation: str, option: str = "approve", parameters: Parameters | None = None
) -> Receipt:
    """Ana claims, decides, and the decision is recorded."""
    with here.desk() as desk:
        review = pick_up(desk, escalation)
        receipt = desk.decide(review, option=option, parameters=parameters, reason="as it says")
        released = desk.release_due()
    return released[0] if released else receipt


def approve_at_the_console(here: House) -> None:
    """Ana in a console of her own, on a real pseudo-terminal, approves the one item there is."""
    arguments = ["-m", "overread_console", "review", "--plain", "--as", "ana", "--db"]
    console = pexpect.spawn(
        sys.executable, [*arguments, str(here.path)], encoding="utf-8", timeout=120
    )
    console.expect("What now")
    console.sendline("a")
    if console.expect([r"type (\S+), ", "Recorded"]) == 0:
        console.sendline(console.match[1])
        console.expect("Recorded")
    console.expect("What now")
    console.sendline("q")
    console.expect(pexpect.EOF)


def started(*arguments: str | Path, cwd: Path = HERE) -> subprocess.Popen[str]:
    """Finds what these tests share, and otherwise what the tests themselves do."""
    shared = os.pathsep.join([str(HERE), str(TESTS), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": shared.rstrip(os.pathsep)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ran(*arguments: str, cwd: Path) -> str:
    out, err = started(*arguments, cwd=cwd).communicate(timeout=120)
    assert not err, err
    return out


def first_asked(here: House, runtime: str) -> str:
    """Once its agent has written down where the answer belongs; killed before, it asks again."""
    deadline = time.monotonic() + 60
    with here.agent() as queue:
        book = WakeBook(queue.wakes)
    while time.monotonic() < deadline:
        if book.path.exists():
            with book.at() as wakes:
                if found := wakes.open(runtime):
                    return found[0].escalation
        time.sleep(0.1)
    raise AssertionError("nobody asked anything")


def a_day_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """For everything in this process: approvals are good for a day."""
    now = SystemClock.now
    monkeypatch.setattr(SystemClock, "now", lambda clock: now(clock) + 25 * 3_600_000)
