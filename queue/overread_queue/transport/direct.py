"""The way to a desk of the same user: its database, in one transaction for each call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from overread_queue.asking.dossier import Dossier, Trusted, dossier
from overread_queue.asking.proposing import (
    Asked,
    announced,
    circumstances,
    judge_action,
    proposed,
    record,
)
from overread_queue.asking.submission import (
    Submission,
    asked_depths,
    check_vouched,
    claim_of,
    known,
    prepare,
    withdrawal_of,
)
from overread_queue.asking.tentative import Objection, objections
from overread_queue.errors import NotFound
from overread_queue.ground import Ground
from overread_queue.models import Proposal, Row, Status, Ticket
from overread_queue.moves import Mover
from overread_queue.routing.workload import shut_pools
from overread_queue.states import EscalationState, RunState
from overread_queue.stopping.halting import check_not_halted, halt_on
from overread_queue.store.bell import Bell
from overread_queue.store.reserve import keep_away
from overread_queue.store.rows import EscalationRow
from overread_queue.transport import effects
from overread_queue.transport.effects import mine
from overread_queue.transport.holding import take
from overread_queue.transport.protocol import Backlog, Hold, Waiter


class Direct:
    """Submission, intake and every change of state are one commit."""

    def __init__(self, ground: Ground, agent: str) -> None:
        self._ground = ground
        self._agent = ground.roster().agent(agent).name
        self._actor = f"agent:{agent}"

    @property
    def trusted(self) -> Trusted:
        return self._ground

    @property
    def ledger(self) -> Path:
        return self._ground.places.ledger_of(self._agent)

    def close(self) -> None:
        self._ground.close()

    def recording(self, about: str | None = None) -> AbstractContextManager[None]:
        return self._ground.recording(self._actor, about=about)

    def check_going(self) -> None:
        with self._ground.store.read() as tx:
            check_not_halted(self._ground, tx, self._agent)

    def check_heard(self) -> None:
        """Whoever can read the database has heard everything."""

    # -- asking

    def propose(self, asked: Asked) -> Proposal:
        keep_away(self._ground.places.db)
        with self._write() as mover:
            there = circumstances(self._ground, mover.tx, self._agent)
            judged = judge_action(self._ground, there, self._agent, asked)
            id = record(mover.tx, judged, escalation=None, now=mover.now)
            mover.tx.events.add(proposed(judged, id, mover))
        return announced(judged, id)

    def submit(self, submission: Submission) -> Ticket:
        with self.recording():
            claim = claim_of(self._ground.desk_id, submission)
            check_vouched(self._ground, claim, submission.signature)
            with self._ground.store.read() as tx:
                check_not_halted(self._ground, tx, self._agent)
                earlier = known(tx, submission)
            if earlier is not None:
                return earlier
            keep_away(self._ground.places.db)
            prepared = prepare(self._ground, submission)
        with self._write(submission.predecessor) as mover:
            return effects.hand_in(self._ground, mover, prepared)

    def withdraw(self, found: EscalationRow, *, reason: str, signature: bytes | None) -> None:
        with self._write(found.id) as mover:
            claim = withdrawal_of(self._ground.desk_id, self._agent, found.key)
            check_vouched(self._ground, claim, signature)
            effects.take_back(mover, mine(mover.tx, self._agent, found.id), reason)

    # -- looking

    def dossier(self, id: str) -> Dossier:
        with self._ground.store.read() as tx:
            return dossier(self._ground, tx, mine(tx, self._agent, id))

    def status(self, id: str) -> Status:
        with self._ground.store.read() as tx:
            found = mine(tx, self._agent, id)
            run = tx.runs.get(found.agent, found.run)
            decision = tx.decisions.get(found.id, found.attempt)
            halted = halt_on(self._ground, tx, self._agent)
        if run is None:
            raise NotFound("run", found.run)
        return Status(
            id=found.id,
            state=found.state,
            run=run.id,
            run_state=run.state,
            tier=found.tier,
            pool=found.pool,
            deadline_at=found.deadline_at,
            verdict=decision.verdict if decision else None,
            halted=halted,
        )

    def escalations(self, state: EscalationState | None, *, most: int) -> tuple[Row, ...]:
        with self._ground.store.read() as tx:
            return tx.escalations.newest(state, most=most, agent=self._agent)

    def listen(self, id: str | None) -> AbstractContextManager[Waiter]:
        return Bell(self._ground.places.db, id or self._actor)

    # -- acting

    def take(self, found: EscalationRow, *, giving_up: bool) -> Hold:
        return take(self._ground, self._actor, found, giving_up=giving_up)

    def acknowledge(self, found: EscalationRow, *, finish: bool) -> None:
        with self._write(found.id) as mover:
            effects.acknowledge(mover, found, finish=finish)

    def finish(self, found: EscalationRow, target: RunState) -> None:
        with self._write(found.id) as mover:
            effects.finish_unpaused(mover, found, target)

    def outcome(self, id: str, *, ok: bool, detail: str) -> None:
        with self._write(id) as mover:
            found = mine(mover.tx, self._agent, id)
            effects.report(self._ground, mover, found, ok=ok, detail=detail)

    def undelivered(self, id: str, *, tries: int, trouble: str) -> None:
        with self._write(id) as mover:
            found = mine(mover.tx, self._agent, id)
            effects.note_undelivered(mover, found, tries=tries, trouble=trouble)

    # -- acting first

    def rollbacks(self) -> tuple[str, ...]:
        with self._ground.store.read() as tx:
            return tuple(row.id for row in tx.decisions.rollbacks(self._agent))

    def rolled_back(self, id: str, *, ok: bool, detail: str) -> None:
        with self._write(id) as mover:
            found = mine(mover.tx, self._agent, id)
            effects.report_rollback(self._ground, mover, found, ok=ok, detail=detail)

    def objections(self, *, since: int) -> tuple[Objection, ...]:
        with self._ground.store.read() as tx:
            return objections(tx, self._agent, since=since)

    # -- going easy

    def backlog(self) -> Backlog:
        policy, now = self._ground.policy(), self._ground.clock.now()
        with self._ground.store.read() as tx:
            return Backlog(
                asked_depths(tx),
                tx.desk.open_sessions(),
                shut_pools(self._ground, tx, policy.pools, now=now),
                halt_on(self._ground, tx, self._agent),
            )

    # -- inside

    @contextmanager
    def _write(self, about: str | None = None) -> Iterator[Mover]:
        with self._ground.write(self._actor, about=about) as tx:
            yield Mover(tx, self._actor, self._ground.clock.now())
