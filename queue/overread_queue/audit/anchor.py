"""The file of checkpoints: appended to and flushed, never rewritten."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from overread_queue.audit.checkpoint import MAX_LINE
from overread_queue.files import flush_folder

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW


class Anchor:
    """Where signed heads are kept outside the database. One line each, the newest last."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, line: bytes) -> None:
        """Durable when this returns. What a crash left of a line is cleared away first."""
        created = not self._path.exists()
        handle = os.open(self._path, _FLAGS, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            _drop_torn_end(handle)
            os.write(handle, line + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
        if created:
            flush_folder(self._path.parent)

    def last(self) -> bytes | None:
        """The newest whole line; None where there is no file or no line."""
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - 2 * MAX_LINE))
                whole = file.read().rpartition(b"\n")[0]
        except FileNotFoundError:
            return None
        return whole.rpartition(b"\n")[2] or None

    def lines(self) -> Iterator[bytes]:
        """Every line, also one that nobody signed. Nothing where there is no file."""
        try:
            with self._path.open("rb") as file:
                while line := file.readline(MAX_LINE):
                    if line.strip():
                        yield line.rstrip(b"\n")
        except FileNotFoundError:
            return

    def version(self) -> tuple[int, int]:
        """Changes whenever somebody appends; zeros where there is no file."""
        try:
            found = self._path.stat()
        except OSError:
            return 0, 0
        return found.st_ino, found.st_size


def _drop_torn_end(handle: int) -> None:
    size = os.fstat(handle).st_size
    end = os.pread(handle, MAX_LINE, max(0, size - MAX_LINE))
    if end and not end.endswith(b"\n"):
        os.ftruncate(handle, size - len(end.rpartition(b"\n")[2]))
