"""How a brief gets into the queue: from an agent's door or from the inbox, by the same steps."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from overread_briefs import WAITS, Brief, InvalidBrief, Trigger, parse_brief
from overread_briefs.canonical import brief_sha256
from overread_briefs.decision import RELEASING
from overread_briefs.errors import Fault
from overread_briefs.fields import IDENTIFIER_PATTERN
from overread_queue.asking.dossier import Trusted
from overread_queue.asking.proposing import (
    Judged,
    circumstances,
    derive_again,
    judge_brief,
    proposal,
    record,
    stricter,
)
from overread_queue.clock import is_id, made_at, new_id
from overread_queue.errors import Conflict, InvalidRequest, MoveRefused, NotFound
from overread_queue.ground import Ground
from overread_queue.models import Ticket
from overread_queue.moves import Mover
from overread_queue.policy.evaluate import Ruling
from overread_queue.routing.placing import Place, place, stake
from overread_queue.routing.pressure import Depth, chain_of, is_limited
from overread_queue.routing.workload import shut_pools
from overread_queue.states import (
    FINISHED,
    OPEN,
    EscalationKind,
    EscalationState,
    RunState,
    Tier,
)
from overread_queue.stopping.halting import check_not_halted
from overread_queue.store import Transaction
from overread_queue.store.escalations import NewEscalation
from overread_queue.store.rows import EscalationRow, RunRow
from overread_queue.trust.envelope import CLOCK_SKEW_MS
from overread_queue.trust.vouching import Claim, Word, check_claim, digest

MAX_CHECKPOINT_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Submission:
    """What an agent hands in. `data` are the bytes that are validated once, stored and digested."""

    agent: str
    data: bytes
    key: str | None = None
    """Without one, the content is its own key."""
    checkpoint: bytes | None = None
    predecessor: str | None = None
    """The escalation whose brief this one replaces."""
    proposal: str | None = None
    """An earlier proposal of the same action."""
    id: str | None = None
    """What its escalation shall be called, where its sender has to know before the desk does."""
    signature: bytes | None = None
    """By the agent's key, over its `claim_of`."""

    @property
    def name(self) -> str:
        return self.key or f"sha256:{brief_sha256(self.data)}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A submission found valid. `kind` and `tier` already count the ruling on it."""

    submission: Submission
    brief: Brief
    brief_sha256: str
    judged: Judged
    tier: Tier
    triggers: tuple[Trigger, ...]
    kind: EscalationKind
    shut: frozenset[str] = frozenset()
    """Pools it could go to that nobody works any more today."""

    @property
    def chain(self) -> tuple[str, ...]:
        """Every pool it could go to."""
        policy = self.judged.policy
        duty = policy.duty(self.judged.ruling.action_type, self.tier)
        return chain_of(policy, duty.pool)


def known(tx: Transaction, submission: Submission) -> Ticket | None:
    """The ticket of an earlier submission under the same key. Other content is a Conflict."""
    found = tx.escalations.by_key(submission.agent, submission.name)
    if found is None:
        return None
    received = brief_sha256(submission.data)
    if found.brief_sha256 != received:
        raise Conflict(submission.name, stored=found.brief_sha256, received=received)
    return ticket(found, created=False)


def claim_of(desk: str, submission: Submission) -> Claim:
    """What the agent's key signs. Raises `InvalidRequest` for a key that names nothing."""
    _check_key(submission.name)
    return Claim(
        desk=desk,
        agent=submission.agent,
        key=submission.name,
        brief_sha256=brief_sha256(submission.data),
        checkpoint_sha256=digest(submission.checkpoint),
        predecessor=submission.predecessor,
    )


def withdrawal_of(desk: str, agent: str, key: str) -> Claim:
    """What the key of an agent signs to take a question back."""
    return Claim(desk, agent, key, brief_sha256=None, kind="withdraw")


def check_vouched(trusted: Trusted, claim: Claim | Word, signature: bytes | None) -> None:
    """Every entrance asks this first. Raises `Forged` for what an agent with a key did not sign."""
    agent = trusted.roster().agents.get(claim.agent)
    if agent is not None:
        check_claim(claim, signature, agent)


def prepare(ground: Ground, submission: Submission) -> Prepared:
    """Validate the bytes and ask the policy, before anything is locked."""
    brief = read_brief(ground, submission)
    with ground.store.read() as tx:
        there = circumstances(ground, tx, submission.agent)
        judged = judge_brief(ground, there, submission.agent, brief)
        ruling = _with_proposal(ground, tx, submission, judged)
        ready = prepared(submission, brief, judged, ruling)
        shut = shut_pools(ground, tx, ready.chain, now=ground.clock.now())
    return replace(ready, shut=shut)


def read_brief(trusted: Trusted, submission: Submission) -> Brief:
    """The brief in the bytes, which has to be its sender's own. Raises `InvalidBrief`."""
    _check_key(submission.name)
    brief = parse_brief(submission.data, budget=trusted.policy().settings.brief_budget)
    if brief.agent.name != submission.agent:
        raise InvalidBrief(
            [
                Fault(
                    "agent.name",
                    f"is {brief.agent.name!r}, but {submission.agent!r} submits it; "
                    "an agent submits its own briefs",
                )
            ]
        )
    return brief


