"""Putting blind tests among real work, and taking away those that real work has no room for.

Real arrivals are drawn for, so that tests are the share of work that the policy says. One that is
drawn where there is no time for it is not made up for later.
"""

from __future__ import annotations

import random
from contextlib import suppress

from overread_briefs.errors import BriefError
from overread_queue.asking.proposing import circumstances, judge_brief
from overread_queue.asking.submission import (
    Prepared,
    Submission,
    new_escalation,
    prepared,
    put_in,
)
from overread_queue.errors import OverreadError
from overread_queue.friction.drawing import drawn
from overread_queue.ground import Ground
from overread_queue.moves import Mover
from overread_queue.probing.answering import withdraw
from overread_queue.probing.folding import over
from overread_queue.probing.marks import DRAW
from overread_queue.probing.meeting import may_meet
from overread_queue.probing.quiet import is_quiet
from overread_queue.probing.refreshing import refreshed
from overread_queue.states import OPEN, EscalationState, Tier
from overread_queue.store import Transaction
from overread_queue.store.probes import Arrival, ProbeRow
from overread_queue.store.rows import EscalationRow
from overread_queue.trust.people import DESK

_LOT = random.SystemRandom()


def inject(ground: Ground) -> int:
    """Draw for what came since the last time; the number of tests put in."""
    key = ground.probe_key()
    with ground.store.read() as tx:
        nothing_new = tx.probes.drawn_to() >= tx.events.head()[0]
        if key is None or nothing_new or not tx.probes.usable():
            return 0
    with ground.store.write() as tx:
        mover = Mover(tx, DESK, ground.clock.now())
        chosen = _drawn_arrivals(ground, tx, key)
        tx.probes.draw_to(tx.events.head()[0])
        return sum(_put_one(ground, mover, arrival.pool) for arrival in chosen)


def withdraw_tests(ground: Ground) -> int:
    """Take away what waits where real work needs the time, or would be hurried by it."""
    with ground.store.read() as tx:
        if not _in_the_way(ground, tx):
            return 0
    with ground.store.write() as tx:
        mover = Mover(tx, DESK, ground.clock.now())
        found = _in_the_way(ground, tx)
        for row in found:
            withdraw(mover, row)
        return len(found)


def _drawn_arrivals(ground: Ground, tx: Transaction, key: bytes) -> list[Arrival]:
    """Nothing is drawn for what came before there were any tests."""
    after, rate = tx.probes.drawn_to(), ground.policy().friction.probe_fraction
    arrivals = tx.probes.arrivals(after=after) if after else []
    return [one for one in arrivals if drawn(key, DRAW, one.id, rate)]


def _put_one(ground: Ground, mover: Mover, pool: str) -> bool:
    """A test into a pool that has room for one, where there is one that somebody may meet."""
    tx, policy = mover.tx, ground.policy()
    if pool not in policy.pools or not _has_room(ground, mover, pool):
        return False
    if not is_quiet(tx, policy, pool, now=mover.now):
        return False
    return any(
        _may_be_met(ground, mover, one, pool) and _put(ground, mover, one, pool)
        for one in _in_lot_order(tx.probes.usable())
    )


def _in_lot_order(found: list[ProbeRow]) -> list[ProbeRow]:
    """Wrong and good ones alike: without both, catching cannot be told from refusing everything."""
    first = _LOT.choice(("wrong", "good"))
    return sorted(found, key=lambda one: (one.sort != first, _LOT.random()))


def _may_be_met(ground: Ground, mover: Mover, probe: ProbeRow, pool: str) -> bool:
    """Otherwise it would only make the pool look fuller than it is."""
    role = ground.policy().pools[pool].role
    people = (one for one in ground.roster().reviewers.values() if role in one.roles)
    return any(
        one.in_force(mover.now) and may_meet(ground, mover.tx, probe, one.name) for one in people
    )


def _put(ground: Ground, mover: Mover, probe: ProbeRow, pool: str) -> bool:
    """False where the policy in force would not bring it there, to one person, for an approval."""
    with suppress(OverreadError, BriefError), mover.tx.apart():
        ready = _prepared(ground, mover, probe)
        if ready is None:
            return False
        new = new_escalation(mover, ready)
        if new.pool == pool:
            judged = ready.judged.policy
            mover.tx.desk.add_policy(judged.sha256, judged.body, now=mover.now)
            # First: it says of every row that follows that no event tells of it.
            mover.tx.probes.put_in(probe.id, new.id)
            put_in(mover, ready, new)
            return True
    return False


def _prepared(ground: Ground, mover: Mover, probe: ProbeRow) -> Prepared | None:
    source = mover.tx.escalations.get(probe.source)
    if source is None or probe.body is None:
        return None
    brief = refreshed(probe.body, by=mover.now - source.created_at)
    there = circumstances(ground, mover.tx, brief.agent.name)
    if there.halted:
        return None
    judged = judge_brief(ground, there, brief.agent.name, brief)
    submission = Submission(brief.agent.name, brief.to_bytes())
    ready = prepared(submission, brief, judged, judged.ruling)
    duty = judged.policy.duty(brief.action.type, ready.tier)
    return ready if ready.tier is Tier.HARD_APPROVAL and not duty.two_people else None


def _has_room(ground: Ground, mover: Mover, pool: str) -> bool:
    """Not while a test is there, or somebody of this pool has met one in a session that goes on:
    they would see the next one in lists of the whole desk and, one being enough, not in theirs."""
    tx, people = mover.tx, ground.roster().reviewers
    role, gone = ground.policy().pools[pool].role, {one.row.id for one in over(tx, mover.now)}
    for id in (one.escalation for one in tx.probes.live()):
        row = tx.escalations.get(id) if id and id not in gone else None
        met = {look.reviewer for look in tx.folds.looks(row.id)} if row else set()
        roles = {held for name in met if name in people for held in people[name].roles}
        if role in roles or (row is not None and row.pool == pool):
            return False
    return True


def _in_the_way(ground: Ground, tx: Transaction) -> list[EscalationRow]:
    """What waits, once half of its time is over or its pool is not quiet."""
    policy, now = ground.policy(), ground.clock.now()
    waiting = (row for row in _open(tx) if row.state is EscalationState.WAITING)
    return [
        row
        for row in waiting
        if row.promote_at is None
        or row.promote_at <= now
        or not is_quiet(tx, policy, row.pool, now=now)
    ]


def _open(tx: Transaction) -> list[EscalationRow]:
    """Tests that have no answer yet."""
    waiting = [one.escalation for one in tx.probes.live() if one.answer is None]
    found = (tx.escalations.get(id) for id in waiting if id is not None)
    return [row for row in found if row is not None and row.state in OPEN]
