"""Files that are written whole or not at all, and never over one that is there already."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from overread_queue.errors import InvalidRequest, StoreFull, StoreReadOnly, Tampered
from overread_queue.files import flush_folder, replace_file

CHUNK = 1 << 20
Filter = Callable[[BinaryIO, BinaryIO], None]


def plainly(source: BinaryIO, target: BinaryIO) -> None:
    """Copy as it is."""
    while chunk := source.read(CHUNK):
        target.write(chunk)


@contextmanager
def fresh(target: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """A file to write and read, readable by its owner alone, that is at `target` once the block
    ends well, durable and in one step. Otherwise it was never there, whatever ends the process.

    Raises `InvalidRequest` where something is at `target` and `replace` was not asked for,
    `StoreFull`, `StoreReadOnly`.
    """
    if not replace and target.exists():
        raise InvalidRequest(f"{target} is there already; choose another name, or say --replace")
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    with _named(target):
        try:
            with os.fdopen(_unnamed(draft), "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
                _name(file.fileno(), draft)
                _into_place(draft, target, replace=replace)
                flush_folder(target.parent)
        finally:
            draft.unlink(missing_ok=True)


def written(source: Path, target: Path, *, through: Filter, replace: bool) -> None:
    """`source` through a filter to `target`, as `fresh` says."""
    with source.open("rb") as original, fresh(target, replace=replace) as file:
        through(original, file)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return digest(file)


def digest(file: BinaryIO) -> str:
    """SHA-256 of what is left of it to read."""
    found = hashlib.sha256()
    while chunk := file.read(CHUNK):
        found.update(chunk)
    return found.hexdigest()


def checksum_beside(path: Path) -> Path:
    """Write `PATH.sha256`, as `sha256sum -c` reads it."""
    return sum_beside(path, sha256(path))


def sum_beside(path: Path, known: str) -> Path:
    """Likewise, with a digest that is known already."""
    beside = _beside(path)
    replace_file(beside, f"{known}  {path.name}\n".encode())
    return beside


def check_beside(path: Path) -> None:
    """Raises `Tampered` where the checksum beside a file is of another one."""
    with suppress(FileNotFoundError):
        said = _beside(path).read_text("ascii", "replace").split()
        if not said or said[0] != sha256(path):
            raise Tampered(f"{path} does not have the checksum in {_beside(path)}")


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


@contextmanager
def _named(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(str(target)) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR):
            raise StoreReadOnly(str(target)) from error
        raise OSError(error.errno, error.strerror, str(target)) from error


def _unnamed(draft: Path) -> int:
    """A handle on a file without a name, where the system has such: a process that is killed leaves
    nothing of it. Elsewhere it is called `draft` from the beginning."""
    with suppress(AttributeError, OSError):
        return os.open(draft.parent, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
    return os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)


def _name(handle: int, draft: Path) -> None:
    if os.fstat(handle).st_nlink:
        return
    folder = os.open(draft.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        # Only with a folder given does Python follow the link that leads to the handle.
        os.link(f"/proc/self/fd/{handle}", draft.name, dst_dir_fd=folder)
    finally:
        os.close(folder)


def _into_place(draft: Path, target: Path, *, replace: bool) -> None:
    if replace:
        draft.replace(target)
        return
    try:
        target.hardlink_to(draft)  # Unlike a rename, it refuses what came there meanwhile.
    except FileExistsError as error:
        raise InvalidRequest(f"{target} is there already; nothing was written") from error
    except OSError:  # A file system without hard links, such as a stick's.
        draft.replace(target)
