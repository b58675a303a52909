"""Blind tests on the desks of `factories`: made from a closed item, put in by a real arrival."""

from __future__ import annotations

import secrets
from contextlib import closing

from factories import House, brief
from journey import raw, settle
from overread_briefs import Brief
from overread_queue.clock import new_id
from overread_queue.friction.drawing import drawn
from overread_queue.ground import Ground
from overread_queue.models import Ticket
from overread_queue.probing.marks import DRAW
from overread_queue.store.probes import ProbeRow, ResultRow, Sort
from overread_queue.sweep import Sweep
from overread_queue.trust.people import PROBES

RATE = 0.02
"""The policy's share of tests."""


class NothingPutIn(Exception):
    """No test came beside the arrival that was drawn."""


def sweep(here: House) -> int:
    with closing(Ground(here.places, here.clock)) as ground:
        return Sweep(ground).run()


def closed(here: House, *, reviewer: str | None = None) -> Ticket:
    """A real item that `reviewer` has rejected, or that its agent took back."""
    with here.agent() as queue:
        ticket = queue.submit(brief("Refund $99.00 on order A-0500?"), key="earlier")
        if reviewer is None:
            queue.withdraw(ticket)
    if reviewer is not None:
        settle(here, ticket, "reject", reviewer=reviewer)
    here.catch_up()
    return ticket


def made(
    here: House,
    source: Ticket,
    body: Brief | None = None,
    *,
    sort: Sort = "wrong",
    realistic: bool = True,
) -> str:
    """A test that a lead has found realistic. From now on arrivals are drawn for."""
    at = here.clock.now()
    written = body or brief("Refund $24.00 on order A-1700?", amount=24.0, at=at)
    id = new_id(at)
    with closing(Ground(here.places, here.clock)) as ground, ground.store.write() as tx:
        tx.probes.add(
            ProbeRow(
                id=id,
                sort=sort,
                mutation="unit_error" if sort == "wrong" else "none",
                explanation="dollars were read as cents",
                source=source.id,
                action_type=written.action.type,
                body=written.to_bytes(),
                made_at=at,
                made_by="lea",
            )
        )
        tx.probes.check(id, realistic=realistic, by="lea", now=at)
        tx.probes.draw_to(tx.events.head()[0])
    return id


def worked(here: House, reviewer: str, items: int) -> None:
    """Somebody answered so many real items, long ago."""
    with here.agent() as queue:
        ticket = queue.submit(brief("Refund $5.00 on order A-0100?"))
        queue.withdraw(ticket)
    here.catch_up()
    then = here.clock.now() - 90 * 86_400_000
    with raw(here.path) as db:
        db.executemany(
            "INSERT INTO review (id, escalation, attempt, reviewer, fence, opened_at, closed_at,"
            " outcome, option) VALUES (?, ?, 1, ?, ?, ?, ?, 'decided', 'reject')",
            [(new_id(then), ticket.id, reviewer, 100 + n, then, then) for n in range(items)],
        )


def results(here: House) -> list[ResultRow]:
    """What came of tests so far."""
    with closing(Ground(here.places, here.clock)) as ground, ground.store.read() as tx:
        return tx.probes.results()


def draw_for(here: House, arrival: Ticket) -> None:
    """Choose the desk's secret so that this arrival is one that a test comes beside."""
    key = secrets.token_bytes(32)
    while not drawn(key, DRAW, arrival.id, RATE):
        key = secrets.token_bytes(32)
    path = here.places.key(PROBES)
    path.chmod(0o600)
    path.write_bytes(key)


def arrived(here: House, key: str = "twin", written: Brief | None = None) -> tuple[str, Ticket]:
    """A real item comes, and a test beside it: the test's escalation and the real ticket."""
    before = live(here)
    with here.agent() as queue:
        real = queue.submit(written or brief(at=here.clock.now()), key=key)
    here.catch_up()
    draw_for(here, real)
    sweep(here)
    test = next((id for id in live(here) if id not in before), None)
    if test is None:
        raise NothingPutIn
    return test, real


def live(here: House) -> list[str]:
    """Escalations that are tests now."""
    with closing(Ground(here.places, here.clock)) as ground, ground.store.read() as tx:
        return [one.escalation for one in tx.probes.live() if one.escalation]


def get(here: House, probe: str) -> ProbeRow:
    with closing(Ground(here.places, here.clock)) as ground, ground.store.read() as tx:
        found = tx.probes.get(probe)
    assert found is not None
    return found
