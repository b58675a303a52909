"""The random sample of what agents did by themselves: drawn on the desk's side, seen afterwards."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from itertools import islice

from overread_briefs import Action, Brief, Evidence, Provenance, Software, Step, Trigger
from overread_briefs.canonical import brief_sha256
from overread_briefs.fields import IDENTIFIER_PATTERN, Parameters
from overread_queue.asking.proposing import derive_again
from overread_queue.clock import new_id
from overread_queue.drawing_key import drawing_key
from overread_queue.ground import Ground
from overread_queue.moves import Mover
from overread_queue.one_by_one import ALTERED, one_by_one
from overread_queue.policy.audit import audit_draw
from overread_queue.policy.evaluate import Ruling
from overread_queue.policy.model import Policy
from overread_queue.policy.values import is_number
from overread_queue.reviewing.masking import classes_of, masked_values
from overread_queue.reviewing.options import RIGHT, WRONG
from overread_queue.routing.placing import halfway, stake
from overread_queue.states import EscalationKind, RunState, Tier
from overread_queue.store import Transaction
from overread_queue.store.actions import ActionRow
from overread_queue.store.escalations import NewEscalation

MOST_CONTENT = 19_900
MOST_LINE = 300
MOST_SOURCE = 60
MOST_SIGNALS = 40
MOST_AT_ONCE = 100_000


def draw_sample(ground: Ground) -> int:
    """Draw for every autonomous action that nobody has drawn for; the number drawn for."""

    def draw(mover: Mover, row: ActionRow) -> None:
        # Read under the write lock: a key that was just replaced is known to everybody.
        _draw(ground, mover, drawing_key(ground.places, mover.tx), row)

    return one_by_one(ground, _undrawn, draw)


def draw_rest(ground: Ground, mover: Mover, key: bytes) -> None:
    """Draw for all of them in this transaction, because the key is about to change. What cannot be
    drawn for stays for the next sweep."""
    for row in mover.tx.actions.undrawn(most=MOST_AT_ONCE):
        with suppress(*ALTERED), mover.tx.apart():
            _draw(ground, mover, key, row)


def _undrawn(tx: Transaction, now: int, most: int) -> list[ActionRow]:
    return tx.actions.undrawn(most=most)


def _draw(ground: Ground, mover: Mover, key: bytes, row: ActionRow) -> None:
    ruling = derive_again(ground, row)
    first = mover.tx.actions.first_seen(row.agent, row.agent_version) or row.proposed_at
    age = (row.proposed_at - first) / 1000
    drawn = audit_draw(key, row.id, ruling.audit.rate_at(age))
    mover.tx.actions.draw(row.id, probability=drawn.probability, sampled=drawn.selected)
    if drawn.selected:
        _put_before_people(ground, mover, row, ruling)


def _put_before_people(ground: Ground, mover: Mover, row: ActionRow, ruling: Ruling) -> None:
    """An audit is an escalation that nothing waits for, in a run of its own that is over."""
    policy = ground.policy_of(row.policy_sha256)
    brief = _brief(policy, row, ruling)
    asked = _question(policy, row, ruling, brief, now=mover.now)
    _finished_run(mover, row.agent, asked.run)
    mover.tx.escalations.add(asked)
    sample = Trigger(kind="audit_sample", rule="random-sample", observed="drawn at random")
    mover.tx.payloads.add(
        asked.id,
        question=brief.question,
        brief=brief.to_bytes(),
        checkpoint=None,
        triggers=json.dumps([one.model_dump(mode="json") for one in (sample, *ruling.triggers)]),
    )
    mover.tx.actions.link(row.id, asked.id)
    added = mover.tx.escalations.get(asked.id)
    if added is not None:
        detail: Parameters = {
            "to": added.state,
            "kind": added.kind,
            "pool": added.pool,
            "proposal": row.id,
        }
        mover.note("submitted", added, detail)


def _finished_run(mover: Mover, agent: str, id: str) -> None:
    mover.tx.runs.add(agent, id, now=mover.now)
    run = mover.tx.runs.get(agent, id)
    if run is not None:
        mover.run(run, RunState.COMPLETED)


def _question(
    policy: Policy, row: ActionRow, ruling: Ruling, brief: Brief, *, now: int
) -> NewEscalation:
    duty, id = policy.duty(row.action_type, Tier.SOFT_REVIEW), new_id(now)
    sla_ms = duty.sla_seconds * 1000
    return NewEscalation(
        id=id,
        agent=row.agent,
        run=id,
        # Its own id is its key: an agent knows the proposal's and could have taken that name.
        key=f"audit:{id}",
        kind=EscalationKind.AUDIT,
        tier=Tier.SOFT_REVIEW,
        pool=duty.pool,
        action_type=row.action_type,
        brief_sha256=brief_sha256(brief.to_bytes()),
        action_sha256=row.action_sha256,
        policy_sha256=row.policy_sha256,
        predecessor=None,
        created_at=now,
        sla_ms=sla_ms,
        deadline_at=now + sla_ms,
        claimable_at=now,
        promote_at=halfway(now, sla_ms),
        expected_seconds=ruling.expected_seconds,
        stake=stake(ruling.impact, brief.signals.get("confidence")),
    )


def _brief(policy: Policy, row: ActionRow, ruling: Ruling) -> Brief:
    """The desk's own words around the agent's parameters: nobody wrote a brief for this action."""
    parameters: Parameters = json.loads(row.parameters or "{}")
    said = json.loads(row.inputs or "{}").get("sensitive", {})
    shown = masked_values(parameters, classes_of(policy, row.action_type, said))
    return Brief(
        accomplished=(Step(text=f"{row.agent} acted by itself: {ruling.label}"[:MOST_LINE]),),
        question=f"Was this right? {ruling.label}"[:MOST_LINE],
        triggers=(Trigger(kind="audit_sample", rule="random-sample", observed="drawn at random"),),
        evidence=(
            Evidence(
                id="parameters",
                title="What was executed",
                content=_clipped(json.dumps(shown, indent=2, ensure_ascii=False)),
                source=row.agent[:MOST_SOURCE],
                as_of=row.proposed_at,
            ),
        ),
        options=(RIGHT, WRONG),
        action=Action(
            type=row.action_type,
            parameters=parameters,
            sensitive=said,
            reversibility=ruling.reversibility,
        ),
        agent=Software(name=row.agent, version=row.agent_version or "unknown"),
        signals=_signals(row),
        provenance=Provenance(source="random audit sample", at=row.proposed_at),
    )


def _signals(row: ActionRow) -> dict[str, float]:
    """Those that a brief can hold; the policy has judged by all of them."""
    kept = json.loads(row.inputs or "{}").get("signals", {})
    usable = (
        (name, value) for name, value in kept.items() if re.fullmatch(IDENTIFIER_PATTERN, name)
    )
    numbers = ((name, float(value)) for name, value in usable if is_number(value))
    return dict(islice(numbers, MOST_SIGNALS))


def _clipped(text: str) -> str:
    """What does not fit says how much is missing; the action itself is whole."""
    if len(text) <= MOST_CONTENT:
        return text
    return f"{text[:MOST_CONTENT]}\n… and {len(text) - MOST_CONTENT:,} characters more"
