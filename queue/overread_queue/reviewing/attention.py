"""What a reviewer has looked at, and for how long: kept in memory, written down in steps.

Idle time does not count (SPEC S6.1). People read for a while without touching a key, so a silence
counts up to `IDLE_MS`; one of `ABSENT_MS` adds nothing, as nobody was there, or the clock jumped.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Set
from dataclasses import dataclass, field, replace

from overread_queue.store import Transaction
from overread_queue.store.rows import ReviewRow

IDLE_MS = 60_000
ABSENT_MS = 10 * IDLE_MS


@dataclass(slots=True)
class Attention:
    """One review's telemetry. Never keystrokes, never text."""

    last_at: int
    latest_at: int
    """The latest time that this review saw: a clock that goes back does not move it."""
    active_ms: int = 0
    focus_lost: int = 0
    away: bool = False
    evidence: set[str] = field(default_factory=set)
    unmasked: set[str] = field(default_factory=set)

    def active(self, now: int) -> None:
        """The reviewer did something. A clock that jumped back adds nothing."""
        self.active_ms = self.active_at(now)
        self.last_at = now
        self.latest_at = max(self.latest_at, now)
        self.away = False

    def active_at(self, now: int) -> int:
        """Active milliseconds, if the reviewer did something now."""
        return self.active_ms + (0 if self.away else _read_in(now - self.last_at))

    def focus(self, now: int, *, lost: bool) -> None:
        """The terminal lost or regained the focus; time in between does not count."""
        if lost:
            self.active(now)
            self.focus_lost += 1
        self.last_at = now
        self.latest_at = max(self.latest_at, now)
        self.away = lost


def _read_in(silence: int) -> int:
    """Milliseconds of review between two signs of life."""
    return min(silence, IDLE_MS) if 0 < silence < ABSENT_MS else 0


class Watch:
    """The telemetry of the review that one door has on its screen."""

    def __init__(self) -> None:
        self._review: str | None = None
        self._seen = Attention(last_at=0, latest_at=0)
        self._lock = threading.Lock()

    def start(self, review: ReviewRow, now: int) -> None:
        """A review comes onto the screen. Opened again, it goes on where it was."""
        with self._lock:
            before = self._seen.latest_at if review.id == self._review else 0
            self._review = review.id
            self._seen = Attention(
                last_at=now,
                latest_at=max(now, before),
                active_ms=review.active_ms,
                focus_lost=review.focus_lost,
                evidence=set(json.loads(review.evidence)),
                unmasked=set(json.loads(review.unmasked)),
            )

    def active(self, review: str, now: int, *, evidence: str | None = None) -> None:
        """The reviewer did something; nothing counts for a review that is not on the screen."""
        with self._lock:
            if review == self._review:
                self._seen.active(now)
                self._seen.evidence |= {evidence} if evidence else set()

    def focus(self, review: str, now: int, *, lost: bool) -> None:
        with self._lock:
            if review == self._review:
                self._seen.focus(now, lost=lost)

    def unmasked(self, review: str, evidence: str) -> None:
        with self._lock:
            if review == self._review:
                self._seen.unmasked.add(evidence)

    def latest_at(self, review: str) -> int:
        """The latest time that this review saw here; 0 where it was not on the screen."""
        with self._lock:
            return self._seen.latest_at if review == self._review else 0

    def seen(self, stored: ReviewRow, *, now: int) -> ReviewRow:
        """The review as it would be written down if its reviewer did something now."""
        with self._lock:
            if stored.id != self._review:
                return stored
            return _merged(stored, replace(self._seen, active_ms=self._seen.active_at(now)))

    def write_down(self, tx: Transaction) -> None:
        """Store everything seen so far of a look that is not over."""
        with self._lock:
            stored = tx.reviews.get(self._review) if self._review else None
            if stored is None or stored.closed_at is not None:
                return
            found = _merged(stored, self._seen)
        tx.reviews.seen(found, more_ms=found.active_ms - stored.active_ms)


def _merged(stored: ReviewRow, seen: Attention) -> ReviewRow:
    """Two consoles with the same review add up what was opened, and never the time."""
    return replace(
        stored,
        active_ms=max(stored.active_ms, seen.active_ms),
        focus_lost=max(stored.focus_lost, seen.focus_lost),
        evidence=_united(stored.evidence, seen.evidence),
        unmasked=_united(stored.unmasked, seen.unmasked),
    )


def _united(stored: str, seen: Set[str]) -> str:
    return json.dumps(sorted({*json.loads(stored), *seen}))
