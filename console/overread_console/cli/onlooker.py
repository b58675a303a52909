"""A look at a desk by somebody who is neither agent nor reviewer. It can only read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from overread_briefs.decision import Verdict
from overread_queue.asking.submission import asked_depths
from overread_queue.clock import SystemClock
from overread_queue.errors import NotAllowed, NotFound, StillPending
from overread_queue.ground import Ground
from overread_queue.mailbox.layout import ledger_of
from overread_queue.models import Halt, Row
from overread_queue.places import Places
from overread_queue.routing.pressure import Pressure, pressure_on
from overread_queue.routing.workload import shut_pools
from overread_queue.states import EscalationState, RunState
from overread_queue.stopping.halting import halt_on, standing_halts
from overread_queue.store import Transaction
from overread_queue.trust.envelope import Signed, parsed
from overread_queue.trust.pins import whose
from overread_queue.trust.roster import Roster


@dataclass(frozen=True, slots=True)
class Said:
    """What one of two people said."""

    reviewer: str
    verdict: str
    at: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an escalation and its run stand. Nothing here is verified."""

    escalation: Row
    run: str
    run_state: RunState | None
    verdict: Verdict | None
    halted: Halt | None
    """What stops its agent now."""
    opinions: tuple[Said, ...]
    """None before it is closed: whoever is asked second looks at it without them."""


def rows(db: Path, state: EscalationState | None, *, most: int) -> tuple[Row, ...]:
    """The newest escalations of a desk, newest first."""
    with _reading(db) as tx:
        return tx.escalations.newest(state, most=most)


def asker(db: Path, id: str) -> str:
    """The agent that submitted an escalation, by its own account before the database's.

    Raises `NotFound`, and `NotAllowed` for an agent of another user, who has to say who it is.
    """
    places = Places.of(db)
    if (agent := whose(_ledgers(places), id)) is not None:
        return agent
    if not os.access(places.db.parent, os.X_OK):
        raise NotAllowed("say which agent asks, with --agent NAME or OVERREAD_AGENT")
    with _reading(db) as tx:
        found = tx.escalations.get(id)
    if found is None:
        raise NotFound("escalation", id)
    return found.agent


def _ledgers(places: Places) -> Path:
    """Where the agents of whoever runs this keep their own account."""
    if places.mailbox is None:
        return places.ledger
    return ledger_of(Roster.load(places).desk.id, "").parent


def standing(db: Path, id: str) -> Standing:
    """Raises `NotFound`."""
    with _standing_on(db) as ground, ground.store.read() as tx:
        row, found = tx.escalations.row(id), tx.escalations.get(id)
        if row is None or found is None:
            raise NotFound("escalation", id)
        run = tx.runs.get(found.agent, found.run)
        decision = tx.decisions.get(id, found.attempt)
        halted = halt_on(ground, tx, found.agent)
        told = tx.opinions.about(found) if found.closed_at is not None else []
        verdict = decision.verdict if decision else tx.probes.verdict(id)
    return Standing(
        escalation=row,
        run=found.run,
        run_state=run.state if run else None,
        verdict=verdict,
        halted=halted,
        opinions=tuple(Said(one.reviewer, one.verdict, one.at) for one in told),
    )


def halts(db: Path) -> tuple[Halt, ...]:
    """What is stopped now, oldest first."""
    with _standing_on(db) as ground, ground.store.read() as tx:
        return standing_halts(ground, tx)


def signed_statement(db: Path, id: str) -> Signed:
    """The envelope and signature of an answer, for whoever checks them elsewhere.

    Raises `NotFound`, `StillPending`, and `Tampered` for bytes that are no envelope.
    """
    with _reading(db) as tx:
        found = tx.escalations.get(id)
        if found is None:
            raise NotFound("escalation", id)
        decision = tx.decisions.get(id, found.attempt)
    if decision is None:
        raise StillPending(id)
    parsed(decision.envelope)
    return Signed(decision.envelope, decision.signature)


def pressures(db: Path) -> dict[str, Pressure]:
    """How full each pool of a desk is, in the order of the policy."""
    with _standing_on(db) as ground, ground.store.read() as tx:
        policy, full, reviewers = ground.policy(), asked_depths(tx), tx.desk.open_sessions()
        whole = next((halt for halt in standing_halts(ground, tx) if halt.agent is None), None)
        shut = shut_pools(ground, tx, policy.pools, now=ground.clock.now())
    found = {
        pool: pressure_on(policy, pool, full, reviewers=reviewers, shut=shut)
        for pool in policy.pools
    }
    return {pool: replace(one, halted=whole) for pool, one in found.items()}


def role_holders(db: Path) -> Mapping[str, int]:
    """Every role that some reviewer of the desk holds, and how many do."""
    with _standing_on(db) as ground:
        people = ground.roster().reviewers.values()
    return Counter(role for person in people for role in set(person.roles))


def places_of(db: Path) -> Places:
    """The files of a desk, once it is sure that there is one and that this program knows it."""
    with _standing_on(db) as ground:
        return ground.places


@contextmanager
def _reading(db: Path) -> Iterator[Transaction]:
    with _standing_on(db) as ground, ground.store.read() as tx:
        yield tx


@contextmanager
def _standing_on(db: Path) -> Iterator[Ground]:
    with closing(Ground(Places.of(db), SystemClock())) as ground:
        yield ground
