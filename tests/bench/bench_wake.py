"""From a committed decision to a waiter's verified Decision, against a bare datagram."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from pathlib import Path

from factories import House, brief, house
from overread_queue.clock import SystemClock
from overread_queue.store import bell

ROUNDS = 60


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = house(Path(folder), clock=SystemClock())
        bare = statistics.median(_bare(here) for _ in range(ROUNDS))
        woken = statistics.median(_decision(here, turn) for turn in range(ROUNDS))
    print(f"  bare datagram between threads      {bare * 1e6:>10,.0f} us")
    print(f"  decision to verified Decision      {woken * 1e6:>10,.0f} us   {woken / bare:>7.1f} x")


def _bare(here: House) -> float:
    woken: list[float] = []
    with bell.Bell(here.path, "bare") as one:

        def listen() -> None:
            one.wait(5)
            woken.append(time.perf_counter())

        thread = threading.Thread(target=listen)
        thread.start()
        time.sleep(0.01)
        start = time.perf_counter()
        bell.ring(here.path, "bare")
        thread.join()
    return woken[0] - start


def _decision(here: House, turn: int) -> float:
    woken: list[float] = []
    with here.agent() as queue, here.desk() as desk:
        ticket = queue.submit(brief(), key=f"wake-{turn}")

        def listen() -> None:
            with here.agent() as other:
                if other.wait(ticket, timeout=10) is not None:
                    woken.append(time.perf_counter())

        thread = threading.Thread(target=listen)
        thread.start()
        review = desk.open(desk.claim(ticket.id))
        time.sleep(0.05)
        desk.decide(review, option="reject", reason="the parcel was signed for")
        start = time.perf_counter()
        thread.join()
    return woken[0] - start


if __name__ == "__main__":
    main()
