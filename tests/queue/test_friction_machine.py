"""No order of calls reaches an approval that is not earned, and none that is earned is refused."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from hypothesis.stateful import initialize as initially

from factories import NOON, POLICY, House, brief, house
from frictionless import with_friction
from journey import pass_time, pick_up, row
from overread_queue.clock import ManualClock
from overread_queue.errors import InvalidRequest, JudgementFirst, NotYet
from overread_queue.places import Places
from overread_queue.states import EscalationState

EVERYTHING = with_friction(
    POLICY.replace('lease = "5m"', 'lease = "9d"'),
    floor_irreversible="45s",
    read_contradictions=True,
    withhold_from="high",
    challenge_from="high",
)
FLOOR_MS, IDLE_MS, ABSENT_MS = 45_000, 60_000, 600_000
WRONG_IF = "the carrier withdraws its scan, as it did for the order before"
PAYING = {"approve": None, "change": {"amount": 5}}

met: Counter[str] = Counter()
"""What was reached over all examples: a machine that never approves proves nothing."""


class Machine(RuleBasedStateMachine):
    """One reviewer and one refund, with a model that keeps the rules in its own way."""

    template: Path
    id: str

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(self.template, self.folder, dirs_exist_ok=True)
        self.here = House(Places.of(self.folder / "desk.db"), ManualClock(NOON + 3_600_000))
        self.ana = self.here.desk()
        self.judged: str | None = None
        self.revealed = self.challenged = self.changed = False
        self._look()

    def _look(self) -> None:
        self.review = pick_up(self.ana, self.id)
        self.active = 0
        self.last = self.latest = self.here.clock.now()
        self.away = self.read = False

    def _sign(self) -> None:
        """Something the reviewer did, which counts the time since the sign before."""
        now = self.here.clock.now()
        if not self.away and 0 < now - self.last < ABSENT_MS:
            self.active += min(now - self.last, IDLE_MS)
        self.last, self.latest, self.away = now, max(self.latest, now), False

    @initially(
        judged=st.sampled_from(["", "approve", "reject"]),
        challenged=st.booleans(),
        read=st.booleans(),
        seconds=st.sampled_from([0, 45, 60]),
    )
    def begin(self, judged: str, challenged: bool, read: bool, seconds: int) -> None:
        """From every stage, so that what follows does not have to find the way there by luck."""
        if judged:
            self.judge(judged)
        if challenged:
            self.challenge("")
        if read:
            self.open_evidence("carrier-scan")
        self.wait(seconds)
        self.approve("approve")

    @rule(seconds=st.sampled_from([1, 15, 30, 45, 61]))
    def wait(self, seconds: int) -> None:
        pass_time(self.here, seconds)

    @rule()
    def clock_jumps_back(self) -> None:
        pass_time(self.here, -20)

    @rule()
    def do_something(self) -> None:
        self._sign()
        self.ana.active(self.review)

    @rule()
    def look_away(self) -> None:
        self._sign()
        self.away = True
        self.ana.focus(self.review, lost=True)

    @rule(evidence=st.sampled_from(["carrier-scan", "customer-mail"]))
    def open_evidence(self, evidence: str) -> None:
        self._sign()
        self.read |= evidence == "carrier-scan"
        self.ana.evidence_opened(self.review, evidence)

    @rule(option=st.sampled_from(["approve", "reject"]))
    def judge(self, option: str) -> None:
        self._sign()
        if self.judged:
            with pytest.raises(InvalidRequest):
                self.ana.judge(self.review, option=option, confidence="low")
            return
        self.review = self.ana.judge(self.review, option=option, confidence="low")
        self.judged = option

    @rule()
    def reveal(self) -> None:
        self._sign()
        if self.judged is None:
            with pytest.raises(JudgementFirst):
                self.ana.reveal(self.review)
            return
        self.review = self.ana.reveal(self.review)
        self.revealed = True

    @rule(changed=st.sampled_from(["", "the customer has called"]))
    def challenge(self, changed: str) -> None:
        self._sign()
        self.review = self.ana.challenge(
            self.review, weakest="carrier-scan", wrong_if=WRONG_IF, changed=changed
        )
        self.challenged, self.changed = True, bool(changed)

    @rule(again=st.booleans())
    def look_afresh(self, again: bool) -> None:
        """Open it again, or give it back and take it again."""
        if again:
            self.review = self.ana.open(self.id)
            self.last, self.away = self.here.clock.now(), False
            self.latest = max(self.latest, self.last)
            return
        self.ana.release(self.review.item)
        self._look()

    @rule(option=st.sampled_from(sorted(PAYING)))
    def approve(self, option: str) -> None:
        self._sign()
        earned = (
            self.here.clock.now() >= self.latest
            and self.active >= FLOOR_MS
            and self.read
            and self.judged is not None
            and self.challenged
            and (self.changed or self.judged == option)
        )
        met["earned" if earned else "refused"] += 1
        if not earned:
            with pytest.raises(NotYet):
                self.ana.decide(self.review, option=option, parameters=PAYING[option])
            assert row(self.here.path, self.id).state is EscalationState.CLAIMED
            return
        receipt = self.ana.decide(self.review, option=option, parameters=PAYING[option])
        assert receipt.state == "held"
        self.ana.undo(receipt)

    @invariant()
    def nothing_is_told_before_it_may_be(self) -> None:
        assert (self.review.recommendation is not None) == self.revealed

    def teardown(self) -> None:
        self.ana.close()
        shutil.rmtree(self.folder)


def test_an_approval_is_reached_by_earning_it_and_by_nothing_else(tmp_path: Path) -> None:
    here = house(tmp_path, policy=EVERYTHING)
    with here.agent() as queue:
        Machine.id = queue.submit(brief()).id
    Machine.template = tmp_path
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert met["earned"] > 0
    assert met["refused"] > 0
