"""Bringing answers to the gates that wait for them: once each, whatever dies in between.

The record of a gate says how far its answer has come. A lease with a fencing token and a heartbeat
keeps a second worker away from the same run; an approval is carried under `resume`, so that the
agents' ledger and the run's own lease hold as they do for any agent.
"""

from __future__ import annotations

import math
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

from overread_queue.adapters.asking import ask_again, decided
from overread_queue.adapters.looking import Lookout
from overread_queue.adapters.retrying import milliseconds_after
from overread_queue.adapters.target import Answer, Target
from overread_queue.adapters.telling import Tell, Told
from overread_queue.agent import AgentQueue
from overread_queue.clock import Clock, SystemClock
from overread_queue.errors import (
    Expired,
    LeaseLost,
    MoveRefused,
    OverreadError,
    Replayed,
    Superseded,
)
from overread_queue.states import OPEN, EscalationState
from overread_queue.store.wakes import Wake, WakeBook

LEASE_SECONDS = 30.0
TELL_FROM = 4
"""Attempts after which the desk is told too, and again each time they have doubled."""
IDLE_SECONDS = 5.0
"""How long a worker sleeps at most: what rings may have died before it did."""


class NotYetThere(OverreadError):
    """The runtime has not come to its gate, or never will: a reviewer was faster than it."""

    def __init__(self, wake: Wake) -> None:
        super().__init__(
            f"{wake.runtime} does not wait for {wake.escalation} yet; this is tried again, and "
            "if it goes on, look whether its run still exists"
        )


