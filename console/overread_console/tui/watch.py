"""Follows the database: one watcher on the desk's folder, which says only that something moved."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

DEBOUNCE_MS = 80


def changes(db: Path, stop: threading.Event) -> Iterator[None]:
    """Yields after each burst of writes to the database, until `stop` is set. Blocks its thread.

    Where the folder cannot be watched (some network mounts), it ends and polling is left.
    """
    from watchfiles import Change, watch  # 40 ms that the first frame does not wait for

    names = {db.name, f"{db.name}-wal"}

    def ours(_: Change, path: str) -> bool:
        return Path(path).name in names

    try:
        for _ in watch(
            db.parent, watch_filter=ours, stop_event=stop, debounce=DEBOUNCE_MS, recursive=False
        ):
            yield
    except OSError:
        return
