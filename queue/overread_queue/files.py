"""Files that survive a crash and are only believed where not everybody could have written them."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

from overread_queue.errors import InvalidPolicy, NotAllowed, StoreReadOnly, TooManyFiles

_MAX_BYTES = 4 << 20
_ABSENT = (0, 0, 0)
OUT_OF_FILES = frozenset({errno.EMFILE, errno.ENFILE})
"""This process, or the machine, can open nothing more."""

T = TypeVar("T")


class Latest(Generic[T]):
    """What some files say now, read again only when one of them was changed or replaced."""

    def __init__(self, paths: Sequence[Path], load: Callable[[], T]) -> None:
        self._paths = paths
        self._load = load
        self._read: tuple[list[tuple[int, int, int]], T] | None = None

    def current(self) -> T:
        """Raises what `load` raises."""
        versions = [_version(path) for path in self._paths]
        if self._read is None or self._read[0] != versions:
            self._read = versions, self._load()
        return self._read[1]


def read_trusted(path: Path) -> bytes:
    """The bytes of a trust file. Raises `InvalidPolicy`, `NotAllowed` where all can write it."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        if error.errno in OUT_OF_FILES:
            raise TooManyFiles(str(path)) from error
        raise InvalidPolicy(
            f"{path} cannot be read ({error.strerror}); `overread init` makes it"
        ) from error
    if mode & stat.S_IWOTH:
        raise NotAllowed(f"everybody can write {path}, agents too; run `chmod o-w {path}`")
    if len(data) > _MAX_BYTES:
        raise InvalidPolicy(f"{path} is larger than {_MAX_BYTES:,} bytes")
    return data


def open_own(path: Path, flags: int) -> int:
    """A handle on a file of one's own, made where there is none, that nobody else can read.

    Raises `StoreReadOnly`, `TooManyFiles`.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        refusal = TooManyFiles if error.errno in OUT_OF_FILES else StoreReadOnly
        raise refusal(str(path)) from error


def replace_file(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write `path` in one step: readers see the old bytes or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Make the name of a new or renamed file durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _version(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return _ABSENT
    return found.st_ino, found.st_mtime_ns, found.st_size
