"""When a person is asked: the policy's ruling on a proposal, and its record."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from overread_briefs import Action, Brief, Fault, InvalidBrief, action_sha256
from overread_briefs.brief import Software
from overread_briefs.fields import Sensitivity
from overread_queue.asking.dossier import Trusted
from overread_queue.clock import new_id
from overread_queue.errors import NotFound, Tampered
from overread_queue.ground import Ground
from overread_queue.models import Proposal
from overread_queue.moves import Mover
from overread_queue.policy.evaluate import Ruling, evaluate, evaluate_again
from overread_queue.policy.facts import Facts, inputs
from overread_queue.policy.model import Policy
from overread_queue.stopping.breaker import open_breakers
from overread_queue.stopping.halting import halt_on
from overread_queue.store import Transaction
from overread_queue.store.actions import ActionRow
from overread_queue.store.events import Event


@dataclass(frozen=True, slots=True)
class Judged:
    """A ruling with the policy that made it and what it was made from."""

    policy: Policy
    facts: Facts
    ruling: Ruling
    action_sha256: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An action that an agent asks about, and all that it says of it."""

    action: Action
    signals: dict[str, object]
    data_class: Sensitivity | None = None
    software: Software | None = None
    model: Software | None = None
    stale_evidence: int = 0


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the desk knows of an agent that raises its tier."""

    breaker_open: bool
    halted: bool


def circumstances(ground: Ground, tx: Transaction, agent: str) -> Circumstances:
    return Circumstances(
        breaker_open=agent in open_breakers(ground, tx),
        halted=halt_on(ground, tx, agent) is not None,
    )


def asked_in(brief: Brief, *, at: int) -> Asked:
    """What a brief's own bytes say of its action, at a moment."""
    return Asked(
        brief.action,
        dict(brief.signals),
        data_class=brief.sensitivity,
        software=brief.agent,
        model=brief.model,
        stale_evidence=sum(one.stale_at(at) for one in brief.evidence),
    )


def facts_of(asked: Asked, *, agent: str, at: int) -> Facts:
    """What is said of an action, with nothing in it that only the desk knows."""
    action = asked.action
    return Facts(
        agent=agent,
        action_type=action.type,
        at=at,
        parameters=action.parameters,
        signals=asked.signals,
        agent_version=asked.software.version if asked.software else None,
        model=asked.model.name if asked.model else None,
        model_version=asked.model.version if asked.model else None,
        reversibility=action.reversibility,
        compensation=action.compensation.type if action.compensation else None,
        data_class=asked.data_class,
        stale_evidence=asked.stale_evidence,
        sensitive=action.sensitive,
    )


def judge_action(trusted: Trusted, there: Circumstances, agent: str, asked: Asked) -> Judged:
    """What the policy in force says of an action, now."""
    facts = replace(
        facts_of(asked, agent=agent, at=trusted.clock.now()),
        permitted=asked.action.type in trusted.roster().agent(agent).actions,
        breaker_open=there.breaker_open,
        halted=there.halted,
    )
    policy = trusted.policy()
    return Judged(policy, facts, evaluate(policy, facts), action_sha256(asked.action))


def judge_brief(trusted: Trusted, there: Circumstances, agent: str, brief: Brief) -> Judged:
    """The same for the action inside a brief. Raises `InvalidBrief` where the policy sends briefs
    with stale evidence back."""
    now = trusted.clock.now()
    judged = judge_action(trusted, there, agent, asked_in(brief, at=now))
    if judged.ruling.return_brief:
        raise InvalidBrief(_stale(brief, now))
    return judged


def record(
    tx: Transaction, judged: Judged, *, escalation: str | None, now: int, id: str | None = None
) -> str:
    """Keep a proposal, so that its tier can be derived again. Gives its id, which is a new one
    unless the agent has made one."""
    id = id or new_id(now)
    tx.desk.add_policy(judged.policy.sha256, judged.policy.body, now=now)
    tx.actions.add(
        ActionRow(
            id=id,
            agent=judged.facts.agent,
            action_type=judged.facts.action_type,
            action_sha256=judged.action_sha256,
            policy_sha256=judged.policy.sha256,
            tier=judged.ruling.tier,
            rules=json.dumps(judged.ruling.rules),
            inputs=json.dumps(inputs(judged.facts)),
            parameters=json.dumps(dict(judged.facts.parameters)),
            agent_version=judged.facts.agent_version or "",
            proposed_at=now,
            asked=int(escalation is not None),
            escalation=escalation,
            probability=None,
            sampled=None,
        )
    )
    return id


def proposed(judged: Judged, id: str, mover: Mover) -> Event:
    """What the chain keeps of a proposal."""
    return Event(
        "proposed",
        mover.actor,
        mover.now,
        agent=judged.facts.agent,
        detail={
            "proposal": id,
            "action_sha256": judged.action_sha256,
            "tier": judged.ruling.tier,
            "policy_sha256": judged.policy.sha256,
        },
    )


def announced(judged: Judged, id: str) -> Proposal:
    ruling = judged.ruling
    return Proposal(
        id=id,
        tier=ruling.tier,
        triggers=ruling.triggers,
        rules=ruling.rules,
        policy_sha256=ruling.policy_sha256,
        pool=ruling.pool,
        sla_seconds=ruling.sla_seconds,
        on_silence=ruling.on_silence,
    )


def proposal(tx: Transaction, id: str, *, agent: str, judged: Judged) -> ActionRow:
    """An earlier proposal that a brief refers to. Raises `NotFound`, and `Tampered` where the brief
    is about another action."""
    found = tx.actions.get(id)
    if found is None or found.agent != agent:
        raise NotFound("proposal", id)
    if found.action_sha256 != judged.action_sha256:
        raise Tampered(f"proposal {id} was about another action; propose this one")
    return found


def derive_again(ground: Ground, found: ActionRow) -> Ruling:
    """The tier once more, from what was kept. Raises `Tampered` where the inputs were erased."""
    if found.inputs is None:
        raise Tampered(f"the inputs of proposal {found.id} were erased")
    policy = ground.policy_of(found.policy_sha256)
    return evaluate_again(policy, json.loads(found.inputs))


def stricter(first: Ruling, second: Ruling) -> Ruling:
    """Of two equally strict ones the first."""
    return max(first, second, key=lambda ruling: ruling.tier.severity)


def _stale(brief: Brief, now: int) -> tuple[Fault, ...]:
    return tuple(
        Fault(
            f"evidence.{at}",
            f"{one.id} is past its maximum age; fetch it again, the policy wants fresh evidence.",
        )
        for at, one in enumerate(brief.evidence)
        if one.stale_at(now)
    )
