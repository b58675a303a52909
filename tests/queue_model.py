"""The few lines that a desk is compared with, whatever order things happen in."""

from __future__ import annotations

from dataclasses import dataclass

from factories import POLICY, House, brief
from journey import UNDO_SECONDS, pass_time, raw
from overread_briefs import Brief
from overread_briefs.action import Compensation
from overread_queue import AgentQueue, ReviewDesk
from overread_queue.models import Receipt, Review
from overread_queue.states import ESCALATION_MOVES, RUN_MOVES, EscalationState

E = EscalationState


@dataclass
class Known:
    """What the model knows of one escalation and its run."""

    deadline: int
    state: E = E.WAITING
    fence: int = 0
    who: str | None = None
    lease: int = 0
    held_until: int = 0
    verdict: str | None = None
    released: int = 0
    run_fence: int = 0
    run_lease: int = 0
    done: bool = False

    def free(self) -> None:
        self.state, self.who = E.WAITING, None

    def close(self, state: E, verdict: str | None, now: int) -> None:
        self.state, self.who, self.verdict, self.released = state, None, verdict, now


@dataclass(frozen=True)
class Look:
    who: str
    id: str
    review: Review


@dataclass(frozen=True)
class Held:
    who: str
    receipt: Receipt


EDGES = (
    *(f"{a}>{b}" for a, b in ESCALATION_MOVES),
    *(f"run {a}>{b}" for a, b in RUN_MOVES),
)
LEAST = 20
"""How often each move has to be taken, or the walk proves little about it."""
TENTATIVE = POLICY.replace(
    '"Hide a listing"\nimpact = "high"', '"Hide a listing"\nimpact = "medium"'
)
"""Hiding a listing is reviewed softly where it can be taken back."""


def take_the_rest(here: House, queue: AgentQueue, desk: ReviewDesk) -> int:
    """Moves that take revisions, other action types or long waiting, in runs that the model does
    not follow; the number of decisions that were made."""
    _revise(queue, desk)
    _fail_and_go_on(here, queue, desk)
    _run_out_of_time(here, queue, desk)
    for number, end in enumerate((queue.complete, queue.fail)):
        ticket = queue.submit(tentative(number))
        desk.decide(desk.open(desk.claim(ticket.id)), option="disagree", reason="no")
        end(ticket)
    with raw(here.path) as db:
        (made,) = db.execute("SELECT count(*) FROM decision").fetchone()
    return int(made)


def tentative(number: int) -> Brief:
    asked = brief(f"Hide listing {number}?", action_type="content.hide")
    back = Compensation(type="content.show", parameters={})
    action = asked.action.model_copy(update={"reversibility": "compensable", "compensation": back})
    return asked.model_copy(update={"action": action})


def mail(amount: int, *, run: str | None = None) -> Brief:
    return brief(action_type="mail.send", amount=amount, run=run)


def _revise(queue: AgentQueue, desk: ReviewDesk) -> None:
    first = queue.submit(mail(101))
    second = queue.revise(first, mail(102))
    desk.claim(second.id)
    queue.withdraw(queue.revise(second, mail(103)))


def _fail_and_go_on(here: House, queue: AgentQueue, desk: ReviewDesk) -> None:
    """One approval fails; another one leads to the next gate."""
    tickets = [queue.submit(mail(amount, run=f"run-{amount}")) for amount in (104, 105)]
    for ticket in tickets:
        desk.decide(desk.open(desk.claim(ticket.id)), option="approve")
    pass_time(here, UNDO_SECONDS)
    assert len(desk.release_due()) == 2
    for ticket in tickets:
        queue.resume(ticket)
    queue.fail(tickets[0])
    queue.withdraw(queue.submit(mail(106, run="run-105")))


def _run_out_of_time(here: House, queue: AgentQueue, desk: ReviewDesk) -> None:
    """One moves to another pool, and one takes its safe default."""
    moved = queue.submit(brief("Refund, and nobody answers?"))
    queue.submit(brief("Hide it for good?", action_type="content.hide"))
    pass_time(here, 4 * 3600)
    desk.sweep()
    queue.withdraw(moved)
    desk.sweep()
