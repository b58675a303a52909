"""What the review stories share: one desk, and something on it to decide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from factories import House, brief
from overread_console.flow.review_flow import ReviewFlow
from overread_queue.clock import ManualClock
from overread_queue.models import Ticket
from overread_queue.states import EscalationState


def submitted(desk: House, key: str = "refund-A-1009", **fields: object) -> Ticket:
    with desk.agent() as agent:
        return agent.submit(brief(**fields), key=key)  # type: ignore[arg-type]


def state_of(desk: House, ticket: Ticket) -> EscalationState:
    with desk.agent() as agent:
        return agent.status(ticket.id).state


@contextmanager
def reviewing(here: House) -> Iterator[ReviewFlow]:
    """A session on everything that waits."""
    flow = ReviewFlow(here.desk(), here.clock)
    try:
        flow.start()
        yield flow
    finally:
        flow.close()


def read_for(flow: ReviewFlow, here: House, seconds: int) -> None:
    assert isinstance(here.clock, ManualClock)
    here.clock.advance(seconds=seconds)
    flow.active()
    flow.tick()
