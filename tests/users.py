"""Doing things as other users of the system: in a child process that gives its own rights away."""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import TypeVar

import pytest

DESK, AGENT, OTHER, GROUP = 20001, 20002, 20003, 20009
T = TypeVar("T")


class Elsewhere(Exception):
    """What a child met: the name of its error, and its words."""


needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can become two other users")


def start(user: int, step: Callable[[], T]) -> tuple[int, int]:
    """Begin `step` as a user; the child's process id, and where its result can be read."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _become(user)
        _finish(writer, step)
    os.close(writer)
    return child, reader


def as_user(user: int, step: Callable[[], T]) -> T:
    """What `step` gives, done by a user. Raises `Elsewhere`."""
    child, reader = start(user, step)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    ok, value = pickle.loads(said)
    if not ok:
        raise Elsewhere(value)
    return value


@contextmanager
def common_ground() -> Iterator[Path]:
    """A folder that every user may enter, and that the desk's user owns."""
    folder = Path(tempfile.mkdtemp(prefix="overread-"))
    try:
        folder.chmod(0o755)
        for name, user in (("desk-side", DESK), ("agent", AGENT), ("other", OTHER)):
            (folder / name).mkdir()
            os.chown(folder / name, user, GROUP)
        yield folder
    finally:
        rmtree(folder)


def _become(user: int) -> None:
    os.setgroups([GROUP])
    os.setgid(GROUP if user != DESK else DESK)
    os.setuid(user)
    os.umask(0o077)


def _finish(writer: int, step: Callable[[], object]) -> None:
    """Never comes back: the child must not go on with the test."""
    try:
        said = pickle.dumps((True, step()))
    except BaseException as error:
        said = pickle.dumps((False, f"{type(error).__name__}: {error}"))
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(said)
    os._exit(0)
