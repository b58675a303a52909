"""What the review stories share: one desk, and something on it to decide."""

from __future__ import annotations

from factories import House, brief
from overread_queue.models import Ticket
from overread_queue.states import EscalationState


def submitted(desk: House, key: str = "refund-A-1009", **fields: object) -> Ticket:
    with desk.agent() as agent:
        return agent.submit(brief(**fields), key=key)  # type: ignore[arg-type]


def state_of(desk: House, ticket: Ticket) -> EscalationState:
    with desk.agent() as agent:
        return agent.status(ticket.id).state
