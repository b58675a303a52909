"""Results of blind tests as they are folded, without the reviews that they come of."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager

from factories import House
from overread_queue.ground import Ground
from overread_queue.probing.marks import HOUR_MS, since_release
from overread_queue.store import Transaction
from overread_queue.store.probes import Sort
from tier_desks import HARD


@contextmanager
def writing(here: House) -> Iterator[Transaction]:
    with closing(Ground(here.places, here.clock)) as ground, ground.store.write() as tx:
        yield tx


def come(
    here: House, sort: Sort, n: int, *, caught: int, people: int = 6, hours_ago: int = 1
) -> None:
    """Results as they are folded at the ends of sessions."""
    with writing(here) as tx:
        hour = (here.clock.now() // HOUR_MS - hours_ago) * HOUR_MS
        kinds = ("none",) if sort == "good" else ("unit_error", "missing_step")
        for number in range(n):
            tx.connection.execute(
                "INSERT INTO probe_result (id, sort, mutation, action_type, tier, pool, answer,"
                " caught, load, minutes, hour) VALUES (?1, ?2, ?3, ?4, 'hard_approval', 'first',"
                " ?5, ?6, 'light', 'first', ?7)",
                (
                    secrets.token_hex(16),
                    sort,
                    kinds[number % len(kinds)],
                    HARD,
                    "reject" if number < caught else "approve",
                    number < caught,
                    hour,
                ),
            )
        told = tx.releases.last_told(sort)
        for person in range(people):
            for cut in ("all", f"action:{HARD}", *(f"mutation:{kind}" for kind in kinds)):
                for period in ("2026", since_release(told.get(cut.partition(":")[0], 0))):
                    tx.connection.execute(
                        "INSERT OR IGNORE INTO probe_crowd VALUES (?, ?, ?, ?)",
                        (period, cut, sort, f"{person:064d}"),
                    )
