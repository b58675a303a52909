"""What a reviewer has looked at, and for how long: kept in memory, written down in steps.

Idle time does not count (SPEC S6.1): a gap longer than `IDLE_MS` between two signs of activity adds
nothing, because nobody knows that anybody was there.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field

from overread_queue.store import Transaction
from overread_queue.store.rows import ReviewRow

IDLE_MS = 60_000


@dataclass(slots=True)
class Attention:
    """One review's telemetry. Never keystrokes, never text."""

    last_at: int
    active_ms: int = 0
    focus_lost: int = 0
    away: bool = False
    evidence: set[str] = field(default_factory=set)
    unmasked: set[str] = field(default_factory=set)

    def active(self, now: int) -> None:
        """The reviewer did something. A clock that jumped back adds nothing."""
        gap = now - self.last_at
        if not self.away and 0 < gap <= IDLE_MS:
            self.active_ms += gap
        self.last_at = now
        self.away = False

    def focus(self, now: int, *, lost: bool) -> None:
        """The terminal lost or regained the focus; time in between does not count."""
        if lost:
            self.active(now)
            self.focus_lost += 1
        self.last_at = now
        self.away = lost


class Watch:
    """The telemetry of the review that one door has on its screen."""

    def __init__(self) -> None:
        self._review: str | None = None
        self._seen = Attention(last_at=0)
        self._lock = threading.Lock()

    def start(self, review: ReviewRow, now: int) -> None:
        """A review comes onto the screen. Opened again, it goes on where it was."""
        with self._lock:
            self._review = review.id
            self._seen = Attention(
                last_at=now,
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

    def write_down(self, tx: Transaction) -> None:
        """Store everything seen so far."""
        with self._lock:
            if self._review is not None:
                tx.reviews.seen(
                    self._review,
                    active_ms=self._seen.active_ms,
                    focus_lost=self._seen.focus_lost,
                    evidence=self._seen.evidence,
                    unmasked=self._seen.unmasked,
                )
