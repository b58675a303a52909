"""What time does, done by whoever is alive on the desk's side. Doing it twice changes nothing.

Lapsed leases go back to the queue, breached deadlines take the policy's fallback, withdrawn
questions get their signed answer, and messages in the inbox become escalations or recorded
rejections.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from overread_briefs.decision import Verdict
from overread_queue.asking.intake import take_in
from overread_queue.auditing import draw_sample
from overread_queue.errors import StoreError
from overread_queue.ground import Ground
from overread_queue.health.following import follow
from overread_queue.health.outlook import look_ahead
from overread_queue.mailbox.collecting import collect
from overread_queue.moves import Mover
from overread_queue.one_by_one import ALTERED, one_by_one, refused
from overread_queue.policy.model import Fallback
from overread_queue.probing.answering import withdraw
from overread_queue.probing.folding import fold, tell_of_tests
from overread_queue.probing.injecting import inject, withdraw_tests
from overread_queue.probing.releasing import release_due
from overread_queue.release import Answer, Signer, sign, store, unpause
from overread_queue.routing.overflow import overflow
from overread_queue.searching.following import index_words
from overread_queue.states import EscalationKind, EscalationState, RunState
from overread_queue.store import Transaction
from overread_queue.store.reserve import lay_in
from overread_queue.store.rows import EscalationRow
from overread_queue.trust.keys import load_private, load_secret
from overread_queue.trust.people import AUDIT, DESK

E = EscalationState

MOST_COUNTED = 20_000
"""Events of a long chain that one sweep counts: deadlines come before figures."""


class Sweep:
    """The desk's own hands. Making it raises `NotAllowed` where the desk key is out of reach."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._signer = Signer(DESK, DESK, load_private(ground.places.key(DESK)), ground.desk_id)
        load_secret(ground.places.key(AUDIT))  # refused here, and not at the first draw

    def run(self) -> int:
        """Do everything that is due now; the number of things done, without those about blind
        tests: it would tell that what is new in the list is one.

        What cannot be done is recorded as a refusal, and stops nothing else.
        """
        ground = self._ground
        self._alone(lambda: withdraw_tests(ground))
        errands = (
            lambda: one_by_one(ground, _lapsed, Mover.lapse),
            lambda: one_by_one(ground, _overdue, self._breach),
            lambda: one_by_one(ground, _withdrawn, self._confirm_withdrawal),
            lambda: one_by_one(ground, _half_over, Mover.promote),
            lambda: overflow(ground),
            lambda: draw_sample(ground),
            lambda: collect(ground),
            lambda: take_in(ground),
        )
        done = sum(self._alone(errand) for errand in errands)
        for quiet in (inject, fold, tell_of_tests, release_due):
            self._alone(partial(quiet, ground))
        self._alone(lambda: follow(ground, most=MOST_COUNTED))
        self._alone(lambda: look_ahead(ground))
        self._alone(lambda: index_words(ground, most=MOST_COUNTED))
        self._alone(lambda: int(ground.checkpoint()))
        lay_in(ground.places.db)
        ground.tell()
        return done

    def _alone(self, errand: Callable[[], int]) -> int:
        """One errand that cannot be done keeps none of the others waiting; the store's errors do,
        because they would meet every one of them."""
        try:
            return errand()
        except StoreError:
            raise
        except ALTERED as refusal:
            with self._ground.store.write() as tx:
                refused(self._ground, Mover(tx, DESK, self._ground.clock.now()), refusal)
            return 0

    def _breach(self, mover: Mover, row: EscalationRow) -> bool:
        """False where it was closed with another question of its run, or waits for one."""
        if mover.tx.escalations.get(row.id) != row:
            return False
        if mover.tx.probes.is_live(row.id):
            withdraw(mover, row)
            return True
        if row.kind is not EscalationKind.APPROVAL:
            self._lapse_unconfirmed(mover, row)
            return True
        policy = self._ground.policy_of(row.policy_sha256)
        fallback = policy.fallback_after(row.action_type, row.pool, row.tier)
        if fallback.kind == "fail" and any(one.state is E.HELD for one in _beside(mover, row)):
            return False  # Somebody has just approved the other one; their undo window comes first.
        mover.note("breached", row, {"pool": row.pool, "fallback": fallback.kind})
        if fallback.pool is not None:
            self._move_on(mover, row, fallback.pool)
        else:
            self._time_out(mover, row, fallback)
        return True

    def _move_on(self, mover: Mover, row: EscalationRow, pool: str) -> None:
        mover.reroute(row, pool=pool, deadline_at=mover.now + row.sla_ms)
        run = mover.tx.runs.get(row.agent, row.run)
        if run and run.state is RunState.PAUSED_PENDING_HUMAN:
            mover.run(mover.run(run, RunState.TIMED_OUT), RunState.PAUSED_PENDING_HUMAN)

    def _lapse_unconfirmed(self, mover: Mover, row: EscalationRow) -> None:
        """Nobody confirmed what was done tentatively, so the agent takes it back; an audit ends."""
        mover.note("breached", row, {"pool": row.pool, "fallback": "lapse"})
        reason, close = SILENCE["lapsed"], E.TIMED_OUT
        self._answer(mover, row, "timed_out", "lapsed", close=close, reason=reason)

    def _time_out(self, mover: Mover, row: EscalationRow, fallback: Fallback) -> None:
        option = "safe-default" if fallback.kind == "safe_default" else "fail"
        self._answer(mover, row, "timed_out", option, close=E.TIMED_OUT, reason=SILENCE[option])
        if fallback.kind == "safe_default":
            unpause(mover, row, through_timeout=True)
            return
        for other in _beside(mover, row):
            reason = SILENCE["beside"]
            self._answer(mover, other, "timed_out", "fail", close=E.TIMED_OUT, reason=reason)
        _fail_run(mover, row)

    def _confirm_withdrawal(self, mover: Mover, row: EscalationRow) -> None:
        payload = mover.tx.payloads.get(row.id)
        reason = payload.reason if payload else ""
        self._answer(mover, row, "withdrawn", "withdrawn", close=None, reason=reason or "")
        unpause(mover, row)

    def _answer(
        self,
        mover: Mover,
        row: EscalationRow,
        verdict: Verdict,
        option: str,
        *,
        close: EscalationState | None,
        reason: str,
    ) -> None:
        """Sign with the desk key. The sentence says that nobody answered: silence is not a no."""
        policy = self._ground.policy_of(row.policy_sha256)
        answer = Answer(verdict, option, row.action_sha256, mover.now, reason=reason)
        statement = sign(mover, row, answer, self._signer, policy)
        if close is None:
            mover.note("answered", row, statement.detail())
        else:
            mover.close(verdict, row, close, statement.detail())
        store(mover, row, statement, answer)


