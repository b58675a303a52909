"""Stop: one agent or the whole desk, by any reviewer, until a lead lifts it.

What is stopped is what the chain of events says was stopped, unless a lead signed that it is over.
Rows of `halt` add the words: removing one, or marking it lifted, lifts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from overread_briefs.fields import Parameters
from overread_briefs.visible import visible
from overread_queue.clock import new_id
from overread_queue.errors import Halted, InvalidRequest, OverreadError
from overread_queue.ground import Ground
from overread_queue.models import Halt, Lifted
from overread_queue.moves import Mover
from overread_queue.release import Signer
from overread_queue.stopping.breaker import trust_again
from overread_queue.stopping.lifting import end, standing, stops
from overread_queue.store import Transaction
from overread_queue.store.bell import EVERYBODY
from overread_queue.store.events import Event
from overread_queue.store.rows import Stop

MAX_REASON = 2000
WHOLE_DESK = "the whole desk"


def standing_halts(ground: Ground, tx: Transaction) -> tuple[Halt, ...]:
    """What is stopped now, oldest first."""
    return tuple(_halt(one.began) for one in stops(ground, tx, "halt") if one.lifted is None)


def halt_on(ground: Ground, tx: Transaction, agent: str) -> Halt | None:
    """What keeps this agent stopped: its own halt, or else the whole desk's."""
    return halted_by(standing_halts(ground, tx), agent)


def halted_by(halts: Iterable[Halt], agent: str) -> Halt | None:
    """Which of these it is."""
    found = {halt.agent: halt for halt in halts}
    return found.get(agent) or found.get(None)


def check_not_halted(ground: Ground, tx: Transaction, agent: str) -> None:
    """Raises `Halted`."""
    if (halt := halt_on(ground, tx, agent)) is not None:
        raise halted(halt)


def halted(halt: Halt) -> Halted:
    """What everybody who is stopped by it is told."""
    return Halted(visible(who(halt)), by=visible(halt.by), reason=visible(halt.reason))


def stop(ground: Ground, mover: Mover, agent: str | None, *, by: str, reason: str) -> Halt:
    """Stop an agent, or the whole desk for None, and wake everybody who waits.

    Stopped twice is stopped once. Raises `InvalidRequest` for a reason that is too long.
    """
    if len(reason) > MAX_REASON:
        raise InvalidRequest(f"the reason has {MAX_REASON:,} characters at most")
    # A trust folder that cannot be read keeps nobody from stopping.
    with suppress(OverreadError):
        for earlier in standing(ground, mover.tx, "halt", agent=agent):
            return _halt(earlier.began)
    halt = Halt(new_id(mover.now), agent, mover.now, by, reason)
    mover.tx.halts.add(halt)
    detail: Parameters = {"halt": halt.id}
    mover.tx.events.add(Event("halted", mover.actor, mover.now, agent=agent, detail=detail))
    mover.tx.wake(EVERYBODY)
    return halt


def lift(ground: Ground, mover: Mover, agent: str | None, signer: Signer) -> Lifted:
    """Let an agent, or the desk for None, go on: its halt ends, and its circuit breaker closes.

    Raises `InvalidRequest` where there is neither.
    """
    found = standing(ground, mover.tx, "halt", agent=agent)
    end(mover, signer, found)
    for one in found:
        mover.tx.halts.lift(one.began.stop, by=signer.name, now=mover.now)
    breaker = agent is not None and trust_again(ground, mover, agent, signer)
    if not found and not breaker:
        raise InvalidRequest(_nothing_to_lift(ground, mover.tx, agent))
    still = halt_on(ground, mover.tx, agent) if agent else None
    return Lifted(agent, breaker, _halt(found[0].began) if found else None, still)


def altered(ground: Ground, tx: Transaction) -> tuple[Halt, ...]:
    """Halts whose row was removed or marked as lifted, although no lead lifted them."""
    unlifted = tx.halts.unlifted()
    return tuple(halt for halt in standing_halts(ground, tx) if halt.id not in unlifted)


def who(halt: Halt) -> str:
    """What is stopped, in words."""
    return WHOLE_DESK if halt.agent is None else halt.agent


def said(halt: Halt) -> str:
    """Who was stopped, by whom and why, without a full stop; whoever shows it makes it visible."""
    return f"{who(halt)} was stopped by {halt.by}{f': {halt.reason}' if halt.reason else ''}"


def _nothing_to_lift(ground: Ground, tx: Transaction, agent: str | None) -> str:
    if agent is None:
        return "the desk is not stopped"
    said = f"{agent!r} is not stopped, and its circuit breaker is not open"
    if halt_on(ground, tx, agent) is not None:
        said += "; the whole desk is stopped, so `overread lift --desk`"
    return said


def _halt(began: Stop) -> Halt:
    return Halt(began.stop, began.agent, began.at, began.by, began.words)
