"""What a reviewer's door costs with 10,000 waiting, against the same door with 100."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from factories import House, brief, house
from measuring import interleaved
from overread_queue import ReviewDesk
from overread_queue.clock import SystemClock

SIZES = (100, 10_000)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        desks = {size: _filled(Path(folder) / str(size), size).desk() for size in SIZES}
        for name, call in CALLS.items():
            candidates = {str(size): _bound(call, desk) for size, desk in desks.items()}
            medians = interleaved(candidates, rounds=30)
            small, large = (medians[str(size)] for size in SIZES)
            print(
                f"  {name:<34} {large * 1e3:>10,.2f} ms   {large / small:>7.1f} x with 100 waiting"
            )


def _bound(call: Callable[[ReviewDesk], object], desk: ReviewDesk) -> Callable[[], object]:
    return lambda: call(desk)


def _filled(folder: Path, size: int) -> House:
    folder.mkdir()
    here = house(folder, clock=SystemClock())
    data = brief().to_bytes()
    with here.agent() as queue:
        for turn in range(size):
            queue.submit(data, key=f"k{turn}")
    return here


def _page(desk: ReviewDesk) -> object:
    return desk.rows(desk.waiting_ids()[:50])


def _claim_and_release(desk: ReviewDesk) -> object:
    session = desk.start_session(max_items=1)
    return desk.end_session(session)


CALLS: dict[str, Callable[[ReviewDesk], object]] = {
    "overview": ReviewDesk.overview,
    "order of work": ReviewDesk.waiting_ids,
    "order and first page": _page,
    "session of one, and back": _claim_and_release,
}


if __name__ == "__main__":
    main()
