"""The `overread` command on a real desk, as a user meets it."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from frictionless import FRICTIONLESS
from overread_console import cli
from overread_queue.desk import ReviewDesk
from overread_queue.models import Receipt
from overread_queue.places import Places
from overread_queue.setup import add_agent, add_reviewer, init_desk
from overread_queue.trust.people import Agent, Reviewer

CHECKOUT = Path(__file__).parent.parent
SAMPLE = CHECKOUT / "sample_data"
REFUND = SAMPLE / "briefs" / "01-refund-a-1009.json"
OVERREAD = (sys.executable, "-m", "overread_console")

Members = dict[str, Any]
Done = subprocess.CompletedProcess[str]

POLICY = (
    """
schema = "overread/policy/1"
name = "Test"
owner = "owner"

[settings]
undo = "{undo}"
lease = "{lease}"
heartbeat = "1s"

[risk.low]
reversible = "autonomous"
compensable = "notify"
irreversible = "soft_review"
[risk.medium]
reversible = "notify"
compensable = "soft_review"
irreversible = "hard_approval"
[risk.high]
reversible = "soft_review"
compensable = "hard_approval"
irreversible = "hard_approval"
[risk.critical]
reversible = "hard_approval"
compensable = "hard_approval"
irreversible = "hard_stop"

[pools.refunds]
label = "Refunds"
role = "refunds"
senior = "owner"
[pools.owner]
label = "Owner"
role = "lead"

[actions."payments.refund"]
label = "Refund a customer"
impact = "high"
reversibility = "irreversible"
pool = "refunds"
sla = "4h"
minutes = 3
latency_tolerance = "1s"
fallback = "senior"
on_silence = "the owner takes over"
"""
    + FRICTIONLESS
)


def make_desk(folder: Path, *, undo: str = "0s", lease: str = "5m") -> Path:
    """A desk with one agent and the reviewers ana and boris."""
    db = folder / "desk.db"
    places = init_desk(
        db,
        policy=POLICY.format(undo=undo, lease=lease).encode(),
    )
    for name in ("ana", "boris"):
        add_reviewer(places, Reviewer(name=name, label=name.title(), roles=("refunds", "lead")))
    let_in(db, "refund-agent")
    return db


def let_in(db: Path, agent: str) -> None:
    """Register an agent that may propose refunds."""
    program = Agent(name=agent, label=agent.title(), actions=("payments.refund",))
    add_agent(Places.of(db), program)


def process(*arguments: str | Path, stdin: str = "", env: Mapping[str, str] = {}) -> Done:
    """One `overread` command as a process of its own."""
    return subprocess.run(
        [*OVERREAD, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        env=os.environ | dict(env),
        timeout=60,
        check=False,
    )


def run(*arguments: str | Path, stdin: str = "") -> Done:
    """The same command inside this process: quicker, where only what it says and does matters."""
    words = list(map(str, arguments))
    out, err = io.StringIO(), io.StringIO()
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as given,
        pytest.MonkeyPatch.context() as here,
    ):
        given.write(stdin)
        given.seek(0)
        here.setattr(sys, "stdin", given)
        here.setattr(sys, "stdout", out)
        here.setattr(sys, "stderr", err)
        code = cli.run(words)
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def shell(script: str, *, cwd: Path, db: Path) -> Done:
    """Lines of a guide, run by a shell in a folder, on a desk."""
    return subprocess.run(
        ["bash", "-c", f'overread() {{ {shlex.join(OVERREAD)} "$@"; }}\nset -e\n{script}'],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=os.environ | {"OVERREAD_DB": str(db)},
        timeout=60,
        check=False,
    )


def brief(**changes: object) -> Members:
    """A good brief, a workflow of its own, with some members changed."""
    members: Members = json.loads(REFUND.read_text(encoding="utf-8"))
    del members["run"]
    return members | changes


def submit(db: Path, key: str, **changes: object) -> str:
    """Hand in a good brief under a key; the escalation's id."""
    done = run("submit", "-", "--db", db, "--key", key, stdin=json.dumps(brief(**changes)))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def decide(db: Path, id: str, option: str, *, reviewer: str = "ana", **choice: Any) -> Receipt:
    """Let a reviewer decide, and release what is held."""
    with ReviewDesk.open(db, reviewer=reviewer) as desk:
        receipt = desk.decide(desk.open(desk.claim(id)), option=option, **choice)
        desk.release_due()
    return receipt
