"""Taking in what agents say, as soon as they say it: `overread intake`, with or without an end."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from overread_queue.asking.intake import take_in
from overread_queue.ground import Ground
from overread_queue.mailbox.collecting import collect
from overread_queue.mailbox.layout import Layout

BLIND_MS = 5000
"""Between looks where nothing moves: what was missed is found then, and the board stays fresh."""
STEP_MS = 5


def intake(ground: Ground) -> int:
    """Copy, take in, and tell what came of it; the number of messages handled."""
    collect(ground)
    handled = take_in(ground)
    ground.tell()
    return handled


def follow(ground: Ground, stop: Event) -> Iterator[int]:
    """Do it again and again until `stop` is set; gives what each round handled.

    Without a mailbox the inbox is in the desk's own database, and is looked at now and then.
    """
    yield intake(ground)
    for _ in _moments(ground, stop):
        yield intake(ground)


def _moments(ground: Ground, stop: Event) -> Iterator[object]:
    from watchfiles import watch  # 40 ms to import, for whoever follows only

    root = ground.places.mailbox
    folder = Layout(root).inbox if root else ground.places.db.parent
    yield from watch(
        folder,
        watch_filter=None,
        debounce=STEP_MS,
        step=STEP_MS,
        rust_timeout=BLIND_MS,
        yield_on_timeout=True,
        recursive=False,
        stop_event=stop,
    )
