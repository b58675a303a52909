"""The desk with one guard taken away, to see that whoever looks for what it prevents finds it."""

from __future__ import annotations

import time
from collections.abc import Callable

from overread_queue.errors import LeaseHeld
from overread_queue.ground import Ground
from overread_queue.reviewing.deciding import Desk
from overread_queue.store import table
from overread_queue.store.rows import EscalationRow, ReviewRow
from overread_queue.transport import direct
from overread_queue.transport.holding import take
from overread_queue.transport.protocol import Hold


def no_compare_and_set() -> None:
    """Whoever claims gets it, also from somebody else's hands."""
    _instead("escalation", "claim", "state = 'WAITING'", "state IN ('WAITING', 'CLAIMED')")


def no_fence() -> None:
    """A look from before the item was given back decides it all the same."""

    def unchecked(desk: Desk, row: EscalationRow, review: ReviewRow) -> None:
        pass

    Desk._check_mine = unchecked  # type: ignore[method-assign]


def read_then_write() -> None:
    """Whether somebody acts already is asked in another transaction than the taking."""
    _instead("run", "take", "lease_until <= :now", ":now > 0")

    def taken(ground: Ground, actor: str, found: EscalationRow, *, giving_up: bool = False) -> Hold:
        with ground.store.read() as tx:
            run = tx.runs.get(found.agent, found.run)
        if run is not None and run.holder is not None:
            raise LeaseHeld(run.id, seconds_left=1)
        time.sleep(0.5)
        return take(ground, actor, found, giving_up=giving_up)

    direct.take = taken


BUGS: dict[str, Callable[[], None]] = {
    bug.__name__: bug for bug in (no_compare_and_set, no_fence, read_then_write)
}


def _instead(file: str, name: str, guard: str, other: str) -> None:
    """A statement of the store with other words in it."""
    load = table.load
    found = load(file)
    assert guard in found[name]
    changed = {**found, name: found[name].replace(guard, other)}
    table.load = lambda one: changed if one == file else load(one)