def prepared(submission: Submission, brief: Brief, judged: Judged, ruling: Ruling) -> Prepared:
    tier, triggers = _asking(ruling, waits=WAITS in brief.tags)
    kind = EscalationKind.SOFT_REVIEW if tier is Tier.SOFT_REVIEW else EscalationKind.APPROVAL
    digest = brief_sha256(submission.data)
    return Prepared(submission, brief, digest, judged, tier, triggers, kind)


def _with_proposal(
    ground: Ground, tx: Transaction, submission: Submission, judged: Judged
) -> Ruling:
    """The stricter of what the earlier proposal and the brief itself come to."""
    if submission.proposal is None:
        return judged.ruling
    found = proposal(tx, submission.proposal, agent=submission.agent, judged=judged)
    return stricter(judged.ruling, derive_again(ground, found))


def _asking(ruling: Ruling, *, waits: bool) -> tuple[Tier, tuple[Trigger, ...]]:
    """Whoever asks although they might act waits for an answer; at a soft review, who says so."""
    least = Tier.HARD_APPROVAL if waits else Tier.SOFT_REVIEW
    if ruling.tier.severity >= least.severity:
        return ruling.tier, ruling.triggers
    asked = Trigger(kind="policy", rule="agent-asked", observed=f"base tier {ruling.tier}")
    return Tier.HARD_APPROVAL, (asked, *ruling.triggers)


def _check_key(key: str) -> None:
    if not re.fullmatch(IDENTIFIER_PATTERN, key) or key.endswith("\n"):
        raise InvalidRequest(
            f"{key[:140]!a} cannot be a key; use 1 to 128 letters, digits and . _ : / @ + -"
        )


def admit(ground: Ground, mover: Mover, prepared: Prepared, *, run: str | None = None) -> Ticket:
    """One commit: brief, checkpoint, run state, deadline and events.

    `run` is the one that a revised brief goes on in; otherwise the brief names it, or it is new.
    """
    check_not_halted(ground, mover.tx, prepared.submission.agent)
    earlier = known(mover.tx, prepared.submission)
    if earlier is not None:
        return earlier
    new = new_escalation(mover, prepared, run)
    _keep_proposal(mover, prepared, new.id)
    return put_in(mover, prepared, new)


def put_in(mover: Mover, prepared: Prepared, new: NewEscalation) -> Ticket:
    """The rows of one question, and what the chain says of it. Also how a blind test comes."""
    found = _run_for(mover, new)
    mover.tx.escalations.add(new)
    mover.tx.payloads.add(
        new.id,
        question=prepared.brief.question,
        brief=prepared.submission.data,
        checkpoint=prepared.submission.checkpoint,
        triggers=json.dumps([trigger.model_dump(mode="json") for trigger in prepared.triggers]),
        signature=prepared.submission.signature,
    )
    added = _noted(mover, new)
    if new.kind is EscalationKind.APPROVAL:
        pause(mover, found)
    mover.tx.wake("desk")
    return ticket(added, created=True)


def _noted(mover: Mover, new: NewEscalation) -> EscalationRow:
    added = mover.tx.escalations.get(new.id)
    if added is None:
        raise NotFound("escalation", new.id)
    mover.note(
        "submitted",
        added,
        {
            "to": added.state,
            "kind": added.kind,
            "tier": added.tier,
            "pool": added.pool,
            "brief_sha256": added.brief_sha256,
            "action_sha256": added.action_sha256,
            "policy_sha256": added.policy_sha256,
            "predecessor": added.predecessor,
        },
    )
    return added


def _keep_proposal(mover: Mover, prepared: Prepared, escalation: str) -> None:
    """Every escalation has its proposal: the one it refers to, or one made now."""
    earlier = prepared.submission.proposal
    # The escalation does not exist yet; SQLite checks the reference when the transaction ends.
    if earlier is None or not mover.tx.actions.link(earlier, escalation):
        record(mover.tx, prepared.judged, escalation=escalation, now=mover.now)


def supersede(ground: Ground, mover: Mover, old: EscalationRow, prepared: Prepared) -> Ticket:
    """A revised brief takes an open one's place, or follows an answered one."""
    earlier = known(mover.tx, prepared.submission)
    if earlier is not None:
        return earlier
    if prepared.brief.run not in (None, old.run):
        raise InvalidRequest(
            f"the brief names run {prepared.brief.run}, but {old.id} belongs to {old.run}; "
            "a revised brief stays in its run"
        )
    if old.kind is not EscalationKind.APPROVAL:
        raise InvalidRequest(
            f"{old.id} is about what was done already, and stays; submit what comes next by itself"
        )
    if old.state in OPEN:
        mover.close("superseded", old, EscalationState.SUPERSEDED, {})
        mover.tx.wake(old.id)
    elif _may_ask_again(mover.tx, old):
        mover.tx.decisions.finish(old.id, old.attempt, "done", now=mover.now)
    else:
        raise MoveRefused("escalation", old.id, found=old.state, wanted=EscalationState.SUPERSEDED)
    return admit(ground, mover, prepared, run=old.run)