class Worker:
    """Delivers everything of one agent that waits in one runtime. Any number may run at once."""

    def __init__(
        self,
        queue: AgentQueue,
        target: Target,
        *,
        clock: Clock | None = None,
        lease_seconds: float = LEASE_SECONDS,
        tell: Tell = lambda told: None,
    ) -> None:
        self._queue = queue
        self._target = target
        self._clock = clock or SystemClock()
        self._lease_ms = round(lease_seconds * 1000)
        self._tell = tell
        self._book = WakeBook(queue.wakes)
        self._lookout = Lookout(queue, target, clock=self._clock, tell=tell)
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def run(self, stop: threading.Event, *, idle_seconds: float = IDLE_SECONDS) -> None:
        """Deliver until `stop` is set; what is in hand then is finished first."""
        with self._queue.listen() as bell:
            while not stop.is_set():
                if self.step(stop) == 0:
                    bell.wait(min(idle_seconds, self._next_retry()))

    def step(self, stop: threading.Event | None = None) -> int:
        """One pass over everything that waits; the number of answers delivered."""
        self._lookout.look()
        done = 0
        for wake in self._due():
            if stop is not None and stop.is_set():
                break
            done += self._bring(wake)
        return done

    # -- inside

    def _due(self) -> list[Wake]:
        """The first of every batch that is answered whole."""
        if not self._book.path.exists():
            return []
        now = self._clock.now()
        with self._book.at() as wakes:
            waiting = wakes.open(self._target.runtime)
        unanswered = {one.escalation for one in waiting if not self._answered(one)}
        lacking = {one.batch_id for one in waiting if one.escalation in unanswered} - {None}
        due: dict[str, Wake] = {}
        for one in waiting:
            ready = one.escalation not in unanswered and one.batch_id not in lacking
            if ready and one.next_try_at <= now:
                due.setdefault(one.batch_id or one.escalation, one)
        return list(due.values())

    def _answered(self, wake: Wake) -> bool:
        with suppress(OverreadError):
            found = self._queue.status(wake.answered_by)
            signed = found.verdict is not None or found.state is EscalationState.SUPERSEDED
            return found.state not in OPEN and signed
        return True  # What is wrong with it shows, by name, when it is brought.

    def _next_retry(self) -> float:
        """Seconds until something that went wrong is worth another attempt."""
        if not self._book.path.exists():
            return math.inf
        now = self._clock.now()
        with self._book.at() as wakes:
            later = [one.next_try_at - now for one in wakes.open(self._target.runtime)]
        return min((one for one in later if one > 0), default=math.inf) / 1000

    def _bring(self, wake: Wake) -> int:
        now = self._clock.now()
        with self._book.at() as wakes:
            leased = wakes.lease(wake, self._owner, now=now, until=now + self._lease_ms)
            batch = wakes.batch(leased) if leased else []
        if leased is None:
            return 0
        try:
            with self._kept(leased):
                return self._deliver(leased, batch)
        except LeaseLost:
            return 0  # Somebody else has it by now, and this worker has written nothing since.
        except Exception as trouble:
            self._put_off(leased, trouble)
            return 0

    def _deliver(self, leased: Wake, batch: Sequence[Wake]) -> int:
        found = self._target.locate(leased)
        answers = self._answers(leased, batch, again=found == "waiting")
        if not answers:
            return 0
        if found == "waiting":
            with self._book.at() as wakes:
                wakes.seen(leased)
            self._carry(answers, lambda: self._target.resume(answers))
        elif leased.seen_pending:
            self._carry(answers, lambda: self._target.drive_on(leased))
        else:
            raise NotYetThere(leased)
        self._end(leased, [one.wake for one in answers])
        return len(answers)

    def _answers(self, leased: Wake, batch: Sequence[Wake], *, again: bool) -> tuple[Answer, ...]:
        """Empty where something has to be answered once more, or was replaced by the agent.

        Nobody is asked again for a runtime that cannot take the answer.
        """
        answers: list[Answer] = []
        for one in batch:
            try:
                answers.append(Answer(one, decided(self._queue, one.escalation)))
            except (Expired, Superseded) as late:
                if isinstance(late, Expired) and not again:
                    raise
                self._ask_again(leased, one)
                return ()
        return tuple(answers)

    def _ask_again(self, leased: Wake, late: Wake) -> None:
        now = self._clock.now()
        try:
            told = Told("asked", self._again(late), late.serial_key)
            with self._book.at() as wakes:
                wakes.later(leased, next_try_at=now, trouble="")
        except MoveRefused:
            told = Told("superseded", leased.escalation, leased.serial_key)
            with self._book.at() as wakes:
                wakes.end(leased, [leased], "superseded", now=now)
        self._tell(told)

    def _again(self, late: Wake) -> str:
        return ask_again(self._queue, runtime=late.runtime, gate=late.gate)

    def _carry(self, answers: Sequence[Answer], onward: Callable[[], None]) -> None:
        """Approvals under the lease of their runs; the others are closed once they are there."""
        with ExitStack() as stack:
            for one in answers:
                if one.decision.releases:
                    self._resumed(stack, one.wake.answered_by)
            onward()
        for one in answers:
            if not one.decision.releases:
                with suppress(MoveRefused):
                    self._queue.acknowledge(one.wake.answered_by)

    def _resumed(self, stack: ExitStack, escalation: str) -> None:
        with suppress(Replayed):  # Carried out before a crash; only our own record lags behind.
            stack.enter_context(self._queue.resume(escalation))

    def _end(self, leased: Wake, wakes: Sequence[Wake]) -> None:
        with self._book.at() as book:
            book.end(leased, wakes, "delivered", now=self._clock.now())
        for one in wakes:
            self._tell(Told("delivered", one.escalation, one.serial_key))

    def _put_off(self, leased: Wake, trouble: Exception) -> None:
        text = f"{type(trouble).__name__}: {trouble}"
        with suppress(LeaseLost), self._book.at() as wakes:
            at = self._clock.now() + milliseconds_after(leased.attempts)
            wakes.later(leased, next_try_at=at, trouble=text)
        self._tell(Told("troubled", leased.escalation, leased.serial_key, text))
        if leased.attempts >= TELL_FROM and leased.attempts.bit_count() == 1:
            with suppress(OverreadError):
                self._queue.undelivered(leased.answered_by, tries=leased.attempts, trouble=text)

    @contextmanager
    def _kept(self, leased: Wake) -> Iterator[None]:
        """Keep the lease alive while the agent works, however slowly."""
        left = threading.Event()
        beat = threading.Thread(target=self._beat, args=(leased, left), daemon=True)
        beat.start()
        try:
            yield
        finally:
            left.set()
            beat.join()

    def _beat(self, leased: Wake, left: threading.Event) -> None:
        while not left.wait(self._lease_ms / 3000):
            # A lost lease shows when the delivery is to be written down: that is fenced.
            with suppress(OverreadError), self._book.at() as wakes:
                wakes.extend(leased, until=self._clock.now() + self._lease_ms)
