"""Waking a waiter in well under a millisecond: a datagram socket each, rung after the commit.

A bell only says "look again". Losing one costs a waiter its next slow poll and nothing else, so
ringing ignores every error. Sockets live in a private folder of the user's run-time directory,
because a socket's path must be short and a database's need not be.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self


def folder(db: Path) -> Path:
    """Where this user's bells for a database are, made if need be."""
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    mine = base / f"overread-{os.getuid()}" / _short(str(db.resolve()))
    mine.mkdir(mode=0o700, parents=True, exist_ok=True)
    return mine


def ring(db: Path, topic: str) -> None:
    """Wake whoever waits for `topic`. Sockets that nobody listens on are cleared away."""
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        for path in folder(db).glob(f"{_short(topic)}.*"):
            try:
                sender.sendto(b"!", str(path))
            except ConnectionRefusedError:
                path.unlink(missing_ok=True)
            except OSError:
                continue


class Bell:
    """One waiter's bell. Hang it up before the first look, so that no ring falls in between."""

    def __init__(self, db: Path, topic: str) -> None:
        self._path = folder(db) / f"{_short(topic)}.{secrets.token_hex(4)}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def __enter__(self) -> Self:
        self._socket.bind(str(self._path))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def wait(self, seconds: float) -> bool:
        """Sleep until rung or until the time is over; True if rung."""
        self._socket.settimeout(max(seconds, 0.001))
        try:
            self._socket.recv(16)
        except TimeoutError:
            return False
        return True


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
