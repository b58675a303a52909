"""A blind test made of a closed question whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass

from overread_briefs import Brief, parse_brief
from overread_briefs.fields import Parameters
from overread_queue.clock import new_id
from overread_queue.errors import Erased, InvalidRequest, NotFound
from overread_queue.moves import Mover
from overread_queue.probing.mutations import Mutation, mutate
from overread_queue.probing.realism import findings
from overread_queue.states import Tier
from overread_queue.store import Transaction
from overread_queue.store.events import Event
from overread_queue.store.probes import ProbeRow, Sort
from overread_queue.store.rows import EscalationRow
from overread_queue.store.truths import Truth, settled


@dataclass(frozen=True, slots=True)
class Probe:
    """A test, as leads see it."""

    row: ProbeRow
    brief: Brief | None
    """What people will read; None once it was erased."""
    findings: tuple[str, ...]
    """What could give it away, as far as a program can see."""


def make(mover: Mover, escalation: str, mutation: Mutation, *, by: str) -> Probe:
    """Make one, which a lead has to find realistic before anybody meets it.

    Raises `NotFound`, `Erased`, `InvalidRequest` for a question that is open or whose truth nobody
    has said, and `Unsuited`.
    """
    source = _source(mover.tx, escalation)
    truth = _truth(mover.tx, source, mutation)
    id = new_id(mover.now)
    made = mutate(_brief(mover.tx, escalation), mutation, salt=id)
    sort: Sort = "good" if (mutation, truth) == ("none", "right") else "wrong"
    row = ProbeRow(
        id=id,
        sort=sort,
        mutation=mutation,
        explanation=made.explanation or ("" if sort == "good" else "it was wrong as it was"),
        source=escalation,
        action_type=made.brief.action.type,
        body=made.brief.to_bytes(),
        made_at=mover.now,
        made_by=by,
    )
    mover.tx.probes.add(row)
    note(mover, "probe_made", row)
    return seen(mover.tx, row)


def seen(tx: Transaction, row: ProbeRow) -> Probe:
    """A test with what is to be said about it."""
    if row.body is None:
        return Probe(row, None, ())
    made = parse_brief(row.body)
    try:
        source = _brief(tx, row.source)
    except Erased:
        return Probe(row, made, ())
    return Probe(row, made, findings(source, made))


def get(tx: Transaction, id: str) -> ProbeRow:
    """Raises `NotFound`."""
    row = tx.probes.get(id)
    if row is None:
        raise NotFound("test", id)
    return row


def note(mover: Mover, kind: str, row: ProbeRow) -> None:
    """Write down what was done with it, and never when it is among real work."""
    detail: Parameters = {"probe": row.id, "mutation": row.mutation, "sort": row.sort}
    mover.tx.events.add(Event(kind, mover.actor, mover.now, detail=detail))


def _source(tx: Transaction, escalation: str) -> EscalationRow:
    row = tx.escalations.get(escalation)
    if row is None or tx.probes.is_live(escalation):
        raise NotFound("escalation", escalation)
    if row.closed_at is None:
        raise InvalidRequest(f"{escalation} is still open; tests are made of closed questions")
    if row.tier is not Tier.HARD_APPROVAL:
        raise InvalidRequest(
            f"{escalation} was no hard approval ({row.tier.value}); tests are put among those only"
        )
    return row


def _truth(tx: Transaction, source: EscalationRow, mutation: Mutation) -> Truth:
    truth = settled(tx.truths.of(source.id))
    if truth is None:
        raise InvalidRequest(
            f"nobody has said whether {source.id} was right; `overread adjudicate {source.id} "
            "right|wrong --source …` first"
        )
    if truth == "wrong" and mutation != "none":
        raise InvalidRequest(
            f"{source.id} was wrong as it was, so {mutation} would not be all that is wrong with "
            "it; take none"
        )
    return truth


def _brief(tx: Transaction, escalation: str) -> Brief:
    """Raises `Erased`."""
    payload = tx.payloads.get(escalation)
    if payload is None or payload.brief is None or payload.erased_at is not None:
        raise Erased(escalation)
    return parse_brief(payload.brief, budget="warn")
