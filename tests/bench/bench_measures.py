"""All measures of a year, at two sizes of desk; and counting events, against only reading them.

`python tests/bench/run.py measures` plants 100,000 escalations; MILLION=1 in the environment, ten
times as many.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

from busy_desk import submit
from factories import NOON, House
from journey import raw, settle
from measuring import interleaved, report
from overread_queue.ground import Ground
from overread_queue.health.facts import (
    Closed,
    Fact,
    Moved,
    Proposed,
    Responded,
    Reviewed,
    Submitted,
    Taken,
)
from overread_queue.health.following import follow
from overread_queue.health.tallying import DAY_MS, Cell, Count, tallies
from overread_queue.states import EscalationKind, EscalationState, Tier
from tier_desks import TYPES, office, refund, tier_house

DAYS = 365
DIFFERENT = 20_000
SIZE = 1_000_000 if os.environ.get("MILLION") else 100_000
POOLS = ("first", "second", "owners")
TIERS = (Tier.SOFT_REVIEW, Tier.HARD_APPROVAL, Tier.HARD_STOP)

PLANT_EVENTS = """
WITH RECURSIVE n (i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)
INSERT INTO event (seq, at, actor, kind, detail, previous, hash)
SELECT i, 1, 'desk', 'noted', '{}', printf('%064x', i - 1), printf('%064x', i) FROM n
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        small = planted(Path(folder) / "small", SIZE // 10)
        large = planted(Path(folder) / "large", SIZE)
        report(
            interleaved(
                {
                    f"{SIZE // 10:,} escalations": lambda: read(small),
                    f"{SIZE:,} escalations": lambda: read(large),
                    "one pass over the large chain": lambda: scan(large),
                },
                rounds=9,
            ),
            limit=f"{SIZE // 10:,} escalations",
        )
        counting(Path(folder) / "counted")


def read(house: House) -> None:
    with office(house) as lea:
        lea.metrics(lea.last_days(DAYS))


def scan(house: House) -> None:
    with raw(house.path) as db:
        db.execute("SELECT kind, count(*) FROM event GROUP BY kind").fetchall()


def planted(folder: Path, size: int) -> House:
    """A year of so many escalations: a chain as long as theirs, and what it adds up to."""
    folder.mkdir()
    house, start = tier_house(folder), time.perf_counter()
    with closing(Ground(house.places, house.clock)) as ground:
        follow(ground)
        with ground.store.write() as tx:
            first = tx.events.head()[0] + 1
            tx.connection.execute(PLANT_EVENTS, {"first": first, "last": first + 8 * size})
            tx.health.add(year(size))
            tx.health.move_on(first + 8 * size)
    print(f"  {size:,} planted in {time.perf_counter() - start:.0f} s")
    return house


def year(size: int) -> dict[Cell, Count]:
    """Different questions up to some number, and each of them several times beyond it."""
    dice, different = random.Random(7), min(size, DIFFERENT)
    facts = chain.from_iterable(case(dice, number) for number in range(different))
    times = size // different
    return {
        cell: Count(count.items * times, count.total * times)
        for cell, count in tallies(facts).items()
    }


def case(dice: random.Random, number: int) -> Iterator[Fact]:
    """One question from its proposal to its answer."""
    at = NOON - dice.randrange(DAYS * DAY_MS)
    waited = round(1000 * dice.lognormvariate(7, 1.2))
    pool, tier = dice.choice(POOLS), dice.choice(TIERS)
    about = (number, at, "bot", dice.choice(TYPES))
    then = (number, at + waited, "bot", about[3])
    kind = EscalationKind.APPROVAL
    yield Proposed(*about, "1", tier, True)
    yield Submitted(*about, str(number), "1", pool, tier, kind)
    yield Taken(*then, pool, tier, kind, waited)
    yield Moved(number, at + waited, None, EscalationState.WAITING, waited)
    yield Responded(*then, pool, tier, kind, waited)
    yield look(then, pool, tier, round(1000 * dice.lognormvariate(4, 0.75)), dice)
    yield Closed(*then, pool, tier, kind, "answered", waited, waited < 7_200_000)


def look(
    then: tuple[int, int, str, str], pool: str, tier: Tier, active: int, dice: random.Random
) -> Reviewed:
    return Reviewed(
        *then,
        pool=pool,
        tier=tier,
        kind=EscalationKind.APPROVAL,
        answer="approve" if dice.random() < 0.9 else "reject",
        advised=True,
        followed=True,
        judged=dice.random() < 0.1,
        switched=None,
        challenged=True,
        boilerplate=False,
        active_ms=active,
        wall_ms=active,
        words=60,
        evidence=3,
        opened=2,
        undone=0,
    )


def counting(folder: Path) -> None:
    """Real events, through the doors."""
    folder.mkdir()
    house = tier_house(folder)
    for number in range(60):
        settle(house, submit(house, refund(number)), ("approve", "reject")[number % 2])
    with closing(Ground(house.places, house.clock)) as ground:
        with ground.store.read() as tx:
            events = len(tx.events.all())
        start = time.perf_counter()
        follow(ground)
        counted = time.perf_counter() - start
        start = time.perf_counter()
        with ground.store.read() as tx:
            tx.events.all()
        plain = time.perf_counter() - start
    each = counted / events * 1e6
    print(f"  counting an event: {each:,.0f} us, {counted / plain:.0f} x reading it")


if __name__ == "__main__":
    main()
