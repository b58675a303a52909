"""A process that takes records out, slowly enough to be killed half-way."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from exports import wish
from overread_queue import LeadOffice
from overread_queue.clock import ManualClock


def main(db: str, target: str, now: str) -> None:
    """Says `half` on stdout once a part is written, and stays there."""

    def stop(done: int, total: int) -> None:
        print("half", flush=True)
        time.sleep(60)

    with LeadOffice.open(db, reviewer="lea", clock=ManualClock(int(now))) as lea:
        lea.export(wish("escalations", "csv"), Path(target), replace=True, progress=stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
