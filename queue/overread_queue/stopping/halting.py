"""Stop: one agent or the whole desk, by any reviewer, until a lead lifts it.

What is stopped is what the chain of events says was stopped and never lifted. Rows of `halt` add
the words: removing one, or marking it lifted, lifts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from overread_briefs.fields import Parameters
from overread_briefs.visible import visible
from overread_queue.clock import new_id
from overread_queue.errors import Halted, InvalidRequest
from overread_queue.models import Halt, Lifted
from overread_queue.moves import Mover
from overread_queue.stopping.breaker import trust_again
from overread_queue.store import Transaction
from overread_queue.store.bell import EVERYBODY
from overread_queue.store.events import Event

MAX_REASON = 2000
WHOLE_DESK = "the whole desk"


def standing_halts(tx: Transaction) -> tuple[Halt, ...]:
    """What is stopped now, oldest first."""
    standing: dict[str, Halt] = {}
    for told in tx.halts.told():
        if told.kind == "halted":
            standing[told.halt] = Halt(told.halt, told.agent, told.at, told.by, told.reason)
        else:
            standing.pop(told.halt, None)
    return tuple(standing.values())


def halt_on(tx: Transaction, agent: str) -> Halt | None:
    """What keeps this agent stopped: its own halt, or else the whole desk's."""
    return halted_by(standing_halts(tx), agent)


def halted_by(standing: Iterable[Halt], agent: str) -> Halt | None:
    """Which of these it is."""
    found = {halt.agent: halt for halt in standing}
    return found.get(agent) or found.get(None)


def check_not_halted(tx: Transaction, agent: str) -> None:
    """Raises `Halted`."""
    if (halt := halt_on(tx, agent)) is not None:
        raise halted(halt)


def halted(halt: Halt) -> Halted:
    """What everybody who is stopped by it is told."""
    return Halted(visible(who(halt)), by=visible(halt.by), reason=visible(halt.reason))


def stop(mover: Mover, agent: str | None, *, by: str, reason: str) -> Halt:
    """Stop an agent, or the whole desk for None, and wake everybody who waits.

    Stopped twice is stopped once. Raises `InvalidRequest` for a reason that is too long.
    """
    if len(reason) > MAX_REASON:
        raise InvalidRequest(f"the reason has {MAX_REASON:,} characters at most")
    for earlier in standing_halts(mover.tx):
        if earlier.agent == agent:
            return earlier
    halt = Halt(new_id(mover.now), agent, mover.now, by, reason)
    mover.tx.halts.add(halt)
    _note(mover, "halted", halt)
    mover.tx.wake(EVERYBODY)
    return halt


def lift(mover: Mover, agent: str | None, *, by: str) -> Lifted:
    """Let an agent, or the desk for None, go on: its halt ends, and its circuit breaker closes.

    Raises `InvalidRequest` where there is neither.
    """
    halt = next((one for one in standing_halts(mover.tx) if one.agent == agent), None)
    if halt is not None:
        mover.tx.halts.lift(halt.id, by=by, now=mover.now)
        _note(mover, "halt_lifted", halt)
    breaker = agent is not None and trust_again(mover, agent, by=by)
    if halt is None and not breaker:
        raise InvalidRequest(_nothing_to_lift(mover.tx, agent))
    return Lifted(agent, breaker, halt, halt_on(mover.tx, agent) if agent else None)


def altered(tx: Transaction) -> tuple[Halt, ...]:
    """Halts whose row was removed or marked as lifted, although no lead lifted them."""
    unlifted = tx.halts.unlifted()
    return tuple(halt for halt in standing_halts(tx) if halt.id not in unlifted)


def who(halt: Halt) -> str:
    """What is stopped, in words."""
    return WHOLE_DESK if halt.agent is None else halt.agent


def said(halt: Halt) -> str:
    """Who was stopped, by whom and why, without a full stop; whoever shows it makes it visible."""
    return f"{who(halt)} was stopped by {halt.by}{f': {halt.reason}' if halt.reason else ''}"


def _nothing_to_lift(tx: Transaction, agent: str | None) -> str:
    if agent is None:
        return "the desk is not stopped"
    said = f"{agent!r} is not stopped, and its circuit breaker is not open"
    if halt_on(tx, agent) is not None:
        said += "; the whole desk is stopped, so `overread lift --desk`"
    return said


def _note(mover: Mover, kind: str, halt: Halt) -> None:
    detail: Parameters = {"halt": halt.id}
    mover.tx.events.add(Event(kind, mover.actor, mover.now, agent=halt.agent, detail=detail))
