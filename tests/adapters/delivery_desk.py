"""A desk in real time for agents that live in other processes, and the person who answers them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from factories import POLICY, House, house
from journey import pick_up
from overread_briefs.fields import Parameters
from overread_queue.clock import SystemClock
from overread_queue.models import Receipt

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
