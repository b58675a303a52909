"""Waking a waiter in well under a millisecond: a datagram socket each, rung after the commit.

A bell only says "look again". Losing one costs a waiter its next slow poll and nothing else, so
ringing ignores every error, and a bell that cannot be hung up is a sleep. Sockets live in a private
folder of the user's own among the temporary files, because a socket's path must be short and a
database's need not be; which folder, no session's environment decides, so both sides agree.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

EVERYBODY = "*"
"""The topic on which every bell rings."""


def folder(db: Path) -> Path:
    """Where this user's bells for a database are, made if need be."""
    mine = Path(tempfile.gettempdir()) / f"overread-{os.getuid()}"
    bells = mine / _short(str(db.resolve()))
    for one in (mine, bells):
        one.mkdir(mode=0o700, exist_ok=True)
    return bells


def ring(db: Path, topic: str) -> None:
    """Wake whoever waits for `topic`. Sockets that nobody listens on are cleared away."""
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        for path in folder(db).glob("*" if topic == EVERYBODY else f"{_short(topic)}.*"):
            try:
                sender.sendto(b"!", str(path))
            except ConnectionRefusedError:
                path.unlink(missing_ok=True)
            except OSError:
                continue


class Bell:
    """One waiter's bell. Hang it up before the first look, so that no ring falls in between."""

    def __init__(self, db: Path, topic: str) -> None:
        self._db, self._topic = db, topic
        self._path: Path | None = None
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        with suppress(OSError):  # The slow poll behind every bell needs none.
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            path = folder(self._db) / f"{_short(self._topic)}.{secrets.token_hex(4)}"
            self._socket.bind(str(path))
            self._path = path
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._socket is not None:
            self._socket.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def wait(self, seconds: float) -> bool:
        """Sleep until rung or until the time is over; True if rung."""
        if self._socket is None or self._path is None:
            time.sleep(max(seconds, 0.001))
            return False
        self._socket.settimeout(max(seconds, 0.001))
        try:
            self._socket.recv(16)
        except TimeoutError:
            return False
        return True


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
