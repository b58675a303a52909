"""Files that are written whole or not at all, and never over one that is there already."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from overread_queue.errors import InvalidRequest, Tampered
from overread_queue.files import flush_folder, replace_file

CHUNK = 1 << 20
Filter = Callable[[BinaryIO, BinaryIO], None]


def plainly(source: BinaryIO, target: BinaryIO) -> None:
    """Copy as it is."""
    while chunk := source.read(CHUNK):
        target.write(chunk)


def written(source: Path, target: Path, *, through: Filter, replace: bool) -> None:
    """`source` through a filter to `target`, readable by its owner alone, durable and in one step.

    Raises `InvalidRequest` where something is at `target` and `replace` was not asked for.
    """
    if not replace and target.exists():
        raise InvalidRequest(f"{target} is there already; choose another name, or say --replace")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file, source.open("rb") as original:
            through(original, file)
            file.flush()
            os.fsync(file.fileno())
        _into_place(draft, target, replace=replace)
    finally:
        draft.unlink(missing_ok=True)
    flush_folder(target.parent)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksum_beside(path: Path) -> Path:
    """Write `PATH.sha256`, as `sha256sum -c` reads it."""
    beside = _beside(path)
    replace_file(beside, f"{sha256(path)}  {path.name}\n".encode())
    return beside


def check_beside(path: Path) -> None:
    """Raises `Tampered` where the checksum beside a file is of another one."""
    with suppress(FileNotFoundError):
        said = _beside(path).read_text("ascii", "replace").split()
        if not said or said[0] != sha256(path):
            raise Tampered(f"{path} does not have the checksum in {_beside(path)}")


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


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
