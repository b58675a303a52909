"""Time and identity come in from outside: one object that tells the time and makes names."""

from __future__ import annotations

import secrets
import time
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """What every door asks for the time. All times are UTC milliseconds."""

    def now(self) -> int: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000


class ManualClock:
    """A clock that stands still until it is told to move. For tests and simulations."""

    def __init__(self, start_ms: int) -> None:
        self._now = start_ms

    def now(self) -> int:
        return self._now

    def advance(self, *, seconds: float) -> None:
        """Move by `seconds`; a negative number is a clock that jumped back."""
        self._now += round(seconds * 1000)


def new_id(now: int) -> str:
    """A UUIDv7 (RFC 9562 §5.7): ordered by time, and silent about what it names."""
    stamp = (now & (1 << 48) - 1) << 80
    version = 0x7 << 76
    variant = 0b10 << 62
    random = secrets.randbits(74)
    return str(UUID(int=stamp | version | (random >> 62) << 64 | variant | random & (1 << 62) - 1))


def made_at(id: str) -> int:
    """When `new_id` made this name. Raises `ValueError` for a name that it did not make."""
    return UUID(id).int >> 80


def is_id(text: str) -> bool:
    """Whether it is written exactly as `new_id` writes one."""
    try:
        found = UUID(text)
    except ValueError:
        return False
    return found.version == 7 and str(found) == text


def new_nonce() -> str:
    """128 random bits as hex: what makes each signed decision unlike any other."""
    return secrets.token_hex(16)
