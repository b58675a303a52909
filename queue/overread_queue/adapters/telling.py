"""What a worker tells whoever watches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Event = Literal["asked", "unasked", "delivered", "superseded", "troubled"]
"""`unasked`: a gate waits whose question could not be put on the desk, or the runtime could not be
looked through; `troubled`: an answer could not be brought."""


@dataclass(frozen=True, slots=True)
class Told:
    """One step of a worker."""

    event: Event
    escalation: str
    """Empty where nothing is on the desk yet."""
    serial_key: str
    text: str = ""


Tell = Callable[[Told], None]
