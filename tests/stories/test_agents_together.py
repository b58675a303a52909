"""Two agents and two reviewers, each a process of its own, on one file at once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import command
from overread_queue.agent import AgentQueue
from overread_queue.states import RunState

EACH = 8

AGENT = """
import json, sys
from overread_queue.agent import AgentQueue
db, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
brief = json.load(sys.stdin)
brief["agent"]["name"] = name
with AgentQueue.open(db, agent=name) as queue:
    tickets = [queue.submit(json.dumps(brief), key=f"case-{n}") for n in range(count)]
    for ticket in tickets:
        decision = queue.wait(ticket, timeout=120)
        if decision.releases:
            with queue.resume(ticket) as go:
                print(go.decision.id, "paid", flush=True)
        else:
            print(queue.acknowledge(ticket).id, "told", flush=True)
"""

REVIEWER = """
import select, sys
from overread_queue.desk import ReviewDesk
with ReviewDesk.open(sys.argv[1], reviewer=sys.argv[2]) as desk:
    pause = 0.0
    while not select.select([sys.stdin], [], [], pause)[0]:
        session = desk.start_session(max_items=3)
        pause = 0.0 if session.items else 0.1
        for item in session.items:
            option = "approve" if int(item.id[-1], 16) % 2 else "reject"
            desk.decide(desk.open(item), option=option, reason="read")
            desk.release_due()
            print(item.id, flush=True)
        desk.end_session(session)
"""
"""Until its input ends: whoever waits for them is done."""


def start(program: str, db: Path, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(db), name, str(EACH)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_every_question_is_answered_once_and_acted_on_once(tmp_path: Path) -> None:
    db = command.make_desk(tmp_path)
    command.let_in(db, "second-agent")
    names = ("refund-agent", "second-agent")
    brief = json.dumps(command.brief())

    agents = [start(AGENT, db, name) for name in names]
    for agent in agents:
        assert agent.stdin
        agent.stdin.write(brief)
        agent.stdin.close()
        agent.stdin = None
    reviewers = [start(REVIEWER, db, name) for name in ("ana", "boris")]
    answers = [line for agent in agents for line in agent.communicate(timeout=180)[0].splitlines()]
    read = [line for one in reviewers for line in one.communicate(timeout=60)[0].splitlines()]

    assert len(set(read)) == len(read) == 2 * EACH, Counter(read).most_common(3)
    assert sorted(answer.split("/")[0] for answer in answers) == sorted(read)
    for name in names:
        with AgentQueue.open(db, agent=name) as queue:
            mine = [queue.submit(_as(brief, name), key=f"case-{n}") for n in range(EACH)]
            assert {queue.status(one).run_state for one in mine} == {RunState.COMPLETED}


def _as(brief: str, name: str) -> str:
    members = json.loads(brief)
    members["agent"]["name"] = name
    return json.dumps(members)
