"""How an adapter asks: once for each gate, written down before its runtime pauses there."""

from __future__ import annotations

import hashlib

from pydantic import JsonValue

from overread_briefs import WAITS, Brief, BriefError, Decision
from overread_briefs.canonical import jcs
from overread_queue.adapters.target import Pause
from overread_queue.agent import AgentQueue
from overread_queue.clock import Clock, SystemClock
from overread_queue.errors import OverreadError, StillPending, StoreError
from overread_queue.models import Ticket
from overread_queue.store.wakes import Wake, WakeBook


def ask_once(
    queue: AgentQueue,
    runtime: str,
    pause: Pause,
    *,
    proposal: str | None = None,
    checkpoint: JsonValue = None,
    clock: Clock | None = None,
) -> str:
    """The escalation that waits at this gate, asked about now if it never was.

    It may be called any number of times, by several processes, and after a crash anywhere in it.
    Raises what `submit` does, and what building the brief does.
    """
    before = recalled(queue, runtime=runtime, gate=pause.gate)
    if before is not None:
        return before.escalation
    ticket = _submitted(queue, runtime, pause, proposal, checkpoint)
    with WakeBook(queue.wakes).at() as wakes:
        wakes.add(
            ticket.id,
            runtime,
            pause.target,
            gate=pause.gate,
            serial_key=pause.serial_key,
            batch_id=pause.batch_id,
            now=(clock or SystemClock()).now(),
        )
        wakes.done(runtime, pause.gate)
    return ticket.id


def recalled(queue: AgentQueue, *, runtime: str, gate: str) -> Wake | None:
    """What was written down of a gate that the runtime comes to again."""
    book = WakeBook(queue.wakes)
    if not book.path.exists():
        return None
    with book.at() as wakes:
        return wakes.at_gate(runtime, gate)


def decided(queue: AgentQueue, escalation: str) -> Decision:
    """The verified decision. Raises what `poll` does, and `StillPending` without one."""
    decision = queue.poll(escalation)
    if decision is None:
        raise StillPending(escalation)
    return decision


def digest(value: JsonValue) -> str:
    """Of fixed length and the same for the same value, however it was written: runtimes may call
    their runs and gates anything. Raises `NotCanonical`."""
    return hashlib.sha256(jcs(value)).hexdigest()


def _submitted(
    queue: AgentQueue, runtime: str, pause: Pause, proposal: str | None, checkpoint: JsonValue
) -> Ticket:
    """What was handed in before a crash is handed in as it was: a brief that is built again may
    have another time in it, and would be another question. A refused one is forgotten."""
    brief, key = _question(queue, runtime, pause), f"{runtime}:{digest(pause.gate)}"
    try:
        return queue.submit(brief, proposal=proposal, key=key, checkpoint=checkpoint)
    except StoreError:
        raise  # Nobody knows whether the desk has it.
    except (OverreadError, BriefError):
        with WakeBook(queue.wakes).at() as wakes:
            wakes.done(runtime, pause.gate)
        raise


def _question(queue: AgentQueue, runtime: str, pause: Pause) -> bytes:
    book = WakeBook(queue.wakes)
    with book.at() as wakes:
        begun = wakes.begun(runtime, pause.gate)
    if begun is not None:
        return begun
    brief = _waiting(pause.brief()).to_bytes()  # An agent's own code: it holds no lock.
    with book.at() as wakes:
        return wakes.begin(runtime, pause.gate, brief)


def _waiting(brief: Brief) -> Brief:
    """The brief of an agent that stands at a gate: nothing is done before it is answered, so what
    the policy would have confirmed afterwards is approved beforehand."""
    if WAITS in brief.tags:
        return brief
    return brief.model_copy(update={"tags": (*brief.tags, WAITS)})
