"""What was stopped and what was lifted, as the chain of events tells it.

A stop is believed from anybody. A lift is believed only with the signature of a lead whose key the
trust folder vouches for: whoever can write the file can stop more with it, and let nobody go on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from overread_briefs.fields import Parameters
from overread_queue.ground import Ground
from overread_queue.moves import Mover
from overread_queue.release import Signer
from overread_queue.store import Transaction
from overread_queue.store.events import Event
from overread_queue.store.rows import Stop
from overread_queue.trust.lifting import Lift, counts, sign_lift
from overread_queue.trust.roster import Roster

Sort = Literal["halt", "breaker"]
_BEGINS: dict[str, Sort] = {"halted": "halt", "breaker_opened": "breaker"}
_ENDS: dict[str, Sort] = {"halt_lifted": "halt", "breaker_lifted": "breaker"}


@dataclass(frozen=True, slots=True)
class Stopped:
    """One halt or breaker, with the lift that ended it."""

    sort: Sort
    began: Stop
    lifted: Stop | None = None


def stops(ground: Ground, tx: Transaction, sort: Sort) -> tuple[Stopped, ...]:
    """Every one that there ever was, oldest first."""
    roster = cache(ground.roster)  # read once, and only where something was lifted
    found: dict[tuple[str, str | None], Stopped] = {}
    for told in tx.halts.told():
        name = (told.stop, told.agent)
        if _BEGINS.get(told.kind) == sort:
            # One that is told again is that one again: it stands, wherever it was lifted before.
            found[name] = Stopped(sort, told)
        elif _ENDS.get(told.kind) != sort or name not in found:
            continue
        elif _is_believed(ground.desk_id, roster(), told):
            found[name] = replace(found[name], lifted=told)
    return tuple(found.values())


def standing(
    ground: Ground, tx: Transaction, sort: Sort, *, agent: str | None
) -> tuple[Stopped, ...]:
    """What stops this agent, or for None the desk, and nobody else."""
    every = stops(ground, tx, sort)
    return tuple(one for one in every if one.lifted is None and one.began.agent == agent)


def end(mover: Mover, signer: Signer, stopped: Iterable[Stopped]) -> None:
    """Write down, signed, that these are over."""
    for one in stopped:
        lift = Lift(signer.desk_id, one.began.stop, one.began.agent, signer.name, mover.now)
        detail: Parameters = {one.sort: one.began.stop, "signature": sign_lift(lift, signer.key)}
        kind = f"{one.sort}_lifted"
        event = Event(kind, mover.actor, mover.now, agent=one.began.agent, detail=detail)
        mover.tx.events.add(event)


def _is_believed(desk: str, roster: Roster, told: Stop) -> bool:
    lift = Lift(desk, told.stop, told.agent, told.by, told.at)
    return counts(lift, told.signature, roster)
