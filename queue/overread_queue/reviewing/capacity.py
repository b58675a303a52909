"""In which role somebody decides on an escalation: their own, a lent one, or a substitute's."""

from __future__ import annotations

from overread_queue.policy.model import Policy
from overread_queue.states import Tier
from overread_queue.store import Transaction
from overread_queue.trust.people import LEAD, Reviewer
from overread_queue.trust.roster import Roster


def capacity(
    roster: Roster, reviewer: str, roles: tuple[str, ...], *, agent: str, at: int
) -> str | None:
    """The first of these roles that the reviewer holds, or else was lent, as envelopes name it.

    A role is never lent around the rule that nobody decides for their own agent: what the agent's
    operator lends does not count for it.
    """
    own = roster.reviewers[reviewer].roles if reviewer in roster.reviewers else ()
    for role in roles:
        if role in own:
            return role
    lent = [one for one in roster.lent_to(reviewer, at) if one.role in roles]
    usable = (one.capacity for one in lent if not roster.is_operator(one.lender, agent))
    return next(usable, None)


def broken_by(tx: Transaction, reviewer: Reviewer) -> frozenset[str]:
    """The escalations that this lead took upon themselves."""
    if LEAD not in reviewer.roles:
        return frozenset()
    return frozenset(one.escalation for one in tx.glass.broken() if one.by == reviewer.name)


def roles_in(policy: Policy, pool: str, action_type: str, tier: Tier) -> tuple[str, ...]:
    """Who may decide on an item that is in `pool`: its role, and where the matrix names one for
    this action and tier, the substitute."""
    substitute = policy.substitute_in(pool, action_type, tier)
    own = policy.pools[pool].role
    return (own, substitute) if substitute else (own,)


def pools_of(policy: Policy, roles: frozenset[str]) -> tuple[str, ...]:
    """The pools in which these roles have something to decide, as substitutes too."""
    own = {name for name, pool in policy.pools.items() if pool.role in roles}
    standing_in = {
        policy.duty(action_type, tier).pool
        for action_type, cells in policy.governance.items()
        for tier, cell in cells.items()
        if cell.substitute in roles
    }
    return tuple(name for name in policy.pools if name in own | standing_in)
