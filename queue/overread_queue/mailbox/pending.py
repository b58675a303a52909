"""What the agents' side makes of a submission that intake has not taken in yet."""

from __future__ import annotations

from overread_queue.asking.dossier import Trusted
from overread_queue.asking.proposing import Circumstances, judge_brief
from overread_queue.asking.submission import Prepared, Submission, prepared, read_brief
from overread_queue.routing.placing import Place, place
from overread_queue.states import EscalationState
from overread_queue.store.inbox import Sent
from overread_queue.store.rows import EscalationRow
from overread_queue.transport.protocol import Backlog


def pending(
    trusted: Trusted,
    agent: str,
    id: str,
    sent: Sent,
    there: Circumstances,
    backlog: Backlog,
) -> EscalationRow:
    """Read again from the agent's own message."""
    submission = Submission(
        agent,
        sent.body,
        sent.key.decode("utf-8", "replace"),
        checkpoint=sent.checkpoint,
        predecessor=sent.predecessor.decode("utf-8", "replace") if sent.predecessor else None,
    )
    brief = read_brief(trusted, submission)
    judged = judge_brief(trusted, there, agent, brief)
    ready = prepared(submission, brief, judged, judged.ruling)
    return provisional(trusted, ready, id, backlog=Backlog({}, 0, frozenset(), backlog.halted))


def provisional(trusted: Trusted, ready: Prepared, id: str, *, backlog: Backlog) -> EscalationRow:
    """Where it would go by what this side knows. Raises `Backpressure` where the desk is full."""
    now = trusted.clock.now()
    there = _place(ready, backlog, now=now)
    return EscalationRow(
        id=id,
        agent=ready.submission.agent,
        run=ready.brief.run or id,
        key=ready.submission.name,
        attempt=1,
        state=EscalationState.WAITING,
        kind=ready.kind,
        tier=ready.tier,
        severity=ready.tier.severity,
        pool=there.pool,
        action_type=ready.brief.action.type,
        brief_sha256=ready.brief_sha256,
        action_sha256=ready.judged.action_sha256,
        policy_sha256=ready.judged.policy.sha256,
        predecessor=ready.submission.predecessor,
        created_at=now,
        sla_ms=there.deadline_at - now,
        deadline_at=there.deadline_at,
        claimable_at=there.claimable_at,
        promote_at=there.promote_at,
        expected_seconds=ready.judged.ruling.expected_seconds,
        stake=1,
        timeouts=0,
        hops=0,
        reviewer=None,
        session=None,
        fence=0,
        lease_until=None,
        held_until=None,
        closed_at=None,
    )


def _place(ready: Prepared, backlog: Backlog, *, now: int) -> Place:
    policy, ruling = ready.judged.policy, ready.judged.ruling
    return place(
        policy,
        policy.duty(ruling.action_type, ready.tier),
        backlog.depths,
        seconds=ruling.expected_seconds,
        tolerance=0,
        now=now,
        reviewers=backlog.reviewers,
        shut=backlog.shut,
    )
