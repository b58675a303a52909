"""What comes back from the store's thread, and what the desk's folder says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message


@dataclass
class Finished(Message):
    """A call came back. `then` shows what it brought, on the screen's own thread."""

    then: Callable[[], None]
    place: str


@dataclass
class Refused(Message):
    """A call was refused, with a sentence for the reviewer."""

    sentence: str
    place: str
    """Whose trouble it is: the reviewer's `command`, a `look` at the desk, the `tick`, …"""
    then: Callable[[], None]
    """What the caller does about it, such as unlocking its keys."""


class DeskMoved(Message):
    """Somebody wrote to the database."""
