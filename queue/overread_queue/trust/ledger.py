"""The agents' own memory of used decisions: the desk's database could be rolled back, this is not.

One JSON object a line, flushed to disk before anything is done with the decision.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from overread_queue.errors import (
    InvalidRequest,
    Replayed,
    StoreFull,
    Tampered,
)
from overread_queue.files import flush_folder, open_own

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Use(BaseModel):
    """One line: a decision was taken, or what it allowed is finished."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    nonce: str
    escalation: str
    attempt: int
    state: Literal["taken", "done"]


class Ledger:
    """Append-only, shared by processes and threads through a lock on the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_to = 0
        self._inode = 0
        self._by_nonce: dict[str, Use] = {}
        self._by_attempt: dict[tuple[str, int], str] = {}

    def take(self, nonce: str, escalation: str, attempt: int) -> None:
        """Record the use of a decision, before acting on it. The same use again changes nothing.

        Raises `Replayed` where the nonce served something else, the attempt was decided by
        another nonce, or what it allowed is done.
        """
        with self._locked() as file:
            if self._is_taken(nonce, escalation, attempt):
                return
            self._append(
                file, Use(nonce=nonce, escalation=escalation, attempt=attempt, state="taken")
            )

    def begun(self, escalation: str, attempt: int) -> str | None:
        """Nonce of the decision taken for this attempt, while what it allowed is not done."""
        if not self._path.exists():
            return None  # Looking makes no file.
        with self._locked():
            nonce = self._by_attempt.get((escalation, attempt))
            if nonce is None or self._by_nonce[nonce].state == "done":
                return None
            return nonce

    def is_done(self, escalation: str, attempt: int) -> bool:
        """Whether what was decided for this attempt is finished."""
        found = (escalation, attempt)
        return any(
            one.state == "done" for one in self.uses() if (one.escalation, one.attempt) == found
        )

    def uses(self) -> tuple[Use, ...]:
        """Every decision that was taken, and whether what it allowed is done."""
        if not self._path.exists():
            return ()
        with self._locked():
            return tuple(self._by_nonce.values())

    def done(self, nonce: str) -> None:
        """Record that what the decision allowed is finished: it can never be taken again."""
        with self._locked() as file:
            use = self._by_nonce.get(nonce)
            if use is None:
                raise InvalidRequest(f"decision {nonce} was never taken; take() it before done()")
            if use.state == "taken":
                self._append(file, use.model_copy(update={"state": "done"}))

    def _is_taken(self, nonce: str, escalation: str, attempt: int) -> bool:
        use = self._by_nonce.get(nonce)
        if use is None:
            if (escalation, attempt) in self._by_attempt:
                raise Replayed(f"{escalation}/{attempt} was already taken with another decision")
            return False
        if (use.escalation, use.attempt) != (escalation, attempt):
            raise Replayed(f"this decision was already used for {use.escalation}/{use.attempt}")
        if use.state == "done":
            raise Replayed(f"{escalation}/{attempt} was already carried out; do not do it again")
        return True

    @contextmanager
    def _locked(self) -> Iterator[FileIO]:
        """The file under an exclusive lock, with everything in it read and a torn end removed."""
        with self._open() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._catch_up(file)
            yield file

    def _open(self) -> FileIO:
        created = not self._path.exists()
        handle = open_own(self._path, os.O_RDWR | os.O_APPEND)
        if created:
            flush_folder(self._path.parent)
        return os.fdopen(handle, "r+b", buffering=0)

    def _catch_up(self, file: FileIO) -> None:
        """Read what other processes wrote since the last time."""
        now = os.fstat(file.fileno())
        if now.st_ino != self._inode or now.st_size < self._read_to:
            self._forget(now.st_ino)
        file.seek(self._read_to)
        new = file.read()
        whole = new[: new.rfind(b"\n") + 1]
        for line in whole.splitlines():
            self._remember(self._parsed(line))
        self._read_to += len(whole)
        if len(whole) < len(new):
            # A crash cut this line short, so its writer never acted on it.
            file.truncate(self._read_to)

    def _forget(self, inode: int) -> None:
        self._inode, self._read_to = inode, 0
        self._by_nonce.clear()
        self._by_attempt.clear()

    def _remember(self, use: Use) -> None:
        self._by_nonce[use.nonce] = use
        self._by_attempt[use.escalation, use.attempt] = use.nonce

    def _parsed(self, line: bytes) -> Use:
        try:
            return Use.model_validate_json(line)
        except ValidationError as error:
            raise Tampered(
                f"{self._path} holds a line that Overread did not write ({line[:60]!r}); "
                "restore it from a copy: without it a decision could be used twice"
            ) from error

    def _write(self, file: FileIO, line: bytes) -> None:
        """Write and flush the whole line, or leave no trace of it."""
        try:
            written = file.write(line)
            os.fsync(file.fileno())
        except OSError as error:
            if error.errno not in _FULL:
                raise
            written = 0
        if written != len(line):
            file.truncate(self._read_to)
            raise StoreFull(str(self._path))

    def _append(self, file: FileIO, use: Use) -> None:
        line = json.dumps(use.model_dump()).encode() + b"\n"
        self._write(file, line)
        self._read_to += len(line)
        self._remember(use)
