"""What came in and how long it took, added up: what staffing and prices are reckoned from. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from overread_queue.health.facts import Fact, Reviewed, Submitted
from overread_queue.health.tallying import DAY_MS
from overread_queue.policy.model import UNKNOWN_REVIEW_SECONDS, Policy
from overread_queue.states import EscalationKind, Tier
from overread_queue.store.works import Work

ENOUGH = 30
"""Reviews from which their own mean time is believed; below, what the policy expects."""


def daily(facts: Iterable[Fact]) -> Iterator[tuple[int, Work]]:
    """What these facts add to the table, by UTC day and sort."""
    found: dict[tuple[int, str, str, EscalationKind, Tier], tuple[int, int, int]] = {}
    for fact in facts:
        if isinstance(fact, Submitted | Reviewed):
            sort = (fact.at // DAY_MS, fact.pool, fact.action_type, fact.kind, fact.tier)
            items, reviews, active_ms = found.get(sort, (0, 0, 0))
            if isinstance(fact, Submitted):
                found[sort] = (items + 1, reviews, active_ms)
            else:
                found[sort] = (items, reviews + 1, active_ms + fact.active_ms)
    for (day, pool, action_type, kind, tier), counts in found.items():
        yield day, Work(pool, action_type, kind, tier, *counts)


def looks(work: Work) -> int:
    """Reviews to give: what still waits asks for one too, and some items ask for several."""
    return max(work.items, work.reviews)


def is_measured(work: Work) -> bool:
    return work.reviews >= ENOUGH


def seconds(policy: Policy, work: Work) -> float:
    """Active time of one look: as measured, or as the policy expects where too few were."""
    if is_measured(work):
        return work.active_ms / 1000 / work.reviews
    rule = policy.actions.get(work.action_type)
    return rule.minutes * 60 if rule else UNKNOWN_REVIEW_SECONDS


def all_looks(works: Sequence[Work]) -> int:
    return sum(map(looks, works))


def mean_seconds(policy: Policy, works: Sequence[Work]) -> float:
    """Of all looks; 0 where there are none. A mean, as queues grow by their mean."""
    total = all_looks(works)
    return sum(looks(one) * seconds(policy, one) for one in works) / total if total else 0.0
