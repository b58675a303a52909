"""From a reviewer's choice to a signed decision: held, undone, released, or handed on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from overread_briefs import Action, Option, action_sha256
from overread_briefs.decision import BREAK_GLASS, Verdict
from overread_briefs.fields import Parameters
from overread_queue.clock import new_id
from overread_queue.errors import InvalidRequest, LeaseLost, MoveRefused, NotAllowed, Tampered
from overread_queue.friction.standing import refuse
from overread_queue.ground import Ground
from overread_queue.models import Comment, Draft, Receipt, ReceiptState, Review
from overread_queue.moves import Mover
from overread_queue.probing.answering import HANDED_ON, answer_test
from overread_queue.release import Answer, Signer, sign, store, unpause
from overread_queue.reviewing.capacity import broken_by, capacity, roles_in
from overread_queue.reviewing.dual import Joint, Next
from overread_queue.reviewing.masking import check_unmasked
from overread_queue.reviewing.options import (
    PAYING,
    changes,
    check_reason,
    chosen,
    edited,
    verdict_of,
)
from overread_queue.reviewing.readiness import facts_of
from overread_queue.reviewing.snapshot import (
    Case,
    case_of,
    hidden_in,
    moved_up,
    options_of,
    senior_pool,
)
from overread_queue.routing.workload import Load, load_of
from overread_queue.states import EscalationKind, EscalationState, Tier
from overread_queue.stopping.breaker import watch
from overread_queue.stopping.halting import check_not_halted
from overread_queue.store.escalations import Leased
from overread_queue.store.rows import EscalationRow, ReviewRow
from overread_queue.terms import check_change

E = EscalationState


@dataclass(frozen=True, slots=True)
class Choice:
    """A draft that has been checked against the case."""

    option: Option
    action: Action
    draft: Draft

    def answer(self, decided_at: int) -> Answer:
        verdict = verdict_of(self.option)
        if verdict is None:
            raise InvalidRequest(f"option {self.option.key!r} hands on; it decides nothing")
        return Answer(
            verdict=verdict,
            option=self.option.key,
            action_sha256=action_sha256(self.action),
            decided_at=decided_at,
            edited_action=_bytes(self.action) if verdict == "modify" else None,
            reason=self.draft.reason,
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reviewer had on the screen: the only thing that their key may sign for."""

    brief_sha256: str
    action_sha256: str
    tier: Tier
    policy_sha256: str

    @classmethod
    def of(cls, review: Review) -> Seen:
        policy = review.handling.policy_sha256
        return cls(review.brief_sha256, review.action_sha256, review.item.tier, policy)

    def check(self, row: EscalationRow) -> None:
        """Raises `Tampered` where the database now says something else."""
        stored = Seen(row.brief_sha256, row.action_sha256, row.tier, row.policy_sha256)
        if stored != self:
            raise Tampered(
                f"escalation {row.id} is not what was opened any more, so nothing was written; "
                "tell whoever keeps the desk"
            )


@dataclass(frozen=True, slots=True)
class Held:
    """An approval inside its undo window. It lives in this process and nowhere else.

    The database holds a draft of it, which anybody who can write the file could change; the
    reviewer's key signs what the reviewer chose here, on what the reviewer saw here.
    """

    choice: Choice
    seen: Seen
    fence: int
    decided_at: int
    until: int
    """The end of its undo window, whatever the database says of it."""


def choose(case: Case, review: ReviewRow, draft: Draft) -> Choice:
    """Check a choice. Raises `InvalidRequest` saying what is missing or not permitted."""
    option = chosen(options_of(case), draft.option)
    check_reason(option, draft.reason)
    check_unmasked(changes(option, draft.parameters), hidden_in(case, review))
    return Choice(option, edited(case.brief.action, option, draft.parameters), draft)


def draft_of(review: ReviewRow | None) -> Draft | None:
    if review is None or review.option is None:
        return None
    parameters: Parameters | None = json.loads(review.parameters) if review.parameters else None
    return Draft(review.option, parameters, review.reason or "")


