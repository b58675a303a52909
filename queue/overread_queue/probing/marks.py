"""Keyed marks: how people are told apart, and counted, where no name may stand.

Whoever has the desk's key and its database can compute anybody's marks; with the database alone
nobody can. The key draws blind tests and marks people, and is never disclosed.
"""

from __future__ import annotations

import datetime as dt
import hmac

DRAW = b"overread.probe.v1\0"
"""Domain of the draw that puts a test beside a real arrival."""
DAY_MS = 86_400_000
HOUR_MS = 3_600_000


def seen_mark(key: bytes, reviewer: str, probe: str) -> str:
    """Somebody has met this test, and is not given it again."""
    return _mark(key, "seen", reviewer, probe)


def load_mark(key: bytes, reviewer: str, day: int) -> str:
    """What tests took of somebody's day; another mark every day."""
    return _mark(key, "load", reviewer, str(day))


def crowd_mark(key: bytes, reviewer: str, period: str, cut: str) -> str:
    """Somebody answered a test of this cut; another mark in every cut and period."""
    return _mark(key, "crowd", reviewer, period, cut)


def day_of(at: int) -> int:
    return at - at % DAY_MS


def hour_of(at: int) -> int:
    return at - at % HOUR_MS


def period_of(at: int) -> str:
    """Within which people are told apart: the UTC year."""
    return str(dt.datetime.fromtimestamp(at / 1000, dt.UTC).year)


def since_release(release: int) -> str:
    """A period as well: since figures of a cut were last told, in that release; 0 for never."""
    return f"since {release}"


def _mark(key: bytes, *parts: str) -> str:
    # No part holds a zero byte: names, ids and cuts are identifiers.
    return hmac.digest(key, "\0".join(("overread.mark.v1", *parts)).encode(), "sha256").hex()