def _may_ask_again(tx: Transaction, old: EscalationRow) -> bool:
    """Once per answer, and never about an approval that was taken: it may have been acted on."""
    if old.state is not EscalationState.DECIDED or tx.escalations.successor(old.id):
        return False
    decision = tx.decisions.get(old.id, old.attempt)
    delivery = tx.decisions.delivery(old.id, old.attempt)
    if decision is None or delivery is None:
        return False
    return decision.verdict not in RELEASING or delivery.state == "pending"


def pause(mover: Mover, run: RunRow) -> None:
    """Bring a run to PAUSED_PENDING_HUMAN from wherever its agent may ask."""
    if run.state is RunState.PAUSED_PENDING_HUMAN:
        return
    if run.state is RunState.HUMAN_RESPONDED:
        # An agent that asks again is alive and has its answers: it is resuming.
        run = mover.run(run, RunState.RESUMING)
    mover.run(run, RunState.PAUSED_PENDING_HUMAN)


def ticket(found: EscalationRow, *, created: bool, taken_in: bool = True) -> Ticket:
    return Ticket(
        id=found.id,
        run=found.run,
        key=found.key,
        state=found.state,
        tier=found.tier,
        brief_sha256=found.brief_sha256,
        action_sha256=found.action_sha256,
        deadline_at=found.deadline_at,
        created=created,
        taken_in=taken_in,
    )


def new_escalation(mover: Mover, prepared: Prepared, run: str | None = None) -> NewEscalation:
    """Where and when it waits. Raises `Backpressure` where there is no room."""
    id = _free_id(mover, prepared)
    ruling, brief = prepared.judged.ruling, prepared.brief
    there = _place(mover, prepared)
    return NewEscalation(
        id=id,
        agent=prepared.submission.agent,
        run=run or brief.run or id,
        key=prepared.submission.name,
        kind=prepared.kind,
        tier=prepared.tier,
        pool=there.pool,
        action_type=brief.action.type,
        brief_sha256=prepared.brief_sha256,
        action_sha256=prepared.judged.action_sha256,
        policy_sha256=prepared.judged.policy.sha256,
        predecessor=prepared.submission.predecessor,
        created_at=mover.now,
        sla_ms=there.deadline_at - mover.now,
        deadline_at=there.deadline_at,
        claimable_at=there.claimable_at,
        promote_at=there.promote_at,
        expected_seconds=ruling.expected_seconds,
        stake=stake(ruling.impact, brief.signals.get("confidence")),
    )


def _free_id(mover: Mover, prepared: Prepared) -> str:
    """Raises `InvalidRequest` for an id that is none, or is somebody's already.

    A new one is of the time when it was judged, so that whoever holds it can have it judged again.
    A sender's own is earlier: what had expired by then has expired since.
    """
    id, at = prepared.submission.id, prepared.judged.facts.at
    if id is None:
        return new_id(at)
    taken = mover.tx.escalations.get(id) is not None
    if taken or not is_id(id) or made_at(id) > at + CLOCK_SKEW_MS:
        raise InvalidRequest(f"{id!a} cannot be the id of a new escalation")
    return id


def _place(mover: Mover, prepared: Prepared) -> Place:
    policy, ruling = prepared.judged.policy, prepared.judged.ruling
    duty = policy.duty(ruling.action_type, prepared.tier)
    said = prepared.brief.latency_tolerance
    patience = duty.latency_tolerance_seconds
    limited = is_limited(policy, chain_of(policy, duty.pool))
    return place(
        policy,
        duty,
        asked_depths(mover.tx) if limited else {},
        seconds=ruling.expected_seconds,
        tolerance=patience if said is None else min(said, patience),
        now=mover.now,
        reviewers=mover.tx.desk.open_sessions(),
        shut=prepared.shut,
    )


def depths(tx: Transaction) -> dict[str, Depth]:
    """What every pool still has to do."""
    return {pool: Depth(*depth) for pool, depth in tx.escalations.depth().items()}


def asked_depths(tx: Transaction) -> dict[str, Depth]:
    """What of it agents asked, and may know of: an audit would tell them that something of theirs
    was drawn."""
    return {pool: Depth(*depth) for pool, depth in tx.escalations.depth_asked().items()}


def _run_for(mover: Mover, new: NewEscalation) -> RunRow:
    """The run this belongs to, made if it is new."""
    run = mover.tx.runs.get(new.agent, new.run)
    if run is None:
        mover.tx.runs.add(new.agent, new.run, now=mover.now)
        run = mover.tx.runs.get(new.agent, new.run)
    if run is None:
        raise NotFound("run", new.run)
    if run.state in FINISHED:
        raise MoveRefused("run", run.id, found=run.state, wanted=RunState.PAUSED_PENDING_HUMAN)
    return run
