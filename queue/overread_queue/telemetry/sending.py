"""Telling a collector what it does not know yet: at least once, in the order of the chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from overread_queue.clock import made_at
from overread_queue.ground import Ground
from overread_queue.store import Transaction
from overread_queue.telemetry.collector import Collector
from overread_queue.telemetry.counts import counts
from overread_queue.telemetry.spans import Span, spans

EVENTS = 500
"""Told of in one message."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a collector was told of."""

    events: int
    escalations: int


def send(ground: Ground, collector: Collector) -> Sent:
    """Traces of what has closed since the last time, then the counts as they stand now.

    The place in the chain moves once the collector has taken a message, so that one that is out of
    reach misses nothing. Raises `Undelivered`.
    """
    events = escalations = 0
    while True:
        with ground.store.read() as tx:
            after, (head, _) = tx.telemetry.cursor(), tx.events.head()
            up_to = min(head, after + EVENTS)
            told = [*_stretch(tx, after, up_to)]
            now = ground.clock.now()
            counted = counts(tx, ground.policy().pools, now=now)
        if up_to == after:
            collector.count(counted, since=made_at(ground.desk_id), now=now)
            return Sent(events, escalations)
        collector.trace(told)
        with ground.store.write() as tx:
            tx.telemetry.move_on(up_to)
        events += up_to - after
        escalations += sum(span.name == "escalation" for span in told)


def _stretch(tx: Transaction, after: int, up_to: int) -> Iterator[Span]:
    for id in tx.telemetry.closed(after=after, up_to=up_to):
        row = tx.escalations.get(id)
        if row is not None:
            decision = tx.decisions.get(id, row.attempt)
            yield from spans(row, decision.verdict if decision else None, tx.events.of(id))
    for acted in tx.telemetry.acted(after=after, up_to=up_to):
        end, failed = max(acted.taken_at, acted.done_at), acted.state == "failed"
        yield Span(acted.escalation, "resume", 0, acted.taken_at, end, failed=failed)
