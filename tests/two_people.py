"""Desks that ask for two people, and people who say something there."""

from __future__ import annotations

import getpass
from pathlib import Path

from factories import POLICY, House, brief, house
from journey import settle
from overread_briefs import Decision
from overread_queue.clock import Clock
from overread_queue.models import Receipt, Ticket
from overread_queue.setup import add_reviewer
from overread_queue.store import Store
from overread_queue.store.opinions import OpinionRow
from overread_queue.trust.people import Reviewer
from overread_queue.trust.roster import Roster, put_reviewer

DUAL = POLICY + '\n[governance."payments.refund".hard_approval]\ndual = true\n'
DRAWN = POLICY.replace("dual_fraction = 0", "dual_fraction = 1")
FLAT = DUAL.replace('senior = "seniors"\n', "", 1).replace(
    'fallback = "senior"', 'fallback = "fail"'
)
"""Nobody is above the refunds pool."""


def dual_house(folder: Path, *, policy: str = DUAL, clock: Clock | None = None) -> House:
    """ana, ben and cara work refunds; sam is their senior."""
    made = house(folder, policy=policy, clock=clock)
    user = (getpass.getuser(),)
    add_reviewer(made.places, Reviewer(name="cara", label="Cara", roles=("refunds",), user=user))
    return made


def ask(desk: House, *, agent: str = "refund-agent", key: str = "refund-A-1009") -> Ticket:
    with desk.agent(agent) as queue:
        return queue.submit(brief(agent=agent), key=key)


def say(
    desk: House,
    ticket: Ticket,
    reviewer: str,
    option: str = "approve",
    *,
    amount: float | None = None,
    reason: str = "as the policy says",
) -> Receipt:
    parameters = None if amount is None else {"amount": amount}
    return settle(desk, ticket, option, reviewer=reviewer, parameters=parameters, reason=reason)


def answer(desk: House, ticket: Ticket) -> Decision | None:
    with desk.agent() as queue:
        return queue.poll(ticket)


def change_reviewer(desk: House, name: str, **changes: object) -> None:
    """Rewrite one entry of reviewers.toml."""
    person = Roster.load(desk.places).reviewer(name)
    put_reviewer(desk.places, person.model_copy(update=changes))


def opinions(desk: House, ticket: Ticket) -> list[OpinionRow]:
    store = Store(desk.path)
    try:
        with store.read() as tx:
            found = tx.escalations.get(ticket.id)
            assert found is not None
            return tx.opinions.about(found)
    finally:
        store.close()
