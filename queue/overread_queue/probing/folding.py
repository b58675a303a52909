"""Once a session is over, what came of its test is kept without anybody's name, and the test's
rows are removed: who reviewed what, and when, is gone from the database with them.

Several results are written in a shuffled order, under random names, with nothing finer than an
hour; the chain is told in a later hour that so many items were reviewed. What could be inferred
all the same stands in the guide ("Blind tests").
"""

from __future__ import annotations

import random
import secrets
from contextlib import suppress
from dataclasses import dataclass

from overread_queue.errors import Tampered
from overread_queue.ground import Ground
from overread_queue.policy.model import Policy
from overread_queue.probing.marks import (
    DAY_MS,
    HOUR_MS,
    crowd_mark,
    day_of,
    hour_of,
    load_mark,
    period_of,
    seen_mark,
    since_release,
)
from overread_queue.store import Transaction
from overread_queue.store.events import Event
from overread_queue.store.over import FORGOTTEN_MS
from overread_queue.store.probes import Minutes, ProbeRow, ResultRow
from overread_queue.store.rows import EscalationRow, ReviewRow
from overread_queue.trust.people import DESK

FIRST_MS = 10 * 60_000
"""The first part of a session."""
ANSWERED = ("decided", "handed_on")
"""Outcomes of the look that ended a test."""
_LOT = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Over:
    """A test that can be folded, with everybody's looks at it."""

    probe: ProbeRow
    row: EscalationRow
    looks: tuple[ReviewRow, ...]


def fold(ground: Ground) -> int:
    """Fold every test that is over; how many. Nothing where the key is out of reach."""
    key = ground.probe_key()
    with ground.store.read() as tx:
        if key is None or not over(tx, ground.clock.now()):
            return 0
    # Erasing: what is deleted is overwritten, too.
    with ground.store.erasing(), ground.store.write() as tx:
        now = ground.clock.now()
        found = over(tx, now)
        results: list[ResultRow] = []
        for one in found:
            with suppress(Tampered), tx.apart():  # A row that was planted stops no other test.
                kept = _kept(ground, tx, key, one, now)
                _mark_people(ground, tx, key, one)
                tx.folds.take_out(one.row.id)
                results += kept
        for result in _LOT.sample(results, len(results)):
            tx.folds.add_result(result)
        tx.folds.forget_loads(before=day_of(now) - DAY_MS)
    return len(found)


def tell_of_tests(ground: Ground) -> int:
    """Say in the chain that items were reviewed: not before the hour of their folding is over, so
    that the events around it are not those of one session's end."""
    hour = hour_of(ground.clock.now())
    with ground.store.read() as tx:
        if not tx.folds.untold(hour=hour):
            return 0
    with ground.store.write() as tx:
        untold = tx.folds.untold(hour=hour)
        for id in untold:
            tx.events.add(Event("item_reviewed", DESK, ground.clock.now()))
            tx.folds.tell(id)
    return len(untold)


def cuts_of(result: ResultRow) -> tuple[str, ...]:
    """The fixed groups that a result belongs to, as `Probes.crowd` names them."""
    return (
        "all",
        f"mutation:{result.mutation}",
        f"action:{result.action_type}",
        f"tier:{result.tier}",
    )


def over(tx: Transaction, now: int) -> list[Over]:
    """Tests that were answered or taken away, and that nobody has in a session any more."""
    found = []
    for probe in tx.probes.live():
        row = tx.escalations.get(probe.escalation or "")
        looks = tuple(tx.folds.looks(row.id)) if row else ()
        one = Over(probe, row, looks) if row else None
        if one is not None and _is_over(tx, one, now):
            found.append(one)
    return found


def _is_over(tx: Transaction, one: Over, now: int) -> bool:
    """Answered or withdrawn, and every session in which somebody met it has ended. Where it was in
    none, an hour later."""
    if one.row.closed_at is None and one.probe.answer is None:
        return False
    sessions = {look.session for look in one.looks if look.session is not None}
    if sessions:
        return all(_has_ended(tx, session, now) for session in sessions)
    ends = [one.row.closed_at, *(look.closed_at for look in one.looks)]
    return max(at for at in ends if at is not None) <= now - HOUR_MS


def _has_ended(tx: Transaction, session: str, now: int) -> bool:
    found = tx.desk.session(session)
    if found is None:
        return True
    return found.ended_at is not None or found.started_at <= now - FORGOTTEN_MS


def _kept(ground: Ground, tx: Transaction, key: bytes, one: Over, now: int) -> list[ResultRow]:
    """What came of it, where somebody answered, and that one person more did."""
    last = next((look for look in one.looks if look.outcome in ANSWERED), None)
    if last is None or one.probe.answer is None:
        return []
    result = _result(tx, ground.policy(), one, last, now)
    told = tx.releases.last_told(result.sort)
    for cut in cuts_of(result):
        family, _, _ = cut.partition(":")
        for period in (period_of(now), since_release(told.get(family, 0))):
            mark = crowd_mark(key, last.reviewer, period, cut)
            tx.folds.add_to_crowd(period, cut, result.sort, mark)
    return [result]


def _result(tx: Transaction, policy: Policy, one: Over, last: ReviewRow, now: int) -> ResultRow:
    judgement, probe = tx.judgements.of(last), one.probe
    return ResultRow(
        id=secrets.token_hex(16),
        sort=probe.sort,
        mutation=probe.mutation,
        action_type=probe.action_type,
        tier=one.row.tier,
        pool=policy.duty(probe.action_type, one.row.tier).pool,
        answer=probe.answer or "",
        caught=int(probe.answer != "approve"),
        confidence=judgement.confidence if judgement else None,
        load=probe.load or "light",
        minutes=_minutes(tx, last),
        hour=hour_of(now),
    )


def _minutes(tx: Transaction, look: ReviewRow) -> Minutes:
    session = tx.desk.session(look.session) if look.session else None
    begun = session.started_at if session else look.opened_at
    return "first" if look.opened_at - begun < FIRST_MS else "later"


def _mark_people(ground: Ground, tx: Transaction, key: bytes, one: Over) -> None:
    """Nobody meets it twice, it counts in everybody's day, and their sessions add up without it."""
    for look in one.looks:
        tx.folds.saw(seen_mark(key, look.reviewer, one.probe.id))
        day = day_of(look.closed_at or look.opened_at)
        tx.folds.add_load(
            day,
            load_mark(key, look.reviewer, day),
            items=int(look.outcome == "decided"),
            active_ms=look.active_ms,
        )
        if look.session is not None:
            person = ground.roster().reviewers.get(look.reviewer)
            seconds = round(one.row.expected_seconds * (person.time_multiplier if person else 1))
            tx.folds.lighten_session(look.session, active_ms=look.active_ms, seconds=seconds)
