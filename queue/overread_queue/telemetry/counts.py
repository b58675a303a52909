"""How the desk stands, as numbers for a collector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from overread_queue.health.alarm import AlarmKind
from overread_queue.store import Transaction


@dataclass(frozen=True, slots=True)
class Count:
    """One number, and what it is of."""

    value: int
    of: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted now."""

    depth: tuple[Count, ...]
    """Open escalations, by pool."""
    depth_seconds: tuple[Count, ...]
    """Seconds of review that they are expected to take, by pool."""
    decisions: tuple[Count, ...]
    """Since the desk was made, by action type and verdict; `timed_out` is no `reject`."""
    alarms: tuple[Count, ...]
    """Standing ones, by kind."""


def counts(tx: Transaction, pools: Iterable[str], *, now: int) -> Counts:
    """A pool without work, and a kind of alarm that does not stand, count zero: what a collector
    hears no more of, it shows as it was."""
    depth = dict.fromkeys(pools, (0, 0)) | tx.escalations.depth()
    alarms = dict.fromkeys(get_args(AlarmKind), 0) | Counter(
        row.kind for row in tx.alarms.all_standing()
    )
    return Counts(
        depth=tuple(Count(items, {"pool": pool}) for pool, (items, _) in depth.items()),
        depth_seconds=tuple(Count(seconds, {"pool": pool}) for pool, (_, seconds) in depth.items()),
        decisions=tuple(
            Count(row.items, {"action_type": row.action_type, "verdict": row.verdict})
            for row in tx.records.verdicts(since=0, now=now)
        ),
        alarms=tuple(Count(number, {"kind": kind}) for kind, number in alarms.items()),
    )
