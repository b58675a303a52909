"""Making the folders of a mailbox, each with its owner, group and mode, whatever the umask says."""

from __future__ import annotations

import grp
import os
import tempfile
from pathlib import Path

from overread_queue.errors import InvalidRequest, NotAllowed
from overread_queue.mailbox.layout import Layout
from overread_queue.store.inbox import SIDE_FILES, create_inbox

SHARED = 0o2750
"""Agents enter and read; what is made inside belongs to their group."""


def make_folders(layout: Layout, group: str | None) -> None:
    """The folders alone: the desk itself comes next, and `open_inbox` last."""
    agents = _group(group)
    layout.root.mkdir(parents=True, exist_ok=True)
    layout.root.chmod(0o755)
    _make(layout.private, 0o700)
    for folder in (layout.trust, layout.policies):
        _make(folder, 0o755)
    for folder in (layout.outbox, layout.inbox):
        _make(folder, SHARED, group=agents)


def open_inbox(layout: Layout) -> None:
    """From here on agents can submit."""
    create_inbox(layout.inbox_db)


def renew_inbox(layout: Layout, *, after: int) -> Path:
    """Put the inbox away, where only the desk's side can look at it, and make an empty one.

    Its rows are numbered from where the desk has read to. Gives where the old one is.
    """
    aside = Path(tempfile.mkdtemp(dir=layout.private, prefix="inbox-"))
    for end in ("", *SIDE_FILES, "-journal"):
        found = layout.inbox_db.with_name(layout.inbox_db.name + end)
        if found.is_symlink() or found.exists():
            found.rename(aside / found.name)
    create_inbox(layout.inbox_db, after=after)
    for kept in aside.iterdir():
        if not kept.is_symlink():
            kept.chmod(0o600)
    return aside


def _make(folder: Path, mode: int, *, group: int | None = None) -> None:
    try:
        folder.mkdir()
        if group is not None:
            os.chown(folder, -1, group)
    except FileExistsError as error:
        raise InvalidRequest(f"{folder} exists already; choose another --db") from error
    except PermissionError as error:
        raise NotAllowed(
            f"{folder} cannot be given to the agents' group ({error.strerror}); whoever makes the "
            "desk has to be a member of it"
        ) from error
    folder.chmod(mode)


def _group(name: str | None) -> int | None:
    if name is None:
        return None
    try:
        return int(name) if name.isdigit() else grp.getgrnam(name).gr_gid
    except KeyError as error:
        raise InvalidRequest(f"there is no group {name!r}; `groupadd {name}` makes it") from error
