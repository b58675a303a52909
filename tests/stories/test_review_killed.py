"""A console that dies gives its items back; nothing that it had only held was ever decided."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from factories import House, brief, house
from overread_queue.clock import ManualClock, SystemClock
from overread_queue.errors import LeaseLost
from overread_queue.states import EscalationState

PLAIN = """
import sys
from overread_console.plain.face import run
sys.exit(run(sys.argv[1], reviewer="ana", stdin=sys.stdin, stdout=sys.stdout))
"""


@pytest.fixture
def desk(tmp_path: Path) -> House:
    return house(tmp_path, clock=SystemClock())


@contextmanager
def console(desk: House) -> Iterator[subprocess.Popen[str]]:
    """A plain console of ana's in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", PLAIN, str(desk.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        with process:
            yield process
    finally:
        process.kill()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What it says, up to the line with these words."""
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it never said {words!r}, only:\n{said}")


def tell(process: subprocess.Popen[str], *lines: str) -> None:
    assert process.stdin is not None
    process.stdin.write("".join(f"{line}\n" for line in lines))
    process.stdin.flush()


def much_later(desk: House) -> House:
    """The same desk, half an hour on."""
    later = ManualClock(SystemClock().now() + 30 * 60_000)
    return House(desk.places, later)


def test_a_killed_console_gives_its_items_back_and_keeps_the_draft(desk: House) -> None:
    with desk.agent() as agent:
        ticket = agent.submit(brief(), key="refund-A-1009")
    with console(desk) as process:
        read_until(process, "You can choose:")
        tell(process, "a", "A-1009")
        read_until(process, "held")
        process.send_signal(signal.SIGKILL)
    later = much_later(desk)
    with later.agent() as agent, later.desk("ben") as colleague:
        colleague.sweep()
        assert agent.poll(ticket.id) is None
        assert colleague.waiting_ids() == (ticket.id,)
    with later.desk("ana") as ana:
        draft = ana.open(ana.claim(ticket.id)).draft
    assert draft is not None
    assert draft.option == "approve"


def test_a_stale_consoles_decision_is_refused(desk: House) -> None:
    with desk.agent() as agent:
        ticket = agent.submit(brief(), key="refund-A-1009")
    with desk.desk("ana") as stale:
        (item,) = stale.start_session().items
        review = stale.open(item)
        later = much_later(desk)
        with later.desk("ben") as colleague:
            colleague.sweep()
            colleague.claim(ticket.id)
            with pytest.raises(LeaseLost):
                stale.decide(review, option="approve")
            with desk.agent() as agent:
                assert agent.status(ticket.id).state is EscalationState.CLAIMED


def test_end_of_input_gives_the_rest_back_and_exits_with_zero(desk: House) -> None:
    with desk.agent() as agent:
        tickets = [agent.submit(brief(), key=f"key-{n}") for n in range(2)]
    with console(desk) as process:
        said, _ = process.communicate("r\nnot covered\n", timeout=60)
    assert process.returncode == 0
    assert "rejected 1" in said
    assert not set("─│┌▸✗✓⚠■●") & set(said)
    assert "\x1b" not in said
    with desk.agent() as agent:
        states = sorted(agent.status(ticket.id).state for ticket in tickets)
    assert states == [EscalationState.DECIDED, EscalationState.WAITING]
