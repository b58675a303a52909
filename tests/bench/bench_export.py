"""What taking out 200,000 escalations costs, against 20,000: time grows, memory does not."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import get_args

from exports import office, plant, wish, with_lead
from factories import brief
from overread_queue.exporting.wish import Format
from overread_queue.places import Places

SIZES = (20_000, 200_000)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            here = Path(folder) / str(size)
            here.mkdir()
            _fill(here, size)
        for shape in get_args(Format):
            small, large = (_measured(Path(folder) / str(size), shape) for size in SIZES)
            print(
                f"  {shape:<8} {large[0]:>8,.1f} s   {large[0] / small[0]:>5.1f} x the time,"
                f" {large[1] / small[1]:>4.2f} x the memory of a tenth"
            )


def _fill(folder: Path, size: int) -> None:
    here = with_lead(folder)
    with here.agent() as queue:
        queue.submit(brief())
    plant(here, size)


def _measured(folder: Path, shape: str) -> tuple[float, float]:
    """Seconds and the largest size of a process of its own."""
    told = subprocess.run(
        [sys.executable, __file__, str(folder), shape], capture_output=True, text=True, check=True
    )
    seconds, kilobytes = told.stdout.split()
    return float(seconds), float(kilobytes)


def _take(folder: Path, shape: Format) -> None:
    from factories import NOON, House
    from overread_queue.clock import ManualClock

    here = House(Places.of(folder / "desk.db"), ManualClock(NOON))
    start = time.perf_counter()
    with office(here) as lea:
        lea.export(wish("escalations", shape), folder / f"out.{shape}")
    print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        (chosen,) = [shape for shape in get_args(Format) if shape == sys.argv[2]]
        _take(Path(sys.argv[1]), chosen)
    else:
        main()