@dataclass(frozen=True, slots=True)
class Desk:
    """One reviewer at work, inside one transaction."""

    ground: Ground
    mover: Mover
    signer: Signer
    held: dict[str, Held]
    """By escalation: what this process holds."""

    @property
    def reviewer(self) -> str:
        return self.signer.name

    def leased(self, row: EscalationRow) -> Leased:
        return Leased(row.id, self.reviewer, row.fence)

    def lease_until(self) -> int:
        return self.mover.now + self.ground.policy().settings.lease * 1000

    def load(self) -> Load:
        """This reviewer's day."""
        return load_of(self.ground, self.mover.tx, self.reviewer, now=self.mover.now)

    def expected_seconds(self, row: EscalationRow) -> int:
        """Of review, by this reviewer."""
        person = self.ground.roster().reviewer(self.reviewer)
        return round(row.expected_seconds * person.time_multiplier)

    def claim(self, row: EscalationRow, session: str | None) -> EscalationRow:
        """Lease it to this reviewer, in their session."""
        if session is not None:
            self.mover.tx.desk.grow_session(session, self.expected_seconds(row))
        return self.mover.claim(
            row, reviewer=self.reviewer, session=session, lease_until=self.lease_until()
        )

    def give_back(self, belongs: Callable[[EscalationRow], bool]) -> None:
        """What is claimed and not held goes back to where it was, where it `belongs`."""
        for row in self.mover.tx.escalations.leased_by(self.reviewer):
            if row.state is E.CLAIMED and belongs(row):
                self.put_back("released", row)

    def end_open_session(self) -> None:
        """What is left of this reviewer's open session, here or in another console, goes back."""
        tx = self.mover.tx
        earlier = tx.desk.open_session(self.reviewer)
        if earlier is not None:
            self.give_back(lambda row: True)
            tx.desk.end_session(earlier.id, now=self.mover.now)

    def check_session(self, row: EscalationRow) -> None:
        """Raises `CapReached` where the session that it was claimed in has had its time."""
        session = self.mover.tx.desk.session(row.session) if row.session else None
        if session is not None:
            self.load().check_session(session.active_ms)

    def settle(self, review: ReviewRow, draft: Draft, seen: Seen, *, latest_at: int = 0) -> Receipt:
        """Hold an approval for the undo window, hand on, or decide at once.

        Raises `NotYet` or `CapReached` for an approval that has not earned itself; `latest_at` is
        the latest time that the review saw.
        """
        case = case_of(self.ground, self.mover.tx, review.escalation)
        self._check_mine(case.row, review)
        seen.check(case.row)
        choice = choose(case, review, draft)
        if choice.option.kind == "modify":
            changed = case.brief.model_copy(update={"action": choice.action})
            check_change(case.policy, case.row, changed)
        self._check_earned(case, review, choice, latest_at)
        self.mover.tx.reviews.draft(
            review.id,
            option=draft.option,
            parameters=json.dumps(draft.parameters) if draft.parameters else None,
            reason=draft.reason,
        )
        if choice.option.kind == "escalate":
            return self.hand_on(case, draft.reason, option=choice.option.key)
        if choice.option.kind in PAYING:
            return self._hold(case, choice, seen)
        self._decide(case, choice, source=E.CLAIMED, decided_at=self.mover.now)
        return self._receipt(case.row, choice, "recorded", self.mover.now)

    def release(self, row: EscalationRow) -> Receipt:
        """Sign and release what this process held.

        Raises `LeaseLost` for what it did not, `Halted` where its agent was stopped meanwhile.
        """
        held = self._held_here(row)
        self._check_running(row)
        case = case_of(self.ground, self.mover.tx, row.id)
        held.seen.check(case.row)
        self._decide(case, held.choice, source=E.HELD, decided_at=held.decided_at)
        return self._receipt(row, held.choice, "recorded", self.mover.now)

    def undo(self, row: EscalationRow) -> EscalationRow:
        """Take what this process held back, into the session that is open now.

        Raises `LeaseLost` for what it did not: another console would still sign it.
        """
        if row.state is E.HELD:
            self._held_here(row)
        session = self.mover.tx.desk.open_session(self.reviewer)
        there = replace(row, session=session.id if session else None)
        self.mover.tx.reviews.undone(row.id)
        taken = self.mover.undo(self.leased(row), to=there, lease_until=self.lease_until())
        self.held.pop(row.id)
        return taken

    def hand_on(self, case: Case, reason: str, *, option: str = "hand-on") -> Receipt:
        """To the senior pool with a fresh deadline; the second time to the policy's owner."""
        row, to = case.row, senior_pool(case.policy, case.row)
        if to is None:
            raise InvalidRequest(f"nobody is above {case.policy.pools[row.pool].label} here")
        pools: Parameters = {"from_pool": row.pool, "to_pool": to, "option": option}
        self.put_back("handed_on", moved_up(row, to, now=self.mover.now), pools)
        self.comment(row, reason)
        if case.blind:
            answer_test(self.mover, self.ground.policy(), row, HANDED_ON)
        return Receipt(row.id, row.attempt, option, None, "handed_on", self.mover.now)

    def snooze(self, row: EscalationRow, until: int, reason: str) -> None:
        """Back to the queue until a time inside the deadline."""
        if not self.mover.now < until < row.deadline_at:
            raise InvalidRequest(
                "an item can sleep until a moment before its deadline, and not into the past"
            )
        self.put_back("snoozed", replace(row, claimable_at=until))
        self.comment(row, reason)

    def comment(self, row: EscalationRow, text: str) -> None:
        """A note that travels with the escalation."""
        now = self.mover.now
        self.mover.tx.desk.add_comment(new_id(now), row.id, Comment(self.reviewer, now, text))
        self.mover.note("commented", row)

    def put_back(self, kind: str, there: EscalationRow, detail: Parameters | None = None) -> None:
        """Release, snooze, hand on: back to the queue, where `there` says."""
        self.mover.put_back(kind, self.leased(there), to=there, detail=detail)

    def check_claimed(self, row: EscalationRow, review: ReviewRow) -> None:
        """Raises `LeaseLost`, `MoveRefused` unless this is the look of whoever has it claimed."""
        self._check_mine(row, review)
        if row.state is not E.CLAIMED:
            raise LeaseLost("escalation", row.id)

    def _held_here(self, row: EscalationRow) -> Held:
        held = self.held.get(row.id)
        if held is None or held.fence != row.fence:
            raise LeaseLost("escalation", row.id)
        return held

    def _check_mine(self, row: EscalationRow, review: ReviewRow) -> None:
        if row.closed_at is not None:
            raise MoveRefused("escalation", row.id, found=row.state, wanted=E.DECIDED)
        lapsed = row.lease_until is None or row.lease_until <= self.mover.now
        if lapsed or review.closed_at is not None or review.fence != row.fence:
            raise LeaseLost("escalation", row.id)

    def _check_earned(self, case: Case, review: ReviewRow, choice: Choice, latest_at: int) -> None:
        """Only what lets an agent go on has to be earned. Everything else is open at once."""
        if choice.option.kind in PAYING:
            tx, now = self.mover.tx, self.mover.now
            self._check_running(case.row)
            facts = facts_of(self.ground, tx, case, review, now=now, latest_at=latest_at)
            refuse(facts, choice.option.key)

    def _check_running(self, row: EscalationRow) -> None:
        """A stopped agent is let do nothing more; what it did before can still be confirmed."""
        if row.kind is EscalationKind.APPROVAL:
            check_not_halted(self.ground, self.mover.tx, row.agent)

    def _hold(self, case: Case, choice: Choice, seen: Seen) -> Receipt:
        settings = case.policy.settings
        held_until = self.mover.now + settings.undo * 1000
        self.mover.hold(
            self.leased(case.row),
            held_until=held_until,
            lease_until=held_until + settings.lease * 1000,
        )
        self.held[case.row.id] = Held(choice, seen, case.row.fence, self.mover.now, held_until)
        return self._receipt(case.row, choice, "held", held_until)

    def _decide(self, case: Case, choice: Choice, *, source: E, decided_at: int) -> None:
        answer = choice.answer(decided_at)
        row, roster = case.row, self.ground.roster()
        roles = roles_in(case.policy, row.pool, row.action_type, row.tier)
        role = capacity(roster, self.reviewer, roles, agent=row.agent, at=self.mover.now)
        if row.id in broken_by(self.mover.tx, roster.reviewer(self.reviewer)):
            role = BREAK_GLASS
        if role is None:
            raise NotAllowed(
                f"{self.reviewer} does not hold the role {roles[0]!r}, so cannot sign this"
            )
        if case.blind:
            self._end_test(case, source, answer.verdict)
            return
        signer = replace(self.signer, role=role)
        joint = Joint(self.ground, self.mover, case, answer, signer)
        step = joint.next()
        if step is not Next.DECIDE:
            joint.opine(self.leased(case.row), source, step)
            return
        statement = sign(self.mover, case.row, answer, signer, case.policy)
        self.mover.decide(self.leased(case.row), source, statement.detail())
        store(self.mover, case.row, statement, joint.joined())
        unpause(self.mover, case.row)
        if answer.verdict == "reject":
            watch(self.ground, self.mover, case.row.agent)

    def _end_test(self, case: Case, source: E, verdict: Verdict) -> None:
        """The same moves, without a signature: the first answer of anybody ends a test."""
        answer_test(self.mover, self.ground.policy(), case.row, verdict)
        self.mover.decide(self.leased(case.row), source, {})
        unpause(self.mover, case.row)

    def _receipt(
        self, row: EscalationRow, choice: Choice, state: ReceiptState, release_at: int
    ) -> Receipt:
        return Receipt(
            escalation=row.id,
            attempt=row.attempt,
            option=choice.option.key,
            verdict=verdict_of(choice.option),
            state=state,
            release_at=release_at,
        )


def _bytes(action: Action) -> bytes:
    return action.model_dump_json(by_alias=True, exclude_none=True).encode()