SILENCE = {
    "lapsed": "Nobody confirmed it in time.",
    "fail": "Nobody answered in time; nothing was done.",
    "beside": "Another question of its run was not answered in time, so the run failed.",
    "safe-default": "Nobody answered in time; the policy's safe default applies.",
}


def _beside(mover: Mover, row: EscalationRow) -> list[EscalationRow]:
    """The other questions that keep its run paused."""
    ids = mover.tx.escalations.open_in_run(row.agent, row.run)
    found = (mover.tx.escalations.get(id) for id in ids if id != row.id)
    return [one for one in found if one is not None]


def _fail_run(mover: Mover, row: EscalationRow) -> None:
    run = mover.tx.runs.get(row.agent, row.run)
    if run is not None and run.state is RunState.PAUSED_PENDING_HUMAN:
        mover.run(mover.run(run, RunState.TIMED_OUT), RunState.FAILED)


def _lapsed(tx: Transaction, now: int, most: int) -> list[EscalationRow]:
    return tx.escalations.lapsed(now=now, most=most)


def _overdue(tx: Transaction, now: int, most: int) -> list[EscalationRow]:
    return tx.escalations.overdue(now=now, most=most)


def _half_over(tx: Transaction, now: int, most: int) -> list[EscalationRow]:
    return tx.escalations.to_promote(now=now, most=most)


def _withdrawn(tx: Transaction, now: int, most: int) -> list[EscalationRow]:
    return tx.escalations.withdrawn_unsigned(most=most)
