"""Every move of the two state machines: checked against the tables in states.py, made by one
guarded statement, and written down as an event in the same transaction.

A guard that does not hold raises: `LeaseLost` where somebody else holds what was ours,
`MoveRefused` where the state is no longer the one to move from.
"""

from __future__ import annotations

from dataclasses import dataclass

from overread_briefs.fields import Parameters
from overread_queue.errors import LeaseLost, MoveRefused, NotFound
from overread_queue.routing.placing import halfway
from overread_queue.states import ESCALATION_MOVES, RUN_MOVES, EscalationState, RunState
from overread_queue.store import Transaction
from overread_queue.store.escalations import Leased
from overread_queue.store.events import Event
from overread_queue.store.rows import EscalationRow, RunRow

E = EscalationState
CLAIMED_BY_ONE = frozenset({E.CLAIMED, E.HELD})


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves things, in which transaction, at what time."""

    tx: Transaction
    actor: str
    """`agent:NAME`, `reviewer:NAME` or `desk`."""
    now: int

    # -- runs

    def run(self, run: RunRow, target: RunState) -> RunRow:
        """Move a run one step."""
        if (run.state, target) not in RUN_MOVES:
            raise MoveRefused("run", run.id, found=run.state, wanted=target)
        moved = self.tx.runs.move(run, target, now=self.now)
        if moved is None:
            raise self._run_refused(run, target)
        self._note_run(run, moved)
        return moved

    def take_run(self, run: RunRow, *, holder: str, lease_until: int) -> RunRow | None:
        """An agent takes the run to act on `holder`'s decision; None while another lease lives."""
        if (run.state, RunState.RESUMING) not in RUN_MOVES:
            raise MoveRefused("run", run.id, found=run.state, wanted=RunState.RESUMING)
        moved = self.tx.runs.take(
            run.agent, run.id, holder=holder, lease_until=lease_until, now=self.now
        )
        if moved is not None:
            self._note_run(run, moved)
        return moved

    # -- escalations, by their reviewer

    def claim(
        self, found: EscalationRow, *, reviewer: str, session: str | None, lease_until: int
    ) -> EscalationRow:
        moved = self.tx.escalations.claim(
            found.id, reviewer=reviewer, session=session, lease_until=lease_until, now=self.now
        )
        return self._noted("claimed", found.id, moved, E.CLAIMED, was=E.WAITING)

    def put_back(
        self, kind: str, leased: Leased, *, to: EscalationRow, detail: Parameters | None = None
    ) -> EscalationRow:
        """Release, snooze or hand on: back to the queue, at the place and time that `to` says."""
        moved = self.tx.escalations.put_back(leased, to=to)
        return self._left(kind, leased.id, moved, E.WAITING, was=E.CLAIMED, detail=detail)

    def hold(self, leased: Leased, *, held_until: int, lease_until: int) -> EscalationRow:
        moved = self.tx.escalations.hold(
            leased, held_until=held_until, lease_until=lease_until, now=self.now
        )
        return self._noted("held", leased.id, moved, E.HELD, was=E.CLAIMED)

    def undo(self, leased: Leased, *, to: EscalationRow, lease_until: int) -> EscalationRow:
        moved = self.tx.escalations.unhold(
            leased, session=to.session, lease_until=lease_until, now=self.now
        )
        return self._noted("undone", leased.id, moved, E.CLAIMED, was=E.HELD)

    def stopped(self, found: EscalationRow) -> EscalationRow:
        """Its agent was stopped inside the undo window: it waits again, unsigned."""
        moved = self.tx.escalations.put_back_held(found.id, fence=found.fence)
        return self._left("stopped", found.id, moved, E.WAITING, was=E.HELD)

    def decide(self, leased: Leased, source: EscalationState, detail: Parameters) -> EscalationRow:
        moved = self.tx.escalations.decide(leased, source, now=self.now)
        return self._left("decided", leased.id, moved, E.DECIDED, was=source, detail=detail)

    def opine(
        self, leased: Leased, source: EscalationState, detail: Parameters, *, to: EscalationRow
    ) -> EscalationRow:
        """One of two people has spoken: back to the queue, for somebody else."""
        moved = self.tx.escalations.opine(leased, source, to=to, now=self.now)
        return self._left("opinion", leased.id, moved, E.WAITING, was=source, detail=detail)

    # -- escalations, by time and by their agent

    def lapse(self, found: EscalationRow) -> EscalationRow:
        moved = self.tx.escalations.lapse(found.id, fence=found.fence, now=self.now)
        return self._left("lapsed", found.id, moved, E.WAITING, was=found.state)

    def reroute(self, found: EscalationRow, *, pool: str, deadline_at: int) -> EscalationRow:
        """A breach moves it to another pool: waiting again, with a new deadline."""
        moved = self.tx.escalations.reroute(
            found.id,
            pool=pool,
            deadline_at=deadline_at,
            promote_at=halfway(self.now, deadline_at - self.now),
            now=self.now,
        )
        detail: Parameters = {"from_pool": found.pool, "to_pool": pool}
        return self._left("rerouted", found.id, moved, E.WAITING, was=found.state, detail=detail)

    def overflow(self, found: EscalationRow, *, pool: str) -> EscalationRow:
        """What waits goes to another pool, where somebody can do it; its deadline stays."""
        moved = self.tx.escalations.overflow(found.id, source=found.pool, pool=pool)
        detail: Parameters = {"from_pool": found.pool, "to_pool": pool}
        self.tx.wake("desk")
        return self._noted("overflowed", found.id, moved, E.WAITING, was=found.state, detail=detail)

    def close(
        self, kind: str, found: EscalationRow, target: EscalationState, detail: Parameters
    ) -> EscalationRow:
        """Timed out, withdrawn or superseded."""
        if (found.state, target) not in ESCALATION_MOVES:
            raise MoveRefused("escalation", found.id, found=found.state, wanted=target)
        moved = self.tx.escalations.close(found.id, target, now=self.now)
        return self._left(kind, found.id, moved, target, was=found.state, detail=detail)

    def promote(self, found: EscalationRow) -> None:
        """Half the SLA is over: it moves up in the order of work, and the desk is told once."""
        if self.tx.escalations.promote(found.id, now=self.now) is not None:
            self.note("promoted", found, {"deadline_at": found.deadline_at})
            self.tx.wake("desk")

    # -- events

    def note(self, kind: str, escalation: EscalationRow, detail: Parameters | None = None) -> None:
        """Write down something that moved nothing."""
        self.tx.events.add(
            Event(
                kind,
                self.actor,
                self.now,
                agent=escalation.agent,
                run=escalation.run,
                escalation=escalation.id,
                detail=detail or {},
            )
        )

    def _left(
        self,
        kind: str,
        id: str,
        moved: EscalationRow | None,
        target: EscalationState,
        *,
        was: EscalationState,
        detail: Parameters | None = None,
    ) -> EscalationRow:
        """A move that takes the escalation out of its reviewer's hands: their look at it ends."""
        noted = self._noted(kind, id, moved, target, was=was, detail=detail)
        for review in self.tx.reviews.open_on(id):
            self.tx.reviews.close(review.id, kind, now=self.now)
        return noted

    def _noted(
        self,
        kind: str,
        id: str,
        moved: EscalationRow | None,
        target: EscalationState,
        *,
        was: EscalationState,
        detail: Parameters | None = None,
    ) -> EscalationRow:
        if moved is None:
            raise self._refused(id, target)
        step: Parameters = {
            "from": was,
            "to": moved.state,
            "fence": moved.fence,
            "pool": moved.pool,
        }
        self.note(kind, moved, step | (detail or {}))
        return moved

    def _note_run(self, run: RunRow, moved: RunRow) -> None:
        detail: Parameters = {"from": run.state, "to": moved.state, "fence": moved.fence}
        self.tx.events.add(
            Event("run", self.actor, self.now, agent=run.agent, run=run.id, detail=detail)
        )

    def _run_refused(self, run: RunRow, target: RunState) -> MoveRefused:
        found = self.tx.runs.get(run.agent, run.id)
        return MoveRefused("run", run.id, found=found.state if found else "gone", wanted=target)

    def _refused(self, id: str, target: EscalationState) -> MoveRefused | LeaseLost | NotFound:
        found = self.tx.escalations.get(id)
        if found is None:
            return NotFound("escalation", id)
        if found.state in CLAIMED_BY_ONE or target is E.HELD:
            return LeaseLost("escalation", id)
        return MoveRefused("escalation", id, found=found.state, wanted=target)
