"""Alarms about what waits now: they look at the queue instead of the chain.

A depth and a forecast have no baseline, and no rate of false alarms: the limits are the policy's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from overread_queue.ground import Ground
from overread_queue.health import kept, wording
from overread_queue.health.alarm import AlarmKind
from overread_queue.health.charts import Finding
from overread_queue.health.lateness import Forecast, Open, WaitsChart, forecast
from overread_queue.health.settling import agrees, settle
from overread_queue.moves import Mover
from overread_queue.policy.settings import Limits
from overread_queue.routing.pressure import Depth
from overread_queue.store import Transaction
from overread_queue.store.alarms import AlarmRow
from overread_queue.trust.people import DESK

MOST = 2_000
"""Questions that one look ahead takes in, the most pressing ones."""
EASED = 0.8
"""An alarm is over below this share of what raised it, so that it does not come and go."""
DEPTH: AlarmKind = "depth"
LATE: AlarmKind = "breach_forecast"


class Outlook(NamedTuple):
    """What there is to say of one pool."""

    kind: AlarmKind
    pool: str
    finding: Finding | None


def look_ahead(ground: Ground) -> int:
    """Raise and end what concerns the queue as it is now; the number of alarms touched.

    Nothing is written while nothing changes.
    """
    now = ground.clock.now()
    with ground.store.read() as tx:
        if not any(True for _ in _changed(ground, tx, now)):
            return 0
    with ground.store.write() as tx:
        mover = Mover(tx, DESK, now)
        changed = tuple(_changed(ground, tx, now))
        for one in changed:
            settle(mover, one.kind, one.pool, one.finding, at=now)
    return len(changed)


def _changed(ground: Ground, tx: Transaction, now: int) -> Iterator[Outlook]:
    for one in (*_depths(ground, tx, now), *_forecasts(ground, tx, now)):
        if not agrees(tx.alarms.standing(one.kind, one.pool), one.finding):
            yield one


def _depths(ground: Ground, tx: Transaction, now: int) -> Iterator[Outlook]:
    found = {pool: Depth(*depth) for pool, depth in tx.escalations.depth().items()}
    reviewers, limits = max(1, tx.desk.open_sessions()), ground.policy().limits
    for pool in sorted(found.keys() | tx.alarms.standing_subjects(DEPTH)):
        standing = tx.alarms.standing(DEPTH, pool)
        depth = found.get(pool, Depth())
        yield Outlook(DEPTH, pool, _too_deep(pool, depth, reviewers, limits, standing, now))


def _too_deep(
    pool: str, depth: Depth, reviewers: int, limits: Limits, standing: AlarmRow | None, now: int
) -> Finding | None:
    minutes = depth.seconds / 60 / reviewers
    severe = minutes >= _eased(limits.hard_minutes, standing is not None and standing.severe)
    if not severe and minutes < _eased(limits.warn_minutes, standing is not None):
        return None
    limit = limits.hard_minutes if severe else limits.warn_minutes
    says = wording.too_deep(pool, minutes=minutes, limit=limit, full=severe)
    return Finding(severe, _since(standing, severe, now), says, depth.items, minutes, limit)


def _forecasts(ground: Ground, tx: Transaction, now: int) -> Iterator[Outlook]:
    waiting: dict[str, list[Open]] = defaultdict(list)
    for row in tx.alarms.waiting(now=now, most=MOST):
        asked = min(row.created_at, now)
        waiting[row.pool].append(Open((now - asked) / 1000, (row.deadline_at - asked) / 1000))
    share = ground.policy().alarms.breach_share
    for pool in sorted(waiting.keys() | tx.alarms.standing_subjects(LATE)):
        standing = tx.alarms.standing(LATE, pool)
        chart = kept.WAITS.one(tx, LATE, pool)
        told = forecast(chart or WaitsChart(), waiting[pool])
        yield Outlook(LATE, pool, _late(pool, told, share, standing, now))


def _late(
    pool: str, told: Forecast | None, share: float, standing: AlarmRow | None, now: int
) -> Finding | None:
    least = max(1.0, share * told.known) if told else 1.0
    if told is None or told.late < _eased(least, standing is not None):
        return None
    says = wording.will_be_late(pool, late=told.late, known=told.known)
    since = _since(standing, False, now)
    return Finding(False, since, says, told.known, told.late / told.known, share)


def _eased(limit: float, standing: bool) -> float:
    return EASED * limit if standing else limit


def _since(standing: AlarmRow | None, severe: bool, now: int) -> int:
    return standing.since if standing and standing.severe == severe else now
