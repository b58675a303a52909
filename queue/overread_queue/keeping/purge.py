"""Erasing what people and agents wrote, once it is old enough or somebody asks; the bare record
of it stays, and the chain of events still verifies."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from overread_briefs.decision import RELEASING
from overread_briefs.visible import visible
from overread_queue.errors import InvalidRequest, NotFound, OnHold
from overread_queue.ground import Ground
from overread_queue.policy.model import Policy
from overread_queue.store import Transaction
from overread_queue.store.events import Event
from overread_queue.store.keeping import ExpiredRow
from overread_queue.store.rows import EscalationRow

RETENTION = "retention"
"""Why something was erased, where nobody asked for it."""
MOST = 200
"""Escalations erased in one transaction, so that nobody waits long for the write lock."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a purge would erase now, or has erased."""

    before: int
    """What closed before this moment (UTC milliseconds)."""
    escalations: int
    proposals: int
    """That led to no question."""
    messages: int
    """Of the inbox, refused."""
    held: int
    """Kept by a legal hold."""
    in_use: int
    """Kept because an agent may still act on them."""
    log_emptied: bool = True
    """False where a reader kept the database's log open: it still holds what was erased."""

    @property
    def items(self) -> int:
        return self.escalations + self.proposals + self.messages


@dataclass(frozen=True, slots=True)
class Horizon:
    """What is old enough, by the policy in force."""

    before: int
    usable_since: int

    @classmethod
    def at(cls, policy: Policy, now: int) -> Horizon:
        return cls(
            before=now - policy.retention.payloads * 1000,
            usable_since=now - policy.settings.decision_valid * 1000,
        )


def plan(tx: Transaction, horizon: Horizon) -> Plan:
    """Count, and erase nothing."""
    found = [*_expired(tx, horizon)]
    proposals = tx.keeping.old_proposals(before=horizon.before)
    messages = tx.keeping.old_messages(before=horizon.before)
    return Plan(
        before=horizon.before,
        escalations=sum(one.erasable for one in found),
        proposals=sum(not held for _, held in proposals),
        messages=sum(not held for _, held in messages),
        held=sum(one.held for one in found) + sum(held for _, held in (*proposals, *messages)),
        in_use=sum(bool(one.in_use and not one.held) for one in found),
    )


def purge(ground: Ground, actor: str) -> Plan:
    """Erase what is old enough. A crash in between leaves the rest for the next time."""
    horizon = Horizon.at(ground.policy(), ground.clock.now())
    with ground.store.read() as tx:
        planned = plan(tx, horizon)
        ids = [one.id for one in _expired(tx, horizon) if one.erasable]
    with ground.store.erasing():
        parts = (ids[at : at + MOST] for at in range(0, len(ids), MOST))
        done = sum(_erase_some(ground, actor, part, horizon) for part in parts)
        rest = _erase_unasked(ground, actor, horizon)
    return Plan(
        before=planned.before,
        escalations=done,
        proposals=rest[0],
        messages=rest[1],
        held=planned.held,
        in_use=planned.in_use,
        log_emptied=ground.store.empty_log(),
    )


def erase(ground: Ground, actor: str, id: str, *, reason: str) -> bool:
    """Erase one payload now, by request. True where nothing of it is left in the log either.

    Raises `OnHold` by name, `NotFound`, and `InvalidRequest` for what is open, still to be acted
    on, or gone already.
    """
    with ground.store.erasing(), ground.write(actor, about=id) as tx:
        found = tx.escalations.get(id)
        if found is None:
            raise NotFound("escalation", id)
        _check_erasable(tx, found, Horizon.at(ground.policy(), ground.clock.now()))
        if not _erase(ground, tx, actor, found, why=reason):
            raise InvalidRequest(f"the payload of {id} was erased before")
    return ground.store.empty_log()


def _check_erasable(tx: Transaction, found: EscalationRow, horizon: Horizon) -> None:
    for hold in tx.keeping.holds_on(found.id, agent=found.agent, run=found.run):
        raise OnHold(
            found.id, kind=hold.kind, subject=hold.subject, by=hold.by, reason=visible(hold.reason)
        )
    if found.closed_at is None:
        raise InvalidRequest(f"{found.id} is still open; decide or withdraw it, then erase it")
    delivery = tx.decisions.delivery(found.id, found.attempt)
    decision = tx.decisions.get(found.id, found.attempt)
    if delivery is None or decision is None or decision.verdict not in RELEASING:
        return
    usable = delivery.state == "pending" and decision.released_at > horizon.usable_since
    if delivery.state == "taken" or usable:
        raise InvalidRequest(f"an agent may still act on {found.id}; erase it once that is over")


def _erase_some(ground: Ground, actor: str, ids: list[str], horizon: Horizon) -> int:
    """One commit. Each is asked again: a hold may have been put on it since it was listed."""
    done = 0
    with ground.write(actor) as tx:
        for found in filter(None, map(tx.escalations.get, ids)):
            with suppress(OnHold, InvalidRequest):
                _check_erasable(tx, found, horizon)
                done += _erase(ground, tx, actor, found, why=RETENTION)
    return done


def _erase(ground: Ground, tx: Transaction, actor: str, found: EscalationRow, *, why: str) -> bool:
    """The event says that it was erased and on what ground; the words of a request are beside
    the payload, where words can be erased."""
    now = ground.clock.now()
    if not tx.keeping.erase(found.id, why=why, now=now):
        return False
    for test in tx.probes.live():
        if test.source == found.id and test.escalation is not None:
            tx.folds.take_out(test.escalation)
    tx.events.add(
        Event(
            "erased",
            actor,
            now,
            agent=found.agent,
            run=found.run,
            escalation=found.id,
            detail={"ground": RETENTION if why == RETENTION else "request"},
        )
    )
    return True


def _erase_unasked(ground: Ground, actor: str, horizon: Horizon) -> tuple[int, int]:
    """What never became a question: proposals and refused messages; and notes on alarms."""
    with ground.write(actor) as tx:
        proposals = [id for id, held in tx.keeping.old_proposals(before=horizon.before) if not held]
        messages = [id for id, held in tx.keeping.old_messages(before=horizon.before) if not held]
        tx.alarms.forget_notes(before=horizon.before)
        for proposal in proposals:
            tx.keeping.erase_proposal(proposal)
        for message in messages:
            tx.keeping.erase_message(message)
        if proposals or messages:
            told = {"proposals": len(proposals), "messages": len(messages)}
            tx.events.add(Event("erased_unasked", actor, ground.clock.now(), detail={**told}))
    return len(proposals), len(messages)


def _expired(tx: Transaction, horizon: Horizon) -> list[ExpiredRow]:
    found: list[ExpiredRow] = []
    while True:
        after = found[-1].id if found else ""
        page = tx.keeping.expired(
            before=horizon.before, usable_since=horizon.usable_since, after=after, most=MOST
        )
        found += page
        if len(page) < MOST:
            return found
