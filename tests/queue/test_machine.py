"""Agents and reviewers in any order, through doors of their own, against a model of a few lines."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.stateful import initialize as initially

from factories import NOON, House, brief, house
from journey import assert_chain_whole, escalation_moves, kinds, raw, row, run_moves
from overread_queue.clock import ManualClock
from overread_queue.errors import (
    Expired,
    LeaseHeld,
    LeaseLost,
    MoveRefused,
    NotApproved,
    Replayed,
    StillPending,
)
from overread_queue.places import Places
from overread_queue.states import EscalationState, RunState
from overread_queue.store.rows import EscalationRow
from queue_model import EDGES, LEAST, TENTATIVE, Held, Known, Look, take_the_rest

E, R = EscalationState, RunState
LEASE, UNDO, DAY = 300_000, 10_000, 86_400_000
PEOPLE = st.sampled_from(["ana", "ben"])
PROCESSES = st.integers(0, 1)
EVERY = ["stay", "undo", "die", "reject", "release", "withdraw"]
CHOICES = st.sampled_from(EVERY)

seen: Counter[str] = Counter()
"""Moves taken over all examples: a machine that never gets anywhere proves nothing."""


class Machine(RuleBasedStateMachine):
    """Two processes of one agent and two reviewers' consoles, each with its own connection."""

    template: Path

    tickets = Bundle("tickets")
    looks = Bundle("looks")
    held = Bundle("held")
    taken = Bundle("taken")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(self.template, self.folder, dirs_exist_ok=True)
        self.clock = ManualClock(NOON)
        self.here = House(Places.of(self.folder / "desk.db"), self.clock)
        self.agents = [self.here.agent(), self.here.agent()]
        self.desks = {name: self.here.desk(name) for name in ("ana", "ben")}
        self.known: dict[str, Known] = {}
        self.holds: dict[tuple[int, str], int] = {}
        self.ended: dict[str, EscalationRow] = {}
        self.beside = 0

    # -- agents

    @initially(target=tickets, choices=st.permutations(EVERY), who=PEOPLE)
    def opening(self, choices: list[str], who: str) -> object:
        """Every choice once, in any order, so that what follows starts from every state."""
        self.beside = take_the_rest(self.here, self.agents[0], self.desks[who])
        late, waiting, withdrawn = (self._submit(0, number) for number in (1, 2, 3))
        self._withdraw(withdrawn, 1)
        self.claim_too_late(late, who)
        assert self.known[waiting].state is E.TIMED_OUT
        for choice in choices:
            look = self._claim(self._submit(0, len(self.known) + 1), who)
            assert isinstance(look, Look)
            self._act(look, choice)
        self._carry_out(self._approved()[0])
        return multiple(*self.known)

    def _carry_out(self, id: str) -> None:
        self._resume(id, 0)
        self.wait(LEASE // 1000)
        self._resume(id, 1)
        self._complete((1, id))

    @precondition(lambda self: len(self.known) < 14)
    @rule(target=tickets, process=PROCESSES)
    def submit(self, process: int) -> str:
        return self._submit(process, len(self.known) + 1)

    def _submit(self, process: int, amount: int) -> str:
        asked = brief(action_type="mail.send", amount=amount)
        ticket = self.agents[process].submit(asked, key=f"key-{amount}")
        again = self.agents[1 - process].submit(asked, key=f"key-{amount}")
        assert (ticket.created, again.created, again.id) == (True, False, ticket.id)
        self.known[ticket.id] = Known(deadline=self.clock.now() + 3_600_000)
        return ticket.id

    @rule(id=tickets, process=PROCESSES)
    def withdraw(self, id: str, process: int) -> None:
        self._withdraw(id, process)

    def _withdraw(self, id: str, process: int) -> None:
        known = self.known[id]
        if known.state in (E.WAITING, E.CLAIMED):
            self.agents[process].withdraw(id)
            known.close(E.WITHDRAWN, None, self.clock.now())
            self._ended(id)
        else:
            with pytest.raises(MoveRefused):
                self.agents[process].withdraw(id)

    @rule(id=tickets, process=PROCESSES)
    def resume_whatever_it_is(self, id: str, process: int) -> None:
        self._resume(id, process)

    @precondition(lambda self: self._approved())
    @rule(target=taken, process=PROCESSES, crash=st.booleans())
    def resume_next(self, process: int, crash: bool) -> object:
        id = self._approved()[0]
        if crash:
            self._resume(id, process)
            self.wait(LEASE // 1000)
        return self._resume(id, 1 - process)

    def _approved(self) -> list[str]:
        return [id for id, one in self.known.items() if one.verdict == "approve" and not one.done]

    def _resume(self, id: str, process: int) -> object:
        known, now = self.known[id], self.clock.now()
        refusal = self._refusal(known, now)
        if refusal is not None:
            with pytest.raises(refusal):
                self.agents[process].resume(id)
            return multiple()
        go = self.agents[process].resume(id)
        assert go.decision.id == f"{id}/1"
        known.run_fence += 1
        known.run_lease = now + LEASE
        self.holds[process, id] = known.run_fence
        return (process, id)

    def _refusal(self, known: Known, now: int) -> type[Exception] | None:
        if known.verdict is None:
            return StillPending
        if known.verdict != "approve":
            return NotApproved
        if now > known.released + DAY:
            return Expired
        if known.done:
            return Replayed
        return LeaseHeld if now < known.run_lease else None

    @rule(one=taken)
    def complete(self, one: tuple[int, str]) -> None:
        self._complete(one)

    def _complete(self, one: tuple[int, str]) -> None:
        process, id = one
        known = self.known[id]
        if not known.done and self.holds.get(one) == known.run_fence:
            self.agents[process].complete(id)
            known.done = True
            del self.holds[one]
        else:
            with pytest.raises(LeaseLost):
                self.agents[process].complete(id)

    # -- reviewers

    def claim_too_late(self, id: str, who: str) -> None:
        """The deadline passes while it is on the screen."""
        self.wait(3600)
        self._claim(id, who)
        self.sweep(who)

    @rule(target=looks, id=tickets, who=PEOPLE)
    def claim(self, id: str, who: str) -> object:
        return self._claim(id, who)

    @precondition(lambda self: any(one.state is E.WAITING for one in self.known.values()))
    @rule(target=looks, who=PEOPLE)
    def claim_next(self, who: str) -> object:
        return self._claim_next(who)

    def _claim_next(self, who: str) -> object:
        return self._claim(
            next(id for id, one in self.known.items() if one.state is E.WAITING), who
        )

    def _claim(self, id: str, who: str) -> object:
        known, desk = self.known[id], self.desks[who]
        if known.state is not E.WAITING:
            with pytest.raises((LeaseLost, MoveRefused)):
                desk.claim(id)
            return multiple()
        item = desk.claim(id)
        known.state, known.who, known.lease = E.CLAIMED, who, self.clock.now() + LEASE
        known.fence += 1
        assert item.fence == known.fence
        return Look(who, id, desk.open(item))

    @precondition(lambda self: any(one.state is E.WAITING for one in self.known.values()))
    @rule(who=PEOPLE, choice=CHOICES)
    def review_next(self, who: str, choice: str) -> None:
        look = self._claim_next(who)
        assert isinstance(look, Look)
        self._act(look, choice)

    @rule(look=consumes(looks), choice=CHOICES)
    def act(self, look: Look, choice: str) -> None:
        self._act(look, choice)

    def _act(self, look: Look, choice: str) -> None:
        if choice == "reject":
            self._reject(look)
        elif choice == "release":
            self._give_back(look)
        elif choice == "withdraw":
            self._withdraw(look.id, 0)
        else:
            self._approve_and(look, choice)

    def _approve_and(self, look: Look, choice: str) -> None:
        held = self._approve(look)
        if choice == "stay":
            self._release_due(look.who, UNDO)
        elif choice == "die":
            self.wait((UNDO + LEASE) // 1000)
            self.sweep(look.who)
        elif isinstance(held, Held):
            self._undo(held)

    @rule(target=held, look=looks)
    def approve(self, look: Look) -> object:
        return self._approve(look)

    def _approve(self, look: Look) -> object:
        known, now = self.known[look.id], self.clock.now()
        if not self._in_hand(look):
            with pytest.raises((LeaseLost, MoveRefused)):
                self.desks[look.who].decide(look.review, option="approve")
            return multiple()
        receipt = self.desks[look.who].decide(look.review, option="approve")
        known.state, known.held_until = E.HELD, now + UNDO
        known.lease = known.held_until + LEASE
        return Held(look.who, receipt)

    def _reject(self, look: Look) -> None:
        if self._in_hand(look):
            self.desks[look.who].decide(look.review, option="reject", reason="no")
            self.known[look.id].close(E.DECIDED, "reject", self.clock.now())
            self._ended(look.id)
        else:
            with pytest.raises((LeaseLost, MoveRefused)):
                self.desks[look.who].decide(look.review, option="reject", reason="no")

    def _in_hand(self, look: Look) -> bool:
        known = self.known[look.id]
        mine = (known.state, known.who, known.fence) == (
            E.CLAIMED,
            look.who,
            look.review.item.fence,
        )
        return mine and self.clock.now() < known.lease

    def _give_back(self, look: Look) -> None:
        known, item = self.known[look.id], look.review.item
        if (known.state, known.who, known.fence) == (E.CLAIMED, look.who, item.fence):
            self.desks[look.who].release(item)
            known.free()
        else:
            with pytest.raises((LeaseLost, MoveRefused)):
                self.desks[look.who].release(item)

    @rule(one=consumes(held))
    def undo(self, one: Held) -> None:
        self._undo(one)

    def _undo(self, one: Held) -> None:
        known, now = self.known[one.receipt.escalation], self.clock.now()
        if (known.state, known.who) == (E.HELD, one.who) and now < known.held_until:
            self.desks[one.who].undo(one.receipt)
            known.state, known.lease = E.CLAIMED, now + LEASE
        else:
            with pytest.raises((LeaseLost, MoveRefused)):
                self.desks[one.who].undo(one.receipt)

    @rule(who=PEOPLE, pause=st.sampled_from([0, UNDO]))
    def release_due(self, who: str, pause: int) -> None:
        self._release_due(who, pause)

    def _release_due(self, who: str, pause: int) -> None:
        self.clock.advance(seconds=pause / 1000)
        now = self.clock.now()
        due = {
            id
            for id, known in self.known.items()
            if (known.state, known.who) == (E.HELD, who) and known.held_until <= now < known.lease
        }
        assert {receipt.escalation for receipt in self.desks[who].release_due()} == due
        for id in due:
            self.known[id].close(E.DECIDED, "approve", now)
            self._ended(id)

    # -- time

    @rule(seconds=st.sampled_from([1, 60, 295, 301, 3600]))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    @rule(who=PEOPLE)
    def sweep(self, who: str) -> None:
        due = self._lapse() + self._time_out() + self._confirm()
        assert self.desks[who].sweep() == due
        assert self.desks["ana" if who == "ben" else "ben"].sweep() == 0

    def _lapse(self) -> int:
        leased = [one for one in self.known.values() if one.state in (E.CLAIMED, E.HELD)]
        lapsed = [one for one in leased if one.lease <= self.clock.now()]
        for one in lapsed:
            one.free()
        return len(lapsed)

    def _time_out(self) -> int:
        now = self.clock.now()
        waiting = [one for one in self.known.values() if one.state in (E.WAITING, E.CLAIMED)]
        late = [one for one in waiting if one.deadline <= now]
        for one in late:
            one.close(E.TIMED_OUT, "timed_out", now)
        return len(late)

    def _confirm(self) -> int:
        unsigned = [
            one for one in self.known.values() if (one.state, one.verdict) == (E.WITHDRAWN, None)
        ]
        for one in unsigned:
            one.verdict = "withdrawn"
        return len(unsigned)

    # -- what must be true

    def _ended(self, id: str) -> None:
        self.ended[id] = row(self.here.path, id)

    def teardown(self) -> None:
        try:
            self._check()
        finally:
            for door in (*self.agents, *self.desks.values()):
                door.close()
            shutil.rmtree(self.folder)

    def _check(self) -> None:
        for id, known in self.known.items():
            assert row(self.here.path, id).state is known.state
            events = Counter(kinds(self.here.path, id))
            assert events["decided"] + events["timed_out"] + events["answered"] <= 1
            assert events["done"] == known.done
        for id, before in self.ended.items():
            assert row(self.here.path, id) == before
        with raw(self.here.path) as db:
            nonces = db.execute("SELECT count(DISTINCT nonce), count(*) FROM decision").fetchone()
        decided = sum(one.verdict is not None for one in self.known.values())
        assert nonces[0] == nonces[1] == decided + self.beside
        assert_chain_whole(self.here.path)
        seen.update(f"{a}>{b}" for a, b in escalation_moves(self.here.path))
        seen.update(f"run {a}>{b}" for a, b in run_moves(self.here.path))


def test_in_any_order_nothing_is_decided_or_resumed_twice(tmp_path: Path) -> None:
    Machine.template = house(tmp_path / "template", policy=TENTATIVE).path.parent
    seen.clear()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    rare = {edge: seen[edge] for edge in EDGES if seen[edge] < LEAST}
    assert not rare, f"taken too rarely: {rare}"
