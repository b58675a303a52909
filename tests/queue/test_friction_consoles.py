"""No sequence of calls reaches an approval that breaks a rule, from any of three consoles."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from factories import NOON, House, house
from friction_cases import (
    CASES,
    CONSOLES,
    MULTIPLIERS,
    PATIENT,
    PAUSES,
    REASON,
    RULES,
    SHORTCUTS,
    WORDS,
    Console,
    asked_in,
    something_new,
)
from friction_trace import Step, What, check_approval, check_release
from journey import assert_chain_whole, raw
from overread_queue.clock import ManualClock
from overread_queue.errors import OverreadError
from overread_queue.models import Review
from overread_queue.office import LeadOffice
from overread_queue.places import Places
from overread_queue.setup import add_reviewer
from overread_queue.states import EscalationState
from overread_queue.trust.people import Reviewer

seen: Counter[str] = Counter()
"""Refusals met and approvals signed: a machine that is never refused, or always, proves nothing."""

T = TypeVar("T")
consoles = st.sampled_from([*CONSOLES])
cases = st.sampled_from([*CASES])
choices = st.sampled_from(["approve", "change", "reject"])
options = st.sampled_from(["approve", "change"])


class Machine(RuleBasedStateMachine):
    """Ana at two consoles, and kim, who reads slowly, at one: everything, in any order."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(self.template, self.folder, dirs_exist_ok=True)
        self.clock = ManualClock(NOON)
        self.here = House(Places.of(self.folder / "desk.db"), self.clock)
        self.agent = self.here.agent()
        self.names: dict[str, str] = {}
        """What kind of case an escalation is."""
        self.ids = {case: self._ask(case) for case in CASES}
        """The latest escalation of each kind."""
        self.consoles = {
            name: Console(name, who, self.here.desk(who), {}, {}) for name, who in CONSOLES.items()
        }
        self.trace: list[Step] = []

    # -- what people do

    @initialize(skips=st.permutations([None, *SHORTCUTS]), pauses=st.permutations(PAUSES))
    def begin(self, skips: list[str | None], pauses: list[tuple[int, ...]]) -> None:
        """Every shortcut once, where everything is asked for, and some paces."""
        turns = [*CONSOLES] * 9
        for skip in skips:
            self.review(turns.pop(), "refund", "approve", "reject", PATIENT, skip, True)
        for pace in pauses[:2]:
            self.review(turns.pop(), "long-mail", "change", "change", pace, None, True)

    def _ask(self, case: str) -> str:
        key = f"{case}-{len(self.names)}"
        id = self.agent.submit(asked_in(case), key=key).id
        self.names[id] = case
        return id

    @rule(console=consoles, case=cases)
    def claim(self, console: str, case: str) -> None:
        at = self.consoles[console]
        if item := self._try(lambda: at.desk.claim(self.ids[case])):
            at.items[case] = item

    @rule(console=consoles, case=cases)
    def open(self, console: str, case: str) -> None:
        at = self.consoles[console]
        if review := self._try(lambda: at.desk.open(self.ids[case])):
            at.screen = review.id
            self._note(at, "open", review)
            self._shown(at, case, review)

    @rule(console=consoles, case=cases, seconds=st.sampled_from([1, 20, 59, 61]))
    def look(self, console: str, case: str, seconds: int) -> None:
        at = self.consoles[console]
        self.clock.advance(seconds=seconds)
        if review := at.looks.get(case):
            at.desk.active(review)
            self._sign(at, review)

    @rule(console=consoles, case=cases, evidence=st.sampled_from(["carrier-scan", "customer-mail"]))
    def read(self, console: str, case: str, evidence: str) -> None:
        at = self.consoles[console]
        if review := at.looks.get(case):
            at.desk.evidence_opened(review, evidence)
            self._sign(at, review)
            if at.screen == review.id:
                self._note(at, "read", review, evidence)

    @rule(console=consoles, case=cases, option=choices)
    def judge(self, console: str, case: str, option: str) -> None:
        at = self.consoles[console]
        if review := at.looks.get(case):
            self._sign(at, review)
            judge = at.desk.judge
            if told := self._try(lambda: judge(review, option=option, confidence="low")):
                self._note(at, "judge", review, option)
                self._shown(at, case, told)

    @rule(console=consoles, case=cases)
    def reveal(self, console: str, case: str) -> None:
        at = self.consoles[console]
        if review := at.looks.get(case):
            self._sign(at, review)
            if told := self._try(lambda: at.desk.reveal(review)):
                self._note(at, "reveal", review)
                self._shown(at, case, told)

    @rule(
        console=consoles,
        case=cases,
        weakest=st.sampled_from(["customer-mail", "missing: a photo", "no-such-evidence"]),
        words=st.sampled_from(WORDS),
        changed=st.sampled_from(["", " ", "the account is theirs"]),
        keep=st.booleans(),
    )
    def challenge(
        self, console: str, case: str, weakest: str, words: str, changed: str, keep: bool
    ) -> None:
        at = self.consoles[console]
        if review := at.looks.get(case):
            self._sign(at, review)
            said = {"weakest": weakest, "wrong_if": words, "changed": changed}
            if told := self._try(lambda: at.desk.challenge(review, **said, keep=keep)):
                self._note(at, "challenge", review, words, changed)
                self._shown(at, case, told)

    @rule(console=consoles, case=cases, option=options)
    def approve(self, console: str, case: str, option: str) -> None:
        at = self.consoles[console]
        if review := at.looks.get(case):
            self._sign(at, review)
            change = {"amount": 50.0} if option == "change" else None
            decide = at.desk.decide
            if held := self._try(lambda: decide(review, option=option, parameters=change)):
                at.receipt = held
                self._note(at, "approve", review, option)

    @rule(
        console=consoles,
        case=cases,
        option=options,
        first=choices,
        pauses=st.sampled_from(PAUSES),
        skip=st.sampled_from([None, None, *SHORTCUTS]),
        done=st.booleans(),
    )
    def review(
        self,
        console: str,
        case: str,
        option: str,
        first: str,
        pauses: tuple[int, ...],
        skip: str | None,
        done: bool,
    ) -> None:
        """A whole review as it should be, or with one thing left out."""
        self._make_claimable(case)
        self._review(console, case, option, first, pauses, skip)
        if done:
            self.wait(10)
            self.release_due(console)

    def _make_claimable(self, case: str) -> None:
        for other in CONSOLES:
            self.release(other, case)
        if self.agent.status(self.ids[case]).state is not EscalationState.WAITING:
            self.ids[case] = self._ask(case)

    def _review(
        self,
        console: str,
        case: str,
        option: str,
        first: str,
        pauses: tuple[int, ...],
        skip: str | None = None,
    ) -> None:
        self.claim(console, case)
        self.open(console, case)
        if skip != "judge" and CASES[case].judged:
            self.judge(console, case, first)
            self.reveal(console, case)
        if skip != "read":
            self.read(console, case, "carrier-scan")
        for seconds in pauses:
            self.look(console, case, seconds)
        if skip != "challenge" and CASES[case].challenged:
            words = "not sure" if skip == "nonsense" else something_new(len(self.trace))
            changed = "" if skip == "changed" else "the account is theirs"
            self.challenge(console, case, "customer-mail", words, changed, False)
        if skip == "clock":
            self.wait(-5)
        self.approve(console, case, option)

    @rule(console=consoles, case=cases, option=options, first=choices)
    def review_well(self, console: str, case: str, option: str, first: str) -> None:
        self.review(console, case, option, first, (59, 59, 59), None, True)

    @rule(console=consoles, case=cases)
    def reject(self, console: str, case: str) -> None:
        """A no is never asked for anything, except that the item is still in hand."""
        at = self.consoles[console]
        if review := at.looks.get(case):
            self._sign(at, review)
            self._try(lambda: at.desk.decide(review, option="reject", reason="no"))

    @rule(console=consoles)
    def undo(self, console: str) -> None:
        at = self.consoles[console]
        receipt = at.receipt
        if receipt and self._try(lambda: at.desk.undo(receipt)):
            self._add(at, "undo", receipt.escalation)

    @rule(console=consoles, case=cases)
    def release(self, console: str, case: str) -> None:
        at = self.consoles[console]
        if item := at.items.get(case):
            self._try(lambda: at.desk.release(item))

    # -- what goes on beside them

    @rule(console=consoles, case=cases, option=options)
    def stop_for_a_while(self, console: str, case: str, option: str) -> None:
        """Nothing gets through, neither what was held nor what is chosen now."""
        at = self.consoles[console]
        self._make_claimable(case)
        at.desk.stop("refund-agent")
        self._add(at, "stop", "")
        self._review(console, case, option, option, PATIENT)
        self.wait(10)
        self.release_due(console)
        with LeadOffice.open(self.here.path, reviewer="lea", clock=self.clock) as lea:
            lea.lift("refund-agent")
        self._add(at, "lift", "")

    @rule(console=consoles)
    def release_due(self, console: str) -> None:
        self._try(self.consoles[console].desk.release_due)

    @rule(console=consoles)
    def sweep(self, console: str) -> None:
        self._try(self.consoles[console].desk.sweep)

    @rule(console=consoles)
    def start_again(self, console: str) -> None:
        """The window is closed and a new one opened; what was on the screen is known still."""
        at = self.consoles[console]
        at.desk.close()
        at.desk, at.screen, at.receipt = self.here.desk(at.who), "", None

    @rule(seconds=st.sampled_from([10, 10, 60, 301, -5, -90, 86_400]))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    # -- inside

    def _try(self, call: Callable[[], T]) -> T | None:
        try:
            return call()
        except OverreadError as refusal:
            seen[type(refusal).__name__] += 1
            return None

    def _sign(self, at: Console, review: Review) -> None:
        """Something was done at a look; it counts only while that is on the screen."""
        if at.screen == review.id:
            self._note(at, "sign", review)

    def _note(
        self, at: Console, what: What, review: Review, value: str = "", changed: str = ""
    ) -> None:
        self._add(at, what, review.item.id, review.id, value, changed)

    def _add(self, at: Console, what: What, id: str, *more: str) -> None:
        self.trace.append(Step(self.clock.now(), at.name, at.who, what, id, *more))

    def _shown(self, at: Console, case: str, review: Review) -> None:
        """No advice before it was asked for, which takes a judgement; one's own stays as it was."""
        at.looks[case] = review
        id = review.item.id
        mine = [one for one in self.trace if (one.case, one.who) == (id, at.who)]
        judged = [one.value for one in mine if one.what == "judge"]
        assert ([review.judgement.option] if review.judgement else []) == judged
        if CASES[case].judged:
            asked = any(one.what == "reveal" for one in mine)
            assert not asked or judged, "advice before a judgement"
            assert (REASON in repr(review)) == (review.recommendation is not None) == asked

    def teardown(self) -> None:
        try:
            self._check()
        finally:
            self.agent.close()
            for console in self.consoles.values():
                console.desk.close()
            shutil.rmtree(self.folder)

    def _check(self) -> None:
        """Each signed approval is behind one that earned itself; those not signed yet too."""
        with raw(self.here.path) as db:
            signed = db.execute(
                "SELECT * FROM decision WHERE verdict IN ('approve', 'modify')"
            ).fetchall()
        for decision in signed:
            id = decision["escalation"]
            found = check_release(self.trace, id, decision["released_at"])
            assert (decision["option"], decision["signer"]) == (found.value, found.who)
            seen.update([self.names[id], decision["verdict"]])
        for at, step in enumerate(self.trace):
            if step.what == "approve":
                asked, multiplier = CASES[self.names[step.case]], MULTIPLIERS[step.who]
                check_approval(asked, self.trace[:at], step, multiplier=multiplier)
        assert_chain_whole(self.here.path)


def test_no_sequence_of_calls_reaches_an_approval_that_breaks_a_rule(tmp_path: Path) -> None:
    here = house(tmp_path / "template", policy=RULES)
    slow = Reviewer(name="kim", label="Kim", roles=("refunds",), time_multiplier=2)
    add_reviewer(here.places, slow)
    add_reviewer(here.places, Reviewer(name="lea", label="Lea", roles=("lead",)))
    Machine.template = here.path.parent
    seen.clear()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            phases=[Phase.generate],
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    refusals = {"TooSoon", "EvidenceUnread", "JudgementFirst", "ChallengeMissing", "Boilerplate"}
    refusals |= {"ClockWentBack", "LeaseLost", "MoveRefused", "InvalidRequest", "Halted"}
    approvals = {*CASES, "approve", "modify"}
    never = {one for one in refusals | approvals if not seen[one]}
    assert not never, f"never seen: {never}; seen: {dict(seen)}"
