"""Work that nobody in its pool can do any more today goes along the chain, with its deadline."""

from __future__ import annotations

from overread_queue.ground import Ground
from overread_queue.moves import Mover
from overread_queue.one_by_one import one_by_one
from overread_queue.routing.pressure import chain_of
from overread_queue.routing.workload import shut_pools
from overread_queue.store import Transaction
from overread_queue.store.rows import EscalationRow


def overflow(ground: Ground) -> int:
    """Move on what waits where everybody has reached a limit of their day; the number moved."""
    return one_by_one(
        ground,
        lambda tx, now, most: _stranded(ground, tx, now, most),
        lambda mover, row: _move_on(ground, mover, row),
    )


def _stranded(ground: Ground, tx: Transaction, now: int, most: int) -> list[EscalationRow]:
    policy = ground.policy()
    shut = shut_pools(ground, tx, policy.pools, now=now)
    left = [pool for pool in shut if any(to not in shut for to in chain_of(policy, pool))]
    return [row for pool in left for row in tx.escalations.waiting_in_pool(pool, most=most)]


def _move_on(ground: Ground, mover: Mover, row: EscalationRow) -> bool:
    """False where everybody further along is done for the day as well: then it waits here."""
    chain = chain_of(ground.policy_of(row.policy_sha256), row.pool)[1:]
    shut = shut_pools(ground, mover.tx, chain, now=mover.now)
    known = ground.policy().pools
    to = next((pool for pool in chain if pool in known and pool not in shut), None)
    if to is None:
        return False
    mover.overflow(row, pool=to)
    return True
