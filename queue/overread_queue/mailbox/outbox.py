"""Writing papers so that readers see all of one or none of it, and a crash leaves no half."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from overread_queue.files import flush_folder, replace_file

FILE_MODE = 0o640
FOLDER_MODE = 0o2750


def put(path: Path, data: bytes) -> None:
    """Write or replace a paper."""
    _folder(path.parent)
    replace_file(path, data, mode=FILE_MODE)


def put_once(path: Path, data: bytes) -> None:
    """Write a paper that is never replaced: whoever comes second changes nothing."""
    _folder(path.parent)
    if path.exists():
        return
    with _draft(path, data) as draft, suppress(FileExistsError):
        os.link(draft, path)
    flush_folder(path.parent)


@contextmanager
def _draft(path: Path, data: bytes) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), FILE_MODE)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _folder(path: Path) -> None:
    """Its group comes from the folder above, whose mode has the bit for it."""
    if path.is_dir():
        return
    _folder(path.parent)
    path.mkdir(exist_ok=True)
    path.chmod(FOLDER_MODE)
    flush_folder(path.parent)
