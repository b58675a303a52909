"""The notices feed: what agents did at tier notify, and what reviewers hold against it."""

from __future__ import annotations

import json

from overread_briefs.fields import Parameters, Sensitivity
from overread_briefs.sensitivity import stricter
from overread_queue.errors import Erased, InvalidRequest, NotFound
from overread_queue.ground import Ground
from overread_queue.models import Notice
from overread_queue.moves import Mover
from overread_queue.policy.model import Policy
from overread_queue.reviewing.masking import classes_of, masked_values
from overread_queue.states import Tier
from overread_queue.store import Transaction
from overread_queue.store.actions import ActionRow
from overread_queue.store.events import Event

DAYS_MS = 7 * 86_400_000
"""How far back the feed goes."""
MOST = 200


def notices(ground: Ground, tx: Transaction, pools: frozenset[str]) -> tuple[Notice, ...]:
    """What agents told of in these pools lately, newest first."""
    since = ground.clock.now() - DAYS_MS
    policy = ground.policy()
    found = tx.actions.notices(since=since, most=MOST)
    return tuple(_notice(policy, row, count) for row, count in found if _pool(policy, row) in pools)


def object_to(mover: Mover, id: str, *, reviewer: str, reason: str) -> None:
    """Hold something against an action. The agent is told; objecting twice changes nothing."""
    row = mover.tx.actions.get(id)
    if row is None:
        raise NotFound("notice", id)
    if row.tier is not Tier.NOTIFY or row.asked:
        raise InvalidRequest(f"{id} is no notice: somebody is asked about it, or nobody is told")
    if mover.tx.actions.object(id, reviewer=reviewer, reason=reason, now=mover.now):
        mover.tx.events.add(
            Event("objected", mover.actor, mover.now, agent=row.agent, detail={"proposal": id})
        )


def reveal(mover: Mover, id: str) -> Parameters:
    """The parameters of a notice whose values are masked. Who looked is written down."""
    row = mover.tx.actions.get(id)
    if row is None or row.tier is not Tier.NOTIFY or row.asked:
        raise NotFound("notice", id)
    if row.parameters is None:
        raise Erased(id)
    detail: Parameters = {"proposal": id}
    mover.tx.events.add(Event("unmasked", mover.actor, mover.now, agent=row.agent, detail=detail))
    found: Parameters = json.loads(row.parameters)
    return found


def _notice(policy: Policy, row: ActionRow, objections: int) -> Notice:
    rule = policy.actions.get(row.action_type)
    known: Parameters = json.loads(row.parameters or "{}")
    hidden = _hidden(policy, row, known)
    return Notice(
        proposal=row.id,
        agent=row.agent,
        action_type=row.action_type,
        label=rule.label if rule else row.action_type,
        parameters=masked_values(known, hidden),
        masked=tuple(hidden),
        data_class=json.loads(row.inputs or "{}").get("data_class"),
        at=row.proposed_at,
        objections=objections,
    )


def _pool(policy: Policy, row: ActionRow) -> str:
    return policy.duty(row.action_type, row.tier).pool


def _hidden(policy: Policy, row: ActionRow, known: Parameters) -> dict[str, Sensitivity]:
    """Values of a masked class, of the data or of the parameter, leave through `reveal` alone."""
    kept = json.loads(row.inputs or "{}")
    data_class: Sensitivity | None = kept.get("data_class")
    every = dict.fromkeys(known, data_class) if data_class else {}
    said = stricter(kept.get("sensitive", {}), every)
    found = classes_of(policy, row.action_type, said)
    return {name: one for name, one in found.items() if name in known}
