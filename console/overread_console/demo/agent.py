"""A simulated agent: a process of its own that asks, waits, resumes and acts once.

    python -m overread_console.demo.agent --db demo-desk/desk.db --agent refund-agent

Kill it at any moment and start it again: the keys lead it back to its own escalations, the desk
leads it back to its decisions, and the decision's id keeps it from acting twice.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from overread_briefs.brief import Brief, Evidence, Step
from overread_briefs.decision import Decision
from overread_console.cli.talk import tell_defects
from overread_console.demo import work
from overread_console.demo.acts import Act, Acts
from overread_console.demo.work import Errand
from overread_console.guard import guarded
from overread_queue.agent import AgentQueue
from overread_queue.clock import SystemClock
from overread_queue.errors import (
    Halted,
    IntegrityError,
    LeaseHeld,
    LeaseLost,
    MoveRefused,
    StoreBusy,
)
from overread_queue.states import FINISHED

GLANCE_SECONDS = 0.5


class Earlier:
    """The machine's clock, set back: what was asked before the demo opened."""

    def __init__(self, minutes: int) -> None:
        self._minutes = minutes

    def now(self) -> int:
        return SystemClock().now() - self._minutes * 60_000


@dataclass(frozen=True, slots=True)
class Case:
    """A brief that waits for a person, and the key it went in under."""

    key: str
    brief: Brief


class Agent:
    """One agent's day."""

    def __init__(self, desk: Path, name: str) -> None:
        self._desk = desk
        self._name = name
        self._acts = Acts(desk.parent / "acts.jsonl")
        self._errands = sorted(work.load(desk, name), key=lambda errand: errand.delay)
        self._open: dict[str, Case] = {}
        self._queue = AgentQueue.open(desk, agent=name)
        self._started = time.monotonic()

    def live(self) -> None:
        """Ask what is due, look for answers, until whoever started this process is gone."""
        parent = os.getppid()
        while os.getppid() == parent:
            if self._queue.pressure().halted is None:
                self._go_on()
            time.sleep(GLANCE_SECONDS)

    def _go_on(self) -> None:
        """One round; what somebody stops in the middle of it is done after the lifting."""
        with suppress(Halted):
            while self._errands and time.monotonic() - self._started >= self._errands[0].delay:
                self._ask(self._errands[0])
                del self._errands[0]
            for waiting in tuple(self._open):
                self._look(waiting)

    def _ask(self, errand: Errand) -> None:
        """Submit a brief. The key makes this safe to repeat after a crash."""
        with AgentQueue.open(
            self._desk, agent=self._name, clock=Earlier(errand.minutes_ago)
        ) as queue:
            ticket = queue.submit(errand.brief, key=errand.key, checkpoint={"errand": errand.key})
        self._say(f"{ticket.key}: {ticket.state}")
        if self._queue.status(ticket.id).run_state not in FINISHED:
            self._open[ticket.id] = Case(errand.key, Brief.model_validate_json(errand.brief))

    def _look(self, id: str) -> None:
        """Take a decision that has come in; one that is still another process's is left alone."""
        try:
            decision = self._queue.poll(id)
            if decision is not None:
                self._follow(id, decision)
        except (LeaseHeld, LeaseLost, MoveRefused, StoreBusy) as error:
            self._say(f"{id}: later ({error})")
        except IntegrityError as error:
            self._say(f"{id}: not believed, so nothing is done ({error})")
            del self._open[id]

    def _follow(self, id: str, decision: Decision) -> None:
        if decision.releases:
            with self._queue.resume(id) as go:
                self._act(go.decision, did=go.action.type)
        elif decision.verdict == "need_info":
            self._answer(id, decision)
        else:
            self._act(self._queue.acknowledge(id), did="")
        del self._open[id]

    def _answer(self, id: str, decision: Decision) -> None:
        """Come back with a revised brief. Same decision, same brief: a crash asks only once."""
        case = self._open[id]
        found = Case(f"{case.key}-answered", answered(case.brief, decision))
        ticket = self._queue.revise(id, found.brief, key=found.key)
        self._open[ticket.id] = found
        self._say(f"{found.key}: {ticket.state}")

    def _act(self, decision: Decision, *, did: str) -> None:
        act = Act(
            decision=decision.id,
            agent=self._name,
            verdict=decision.verdict,
            did=did,
            parameters=decision.action.parameters if did else {},
            reason=decision.reason,
        )
        self._say(f"{act.decision}: {act.verdict}, {'done' if self._acts.once(act) else 'again'}")

    def _say(self, text: str) -> None:
        sys.stdout.write(guarded(f"{self._name} {text}") + "\n")
        sys.stdout.flush()


def answered(brief: Brief, decision: Decision) -> Brief:
    """The brief again, with what the agent found when a reviewer asked."""
    found = Evidence(
        id=f"answer-{len(brief.evidence) + 1}",
        title="Answer to your question",
        content=f"You asked: {decision.reason}\n\nThe records hold nothing further.",
        source="agent",
        as_of=decision.envelope.decided_at,
    )
    looked = Step(text="Looked again after the reviewer's question")
    return brief.model_copy(
        update={
            "evidence": (*brief.evidence, found),
            "accomplished": (*brief.accomplished, looked),
        }
    )


def main() -> None:
    """Run one agent until its parent ends it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--db", type=Path, required=True)
    arguments.add_argument("--agent", required=True)
    chosen = arguments.parse_args()
    tell_defects()
    Agent(chosen.db, chosen.agent).live()


if __name__ == "__main__":
    main()
