"""A process that is killed loses nothing: whoever starts again finds the work where it was."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

import command
from overread_queue.agent import AgentQueue
from overread_queue.clock import ManualClock, SystemClock
from overread_queue.desk import ReviewDesk
from overread_queue.errors import LeaseHeld, LeaseLost, MoveRefused, Replayed
from overread_queue.states import EscalationState, RunState

SUBMIT = """
ticket = queue.submit(brief, key="refund-A-1009", checkpoint={"step": 3})
print(ticket.id, flush=True)
"""
WAIT = (
    SUBMIT
    + """
decision = queue.wait(ticket, timeout=30)
print(decision.id, flush=True)
"""
)
RESUME = (
    WAIT
    + """
with queue.resume(ticket) as go:
    print(go.action.parameters["amount"], go.checkpoint["step"], flush=True)
    if dawdle:
        import time; time.sleep(60)
print("completed", flush=True)
"""
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return command.make_desk(tmp_path)


def later() -> ManualClock:
    """When every lease that was given so far is over."""
    return ManualClock(SystemClock().now() + 10 * 60_000)


def agent(db: Path, work: str, *, dawdle: bool = False) -> subprocess.Popen[str]:
    """An agent's process that says each step it has done."""
    program = f"""
from overread_queue.agent import AgentQueue
brief, dawdle = {_text()!r}, {dawdle}
with AgentQueue.open({str(db)!r}, agent="refund-agent") as queue:
{_indented(work)}
"""
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def killed(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout
    process.stdout.close()


def _text() -> str:
    return command.REFUND.read_text(encoding="utf-8")


def _indented(work: str) -> str:
    return "\n".join(f"    {line}" for line in work.splitlines())


def test_an_agent_killed_between_submit_and_wait_finds_its_escalation_again(desk: Path) -> None:
    first = agent(desk, SUBMIT + "\nimport time; time.sleep(60)\n")
    id = said(first)
    killed(first)
    command.decide(desk, id, "approve")

    second = agent(desk, RESUME)

    assert [said(second) for _ in range(4)] == [id, f"{id}/1", "420.0 3", "completed"]
    killed(second)


def test_an_agent_killed_while_acting_gets_the_same_decision_again(desk: Path) -> None:
    first = agent(desk, RESUME, dawdle=True)
    id = said(first)
    command.decide(desk, id, "approve")
    assert [said(first), said(first)] == [f"{id}/1", "420.0 3"]
    killed(first)
    with AgentQueue.open(desk, agent="refund-agent") as queue:
        assert queue.status(id).run_state is RunState.RESUMING

    resumed = _resume_when_the_lease_lapsed(desk, id)

    assert resumed == f"{id}/1"
    with AgentQueue.open(desk, agent="refund-agent") as queue:
        assert queue.status(id).run_state is RunState.COMPLETED
        with pytest.raises((Replayed, MoveRefused)):
            queue.resume(id)


def _resume_when_the_lease_lapsed(db: Path, id: str) -> str:
    """Try as a restarted agent does, before its predecessor's lease is over and after; the
    decision's id."""
    with AgentQueue.open(db, agent="refund-agent") as queue, pytest.raises(LeaseHeld):
        queue.resume(id)
    with AgentQueue.open(db, agent="refund-agent", clock=later()) as queue, queue.resume(id) as go:
        return go.decision.id


CONSOLE = """
import sys, time
from overread_queue.desk import ReviewDesk
with ReviewDesk.open(sys.argv[1], reviewer="ana") as desk:
    session = desk.start_session()
    review = desk.open(session.items[0])
    print(session.items[0].id, flush=True)
    sys.stdin.readline()
    try:
        desk.decide(review, option="reject", reason="too late")
        print("decided", flush=True)
    except Exception as error:
        print(type(error).__name__, flush=True)
"""


def console(db: Path) -> subprocess.Popen[str]:
    """Ana's console, with one item open; it decides once it is told to."""
    return subprocess.Popen(
        [sys.executable, "-c", CONSOLE, str(db)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_killed_console_gives_its_items_back_after_the_lease(desk: Path) -> None:
    id = command.submit(desk, "a")
    anas = console(desk)
    assert said(anas) == id

    with ReviewDesk.open(desk, reviewer="boris") as boris, pytest.raises((MoveRefused, LeaseLost)):
        boris.claim(id)
    anas.send_signal(signal.SIGKILL)
    anas.communicate()
    with ReviewDesk.open(desk, reviewer="boris", clock=later()) as boris:
        boris.sweep()
        receipt = boris.decide(boris.open(boris.claim(id)), option="reject", reason="mine now")

    assert receipt.state == "recorded"
    assert command.run("wait", id, "--db", desk).returncode == 11


def test_a_stale_consoles_decision_is_refused(desk: Path) -> None:
    id = command.submit(desk, "a")
    anas = console(desk)
    assert said(anas) == id
    anas.send_signal(signal.SIGSTOP)
    with ReviewDesk.open(desk, reviewer="boris", clock=later()) as boris:
        boris.sweep()
        boris.decide(boris.open(boris.claim(id)), option="approve")
        boris.release_due()

    anas.send_signal(signal.SIGCONT)
    told, _ = anas.communicate("go on\n")

    assert told.strip() in ("LeaseLost", "MoveRefused")
    with AgentQueue.open(desk, agent="refund-agent", clock=later()) as queue:
        decision = queue.wait(id, timeout=0)
        assert decision is not None
        assert (decision.verdict, decision.envelope.reviewer) == ("approve", "boris")
        assert queue.status(id).state is EscalationState.DECIDED
