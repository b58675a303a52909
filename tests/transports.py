"""Both installations of a desk, for stories that are the same over either."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from factories import House
from overread_queue.ground import Ground
from overread_queue.mailbox.following import follow

Build = Callable[..., House]
TRANSPORTS = ("direct", "mailbox")


@contextmanager
def clerks() -> Iterator[Callable[[House], None]]:
    """Clerks, each of whom does what `overread intake --follow` does until the story is over."""
    stop = threading.Event()
    hired: list[threading.Thread] = []

    def start(here: House) -> None:
        here.catch_up()
        hired.append(threading.Thread(target=_take_in, args=(here, stop)))
        hired[-1].start()

    try:
        yield start
    finally:
        stop.set()
        for clerk in hired:
            clerk.join()


def _take_in(here: House, stop: threading.Event) -> None:
    with closing(Ground(here.places, here.clock)) as ground:
        for _ in follow(ground, stop):
            pass
