"""Dual control, blind: two people give their opinion, and neither learns of the other's.

An opinion looks to whoever gives it like a decision. The second one that agrees becomes the
decision; where two differ, somebody more senior is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from overread_briefs.decision import BREAK_GLASS, RELEASING, Envelope
from overread_briefs.fields import Parameters
from overread_queue.errors import SamePerson
from overread_queue.friction.drawing import drawn
from overread_queue.ground import Ground
from overread_queue.moves import Mover
from overread_queue.opinions import Heard, expectation, heard
from overread_queue.release import Answer, Signer, sign_opinion
from overread_queue.reviewing.snapshot import Case, moved_up, senior_pool
from overread_queue.states import EscalationState, Tier
from overread_queue.store.escalations import Leased
from overread_queue.store.opinions import OpinionRow
from overread_queue.store.rows import EscalationRow
from overread_queue.trust.envelope import JOINT

DRAW = b"overread.dual.v1\0"


class Next(Enum):
    """What becomes of an answer."""

    DECIDE = "decide"
    ASK_ANOTHER = "ask another"
    ASK_SENIOR = "ask senior"


def next_step(said: Sequence[Envelope], answer: Answer, *, binding: bool) -> Next:
    """Pure. `said` are other people's opinions that count, `binding` that the policy asks for two.

    Where two differ a third person decides, but nobody releases a binding one alone.
    """
    wanted = (answer.verdict, answer.action_sha256)
    if any((one.verdict, one.action_sha256) == wanted for one in said):
        return Next.DECIDE
    if len(said) == 1:
        return Next.ASK_SENIOR
    if not said or (binding and answer.verdict in RELEASING):
        return Next.ASK_ANOTHER
    return Next.DECIDE


@dataclass(frozen=True, slots=True)
class Joint:
    """An answer to one escalation, beside what others have said about it."""

    ground: Ground
    mover: Mover
    case: Case
    answer: Answer
    signer: Signer

    def next(self) -> Next:
        """Raises `SamePerson` for a second answer of the same person. Opinions that are not to be
        believed count for nothing, and are written down."""
        row = self.case.row
        if any(_same(one.reviewer, self.signer.name) for one in self.mover.tx.opinions.about(row)):
            raise SamePerson(self.signer.name, row.id)
        if not self._asked():
            return Next.DECIDE
        said = self._heard()
        for refusal in said.refused:
            self.mover.note(f"refused:{type(refusal).__name__}", row)
        return next_step(said.envelopes, self.answer, binding=self.case.two_people)

    def opine(self, leased: Leased, source: EscalationState, step: Next) -> None:
        """Keep the answer as an opinion, and let somebody else claim the escalation."""
        mover, row = self.mover, self.case.row
        statement = sign_opinion(mover, row, self.answer, self.signer, self.case.policy)
        mover.tx.opinions.add(
            OpinionRow(
                escalation=row.id,
                attempt=row.attempt,
                reviewer=self.signer.name,
                verdict=self.answer.verdict,
                at=mover.now,
                envelope=statement.payload,
                signature=statement.signature,
                edited_action=self.answer.edited_action,
                reason=self.answer.reason,
            )
        )
        there = self._senior() if step is Next.ASK_SENIOR else row
        pools: Parameters = {"from_pool": row.pool, "to_pool": there.pool}
        mover.opine(leased, source, statement.detail() | pools, to=there)

    def joined(self) -> Answer:
        """A no with the words of everybody who said no: all of them reach the agent."""
        if self.answer.verdict != "reject":
            return self.answer
        said = self._heard().counted
        earlier = [one.reason for one in said if one.envelope.verdict == "reject"]
        reasons = dict.fromkeys(word for word in (*earlier, self.answer.reason) if word)
        return replace(self.answer, reason="\n\n".join(reasons))

    def _heard(self) -> Heard:
        case, tx = self.case, self.mover.tx
        policy = self.ground.policy_of(case.row.policy_sha256)
        expect = expectation(self.ground, policy, case.row, action_type=case.brief.action.type)
        return heard(self.ground, tx.opinions.about(case.row), expect, at=self.mover.now)

    def _asked(self) -> bool:
        """Whether this takes two: the policy says so, or the lot, where there are two."""
        row = self.case.row
        if self.answer.verdict not in JOINT or self.signer.role == BREAK_GLASS:
            return False
        if self.case.two_people:
            return True
        rate = self.ground.policy().friction.dual_fraction
        if row.tier is not Tier.HARD_APPROVAL or not rate or len(self._people(row.pool)) < 2:
            return False
        key = self.ground.audit_key(self.mover.tx)
        return key is not None and drawn(key, DRAW, row.id, rate)

    def _senior(self) -> EscalationRow:
        """With the senior pool, where somebody there has not spoken yet; else where it is."""
        row, to = self.case.row, senior_pool(self.case.policy, self.case.row)
        spoken = {one.reviewer for one in self.mover.tx.opinions.about(row)}
        if to is None or not self._people(to) - spoken:
            return row
        return moved_up(row, to, now=self.mover.now)

    def _people(self, pool: str) -> set[str]:
        """Who could decide this in `pool`."""
        roster, role = self.ground.roster(), self.case.policy.pools[pool].role
        return {
            one.name
            for one in roster.reviewers.values()
            if role in one.roles
            and one.in_force(self.mover.now)
            and not roster.is_operator(one.name, self.case.row.agent)
        }


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()
