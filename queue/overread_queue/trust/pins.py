"""What an agent has submitted, by its own account: the desk's database could say something else.

Whoever waits for an id in another process has nothing else to hold an answer against. One JSON
object a line. It is not flushed: a power cut may take the newest pins, and what they would have
said is then read off the received bytes alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict, ValidationError

from overread_queue.errors import Replayed, StoreFull, Tampered, TooManyFiles
from overread_queue.files import OUT_OF_FILES, open_own
from overread_queue.models import Ticket


class Pin(BaseModel):
    """What never changes about an escalation, as it was submitted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    escalation: str
    brief_sha256: str
    action_sha256: str
    tier: str

    @classmethod
    def of(cls, ticket: Ticket) -> Pin:
        return cls(
            escalation=ticket.id,
            brief_sha256=ticket.brief_sha256,
            action_sha256=ticket.action_sha256,
            tier=ticket.tier.value,
        )


def whose(ledgers: Path, escalation: str) -> str | None:
    """The agent that submitted it, by the agents' own account."""
    for path in sorted(ledgers.glob("*.pins")):
        if Pins(path).of(escalation) is not None:
            return unquote(path.stem)
    return None


class Pins:
    """Append-only, shared by the processes of one agent: each line is one write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Pin] = {}

    def keep(self, ticket: Ticket) -> None:
        """Of an earlier submission only what a crash kept from being written.

        Raises `StoreReadOnly`, `StoreFull`, `TooManyFiles`.
        """
        if ticket.created or self.of(ticket.id) is None:
            self._append(Pin.of(ticket).model_dump())

    def of(self, escalation: str) -> Pin | None:
        """None for what came in by another way, such as the inbox. Raises `Tampered`."""
        if escalation not in self._known and (found := self._read(escalation)):
            self._known[escalation] = found
        return self._known.get(escalation)

    def drop(self, escalation: str) -> None:
        """Its agent has taken it back, or asks something else in its place."""
        self._append({"dropped": escalation})

    def check_wanted(self, escalation: str) -> None:
        """Raises `Replayed` for an approval of what its agent has dropped."""
        if self._line(b'{"dropped": %s}' % json.dumps(escalation).encode()) is not None:
            raise Replayed(f"escalation {escalation} was taken back, so nothing follows from it")

    def _append(self, said: Mapping[str, str]) -> None:
        # Each line begins with its own line break: a torn one before it stays alone.
        line = b"\n" + json.dumps(said).encode()
        handle = open_own(self._path, os.O_WRONLY | os.O_APPEND)
        try:
            whole = os.write(handle, line) == len(line)
        except OSError as error:
            raise StoreFull(str(self._path)) from error
        finally:
            os.close(handle)
        if not whole:
            raise StoreFull(str(self._path))

    def _line(self, beginning: bytes) -> bytes | None:
        """The first line that begins like this: no later one takes its place."""
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno not in OUT_OF_FILES:
                raise
            raise TooManyFiles(str(self._path)) from error
        start = text.find(b"\n" + beginning)
        return None if start < 0 else text[start + 1 :].partition(b"\n")[0]

    def _read(self, escalation: str) -> Pin | None:
        line = self._line(b'{"escalation": %s,' % json.dumps(escalation).encode())
        try:
            return None if line is None else Pin.model_validate_json(line)
        except ValidationError as error:
            raise Tampered(
                f"{self._path} says something unreadable about {escalation}; restore it from a copy"
            ) from error
