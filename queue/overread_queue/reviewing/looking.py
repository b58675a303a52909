"""What a reviewer sees of the desk before opening anything: the order of work, and how much."""

from __future__ import annotations

import functools
import random
from collections.abc import Sequence
from dataclasses import dataclass

from overread_queue.errors import LeaseLost, NotAllowed, NotFound, SamePerson, SelfApproval
from overread_queue.ground import Ground
from overread_queue.models import Item, Overview, Row
from overread_queue.probing.meeting import hidden_from
from overread_queue.reviewing.capacity import broken_by, capacity, pools_of, roles_in
from overread_queue.routing.order import in_order, is_overloaded, is_urgent
from overread_queue.routing.workload import load_of
from overread_queue.states import Tier
from overread_queue.store import Transaction
from overread_queue.store.rows import EscalationRow, Ready, ReviewRow
from overread_queue.trust.people import Reviewer

ID_BEGINNING = 8
"""Characters from which a filter is also tried as the beginning of an id."""
URGENT_SHOWN = 5
"""Urgent rows in an overview."""


@dataclass(frozen=True, slots=True)
class View:
    """The desk as one reviewer may see it."""

    ground: Ground
    reviewer: Reviewer
    shuffle: random.Random

    def pools(self) -> dict[str, str]:
        """Name and label of every pool that this reviewer works."""
        pools, roles = self.ground.policy().pools.items(), self._roles()
        return {name: pool.label for name, pool in pools if pool.role in roles}

    def ready(self, tx: Transaction) -> list[Ready]:
        """What this reviewer may claim now, in the order to work."""
        now = self.ground.clock.now()
        me = self.reviewer.name
        may_decide = functools.cache(self._may_decide)
        found = [
            item
            for pool in self._reach()
            for item in tx.escalations.ready_in_pool(pool, reviewer=me, now=now)
            if may_decide(pool, item.action_type, item.severity, item.agent)
        ]
        here = {item.id for item in found}
        found += [item for item in self._alone(tx, now) if item.id not in here]
        hidden = hidden_from(self.ground, tx, me)
        found = [item for item in found if item.id not in hidden]
        overloaded = self.overloaded(tx, found)
        return in_order(
            found,
            now=now,
            shuffle=self.shuffle,
            session_minutes=self._session_minutes,
            overloaded=overloaded,
        )

    @property
    def _session_minutes(self) -> float:
        return self.ground.policy().friction.session_minutes

    def overloaded(self, tx: Transaction, ready: Sequence[Ready]) -> bool:
        """Whether not everything that is ready can be done in time with whoever is on."""
        now, reviewers = self.ground.clock.now(), tx.desk.open_sessions()
        return is_overloaded(ready, now=now, reviewers=reviewers)

    def waiting_ids(self, tx: Transaction, text: str) -> tuple[str, ...]:
        ready = [item.id for item in self.ready(tx)]
        if not text:
            return tuple(ready)
        words = _escaped(text)
        # Any two hex digits are somewhere in every id: only a beginning names one.
        beginning = f"{words}%" if len(text) >= ID_BEGINNING else ""
        found = {
            id
            for pool in self._reach()
            for id in tx.escalations.matching(pool, pattern=f"%{words}%", beginning=beginning)
        }
        return tuple(id for id in ready if id in found)

    def rows(self, tx: Transaction, ids: Sequence[str]) -> tuple[Row, ...]:
        found = (tx.escalations.row(id) for id in ids)
        return tuple(row for row in found if row is not None)

    def overview(self, tx: Transaction) -> Overview:
        now, me = self.ground.clock.now(), self.reviewer.name
        ready = self.ready(tx)
        soon = self._session_minutes
        urgent = [one.id for one in ready if is_urgent(one, now=now, session_minutes=soon)]
        later = [tx.escalations.later_in_pool(pool, now=now) for pool in self.pools()]
        leased = {pool: tx.escalations.leased_in_pool(pool) for pool in self._reach()}
        others = [leased[pool] for pool in self.pools()]
        day = load_of(self.ground, tx, me, now=now).day
        return Overview(
            ready=len(ready),
            ready_seconds=sum(item.expected_seconds for item in ready),
            urgent_count=len(urgent),
            urgent=self.rows(tx, urgent[:URGENT_SHOWN]),
            batching=sum(items for items, _ in later),
            next_batch_at=min((at for _, at in later if at is not None), default=None),
            claimed_by_others=sum(n for held in others for who, n in held.items() if who != me),
            mine=sum(held.get(me, 0) for held in leased.values()),
            overloaded=self.overloaded(tx, ready),
            done_today=day.items,
            active_seconds_today=day.active_ms // 1000,
        )

    def check_may_claim(self, tx: Transaction, row: EscalationRow) -> None:
        """Raises `NotAllowed` for another pool's item, `SelfApproval` for one's own agent's,
        `SamePerson` for one on which this reviewer has given an opinion."""
        if row.id in hidden_from(self.ground, tx, self.reviewer.name):
            raise LeaseLost("escalation", row.id)
        held = self._capacity(row.pool, row.action_type, row.tier, row.agent)
        if held is None and row.id not in broken_by(tx, self.reviewer):
            raise NotAllowed(f"{row.pool} is not among {self.reviewer.name}'s pools")
        if self._acts_for_me(row.agent):
            raise SelfApproval(self.reviewer.name, row.agent)
        if any(one.reviewer == self.reviewer.name for one in tx.opinions.about(row)):
            raise SamePerson(self.reviewer.name, row.id)

    def _alone(self, tx: Transaction, now: int) -> list[Ready]:
        """What this reviewer, a lead, took out of other people's hands and may claim now."""
        broken = broken_by(tx, self.reviewer)
        return [
            item
            for pool in (self.ground.policy().pools if broken else ())
            for item in tx.escalations.ready_in_pool(pool, reviewer=self.reviewer.name, now=now)
            if item.id in broken
        ]

    def _roles(self) -> frozenset[str]:
        """This reviewer's own roles, and those lent to them."""
        lent = self.ground.roster().lent_to(self.reviewer.name, self.ground.clock.now())
        return frozenset(self.reviewer.roles) | {one.role for one in lent}

    def _reach(self) -> tuple[str, ...]:
        """The pools in which there may be something for this reviewer, as a substitute too."""
        return pools_of(self.ground.policy(), self._roles())

    def _may_decide(self, pool: str, action_type: str, severity: int, agent: str) -> bool:
        tier = next(tier for tier in Tier if tier.severity == severity)
        held = self._capacity(pool, action_type, tier, agent)
        return held is not None and not self._acts_for_me(agent)

    def _capacity(self, pool: str, action_type: str, tier: Tier, agent: str) -> str | None:
        roles = roles_in(self.ground.policy(), pool, action_type, tier)
        roster, now = self.ground.roster(), self.ground.clock.now()
        return capacity(roster, self.reviewer.name, roles, agent=agent, at=now)

    def _acts_for_me(self, agent: str) -> bool:
        return self.ground.roster().is_operator(self.reviewer.name, agent)


def escalation(tx: Transaction, id: str) -> EscalationRow:
    """Raises `NotFound`."""
    row = tx.escalations.get(id)
    if row is None:
        raise NotFound("escalation", id)
    return row


def in_hand(tx: Transaction, item: Item | str, reviewer: str) -> EscalationRow:
    """Raises `LeaseLost` unless it is leased to `reviewer`, and by the claim that `item` is of."""
    row = escalation(tx, item if isinstance(item, str) else item.id)
    stale = isinstance(item, Item) and item.fence != row.fence
    if stale or row.reviewer != reviewer:
        raise LeaseLost("escalation", row.id)
    return row


def own_review(tx: Transaction, id: str, reviewer: str) -> ReviewRow:
    """Raises `NotFound`, and `LeaseLost` for somebody else's."""
    found = tx.reviews.get(id)
    if found is None:
        raise NotFound("review", id)
    if found.reviewer != reviewer:
        raise LeaseLost("escalation", found.escalation)
    return found


def _escaped(text: str) -> str:
    """For LIKE … ESCAPE '\\': what the reviewer types is text, never a pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
