"""How an adapter asks: once for each gate, written down before its runtime pauses there."""

from __future__ import annotations

import hashlib
import json

from pydantic import JsonValue

from overread_briefs import WAITS, Brief, BriefError, Decision
from overread_briefs.canonical import jcs
from overread_queue.adapters.target import Pause
from overread_queue.agent import AgentQueue
from overread_queue.clock import Clock, SystemClock
from overread_queue.errors import InvalidRequest, OverreadError, StillPending, StoreError
from overread_queue.models import Ticket
from overread_queue.store.wakes import Question, Wake, WakeBook


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
    return ticket.id


def ask_again(queue: AgentQueue, *, runtime: str, gate: str) -> str:
    """Put the question of a gate once more, where the approval ran out before it was brought.

    People then see how old its facts have become. The runtime goes on waiting for what it knows.
    Raises `MoveRefused` where the agent itself has replaced the question.
    """
    book = WakeBook(queue.wakes)
    with book.at() as wakes:
        wake, question = wakes.at_gate(runtime, gate), wakes.begun(runtime, gate)
    if wake is None or question is None:
        raise InvalidRequest(f"nothing is written down of gate {gate}; begin its run anew")
    asked = wake.answered_by
    checkpoint = json.loads(question.checkpoint or "null")
    ticket = queue.revise(asked, question.brief, key=f"again:{asked}", checkpoint=checkpoint)
    with book.at() as wakes:
        wakes.renew(wake, ticket.id)
    return ticket.id


def recalled(queue: AgentQueue, *, runtime: str, gate: str) -> Wake | None:
    """What was written down of a gate that the runtime comes to again."""
    book = WakeBook(queue.wakes)
    if not book.path.exists():
        return None
    with book.at() as wakes:
        return wakes.at_gate(runtime, gate)


def forget(queue: AgentQueue, *, runtime: str, gate: str) -> None:
    """The answer is where it belongs: what was asked is not needed any more."""
    with WakeBook(queue.wakes).at() as wakes:
        wakes.drop(runtime, gate)


def decided(queue: AgentQueue, escalation: str) -> Decision:
    """The verified decision on what a runtime knows by this name. Raises what `poll` does, and
    `StillPending` without one."""
    with WakeBook(queue.wakes).at() as wakes:
        wake = wakes.get(escalation)
    asked = wake.answered_by if wake else escalation
    decision = queue.poll(asked)
    if decision is None:
        raise StillPending(asked)
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
    question = _question(queue, runtime, pause, json.dumps(checkpoint))
    try:
        return queue.submit(
            question.brief,
            proposal=proposal,
            key=f"{runtime}:{digest(pause.gate)}",
            checkpoint=json.loads(question.checkpoint or "null"),
        )
    except StoreError:
        raise  # Nobody knows whether the desk has it.
    except (OverreadError, BriefError):
        forget(queue, runtime=runtime, gate=pause.gate)
        raise


def _question(queue: AgentQueue, runtime: str, pause: Pause, checkpoint: str) -> Question:
    book = WakeBook(queue.wakes)
    with book.at() as wakes:
        begun = wakes.begun(runtime, pause.gate)
    if begun is not None:
        return begun
    brief = _waiting(pause.brief()).to_bytes()  # An agent's own code: it holds no lock.
    with book.at() as wakes:
        return wakes.begin(runtime, pause.gate, Question(brief, checkpoint))


def _waiting(brief: Brief) -> Brief:
    """The brief of an agent that stands at a gate: nothing is done before it is answered, so what
    the policy would have confirmed afterwards is approved beforehand."""
    if WAITS in brief.tags:
        return brief
    return brief.model_copy(update={"tags": (*brief.tags, WAITS)})
