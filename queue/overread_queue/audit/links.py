"""Whether each event hangs on the one before it, and if one does not, what was done to it.

Rows are judged as they are: a value of a wrong type, text that is no JSON and numbers out of order
are damage to be named, never a reason to stop with another error than that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from overread_briefs.canonical import event_sha256, strict_loads
from overread_briefs.errors import BriefError
from overread_queue.store.events import GENESIS
from overread_queue.store.evidence import Cells

NAMES = ("actor", "kind", "agent", "run", "escalation")
NEAR = 256
"""How far from its place an event is looked for that was moved."""

Kind = Literal[
    "edited",
    "removed",
    "inserted",
    "reordered",
    "truncated",
    "rewritten",
    "checkpoint_forged",
    "checkpoint_removed",
    "decision_forged",
    "decision_removed",
    "decision_unexplained",
    "state_unexplained",
    "lift_forged",
    "said_forged",
    "test_planted",
    "brief_altered",
    "policy_altered",
    "schema_altered",
    "unreadable",
]


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as the desk wrote it."""

    kind: Kind
    text: str
    seq: int | None = None
    """Number of the first bad event, where it is about events."""


@dataclass(frozen=True, slots=True)
class Link:
    """One event, read without believing it."""

    seq: object
    previous: object
    hash: object
    kind: object
    agent: object
    run: object
    escalation: object
    detail: Mapping[str, JsonValue] | None
    """None where it is not what the desk writes."""
    body: Mapping[str, JsonValue] | None
    """What the hash covers, without the number; None where no hash could cover it."""

    @classmethod
    def of(cls, cells: Cells) -> Link:
        seq, at, *names, text, previous, hash = cells
        detail = _detail(text)
        _, kind, agent, run, escalation = names
        body: dict[str, JsonValue] = {
            name: value
            for name, value in zip(NAMES, names, strict=True)
            if value is None or isinstance(value, str)
        }
        if len(body) < len(NAMES) or not isinstance(at, int) or detail is None:
            return cls(seq, previous, hash, kind, agent, run, escalation, detail, None)
        body |= {"at": at, "detail": dict(detail)}
        return cls(seq, previous, hash, kind, agent, run, escalation, detail, body)

    def hashes_as(self, seq: int) -> bool:
        """Whether its hash is right for the number `seq`."""
        if self.body is None or not isinstance(self.previous, str):
            return False
        try:
            return event_sha256(self.previous, {**self.body, "seq": seq}) == self.hash
        except (BriefError, ValueError):
            return False

    def shift(self, place: int) -> int | None:
        """By how much its number was changed; None where no number near makes its hash right."""
        steps = (sign * step for step in range(NEAR) for sign in (1, -1))
        return next((by for by in steps if place + by > 0 and self.hashes_as(place + by)), None)


class Walk:
    """The chain from its first event on. `step` says what is wrong, once; then it is over."""

    def __init__(self) -> None:
        self.length = 0
        self.head = GENESIS

    def step(self, link: Link, following: Link | None) -> Damage | None:
        """Take the next event, and look at the one after it where this one does not fit."""
        place = self.length + 1
        if link.seq != place or type(link.seq) is not int:
            return self._misplaced(link, place)
        if link.previous != self.head or not link.hashes_as(place):
            return self._unlinked(link, following, place)
        self.length, self.head = place, str(link.hash)
        return None

    def _misplaced(self, link: Link, place: int) -> Damage:
        if isinstance(link.seq, int) and link.seq > place:
            text = f"events {place} to {link.seq - 1} were removed"
            return Damage("removed", text, place)
        return Damage("inserted", f"a second event {place - 1} was inserted", place - 1)

    def _unlinked(self, link: Link, following: Link | None, place: int) -> Damage:
        by = link.shift(place)
        beyond = following.shift(place + 1) if following else None
        if by == 0:
            bad = max(place - 1, 1)
            text = f"event {bad} was edited: event {place} hangs on another one"
            return Damage("edited", text, bad)
        if by == -1 and beyond in (-1, None):
            return Damage("inserted", f"event {place - 1} was inserted", place - 1)
        if by is None and beyond == -1:
            return Damage("inserted", f"event {place} was inserted", place)
        if by is None:
            return Damage("edited", f"event {place} was edited", place)
        if by > 0 and beyond in (by, None) and link.previous != self.head:
            text = f"{by} events from {place} on were removed, and the later ones numbered anew"
            return Damage("removed", text, place)
        text = f"event {place} was moved here: it was written as event {place + by}"
        return Damage("reordered", text, place)


def _detail(text: object) -> Mapping[str, JsonValue] | None:
    """The object that the desk wrote; None for what nobody could have hashed."""
    try:
        value = strict_loads(text.encode()) if isinstance(text, str) else None
    except (BriefError, ValueError):
        return None
    return value if isinstance(value, dict) else None
