"""Which gate waits for which answer, as an agent writes it down when it asks."""

from __future__ import annotations

from overread_briefs import WAITS, Brief
from overread_briefs.fields import Parameters
from overread_queue.agent import AgentQueue
from overread_queue.clock import Clock, SystemClock
from overread_queue.models import Ticket
from overread_queue.store.wakes import Wake, WakeBook


def waiting(brief: Brief) -> Brief:
    """The brief of an agent that stands at a gate: nothing is done before it is answered, so what
    the policy would have confirmed afterwards is approved beforehand."""
    if WAITS in brief.tags:
        return brief
    return brief.model_copy(update={"tags": (*brief.tags, WAITS)})


def remember(
    queue: AgentQueue,
    ticket: Ticket,
    *,
    runtime: str,
    gate: str,
    target: Parameters,
    serial_key: str,
    batch_id: str | None = None,
    clock: Clock | None = None,
) -> None:
    """Write down which gate waits for a ticket's answer, before the runtime pauses at it.

    `gate` is the runtime's own name of it, `serial_key` that of the run it is in.

    The same ticket again changes nothing.
    """
    now = (clock or SystemClock()).now()
    with WakeBook(queue.wakes).at() as wakes:
        wakes.add(
            ticket.id,
            runtime,
            target,
            gate=gate,
            serial_key=serial_key,
            batch_id=batch_id,
            now=now,
        )


def recalled(queue: AgentQueue, *, runtime: str, gate: str) -> Wake | None:
    """What was remembered of a gate that the runtime comes to again. Its question is asked already,
    so nothing has to be built or submitted again."""
    book = WakeBook(queue.wakes)
    if not book.path.exists():
        return None
    with book.at() as wakes:
        return wakes.at_gate(runtime, gate)
