"""What two people said about one escalation, as far as it can be believed: for both sides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from overread_briefs.decision import BREAK_GLASS, Envelope
from overread_queue.asking.dossier import Trusted
from overread_queue.errors import Forged, IntegrityError
from overread_queue.policy.model import Policy
from overread_queue.store.opinions import OpinionRow
from overread_queue.store.rows import EscalationRow
from overread_queue.trust.envelope import Expectation, Signed, verify_opinion


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one person said. The signature does not cover the reason."""

    envelope: Envelope
    reason: str


@dataclass(frozen=True, slots=True)
class Heard:
    """The opinions that count, and why the others do not."""

    counted: tuple[Opinion, ...]
    refused: tuple[IntegrityError, ...]

    @property
    def envelopes(self) -> tuple[Envelope, ...]:
        return tuple(one.envelope for one in self.counted)


def expectation(
    trusted: Trusted, policy: Policy, found: EscalationRow, *, action_type: str
) -> Expectation:
    """What any statement about `found` has to say, which was submitted under `policy`.

    `action_type` is that of the received bytes.
    """
    roles = policy.deciding_roles(action_type, found.tier)
    if not trusted.policy().settings.break_glass:
        roles -= {BREAK_GLASS}
    return Expectation(
        desk=trusted.desk_id,
        escalation=found.id,
        attempt=found.attempt,
        requester=found.agent,
        brief_sha256=found.brief_sha256,
        tier=found.tier,
        policy_sha256=found.policy_sha256,
        action_sha256=found.action_sha256,
        roles=roles,
    )


def heard(trusted: Trusted, said: Iterable[OpinionRow], expect: Expectation, *, at: int) -> Heard:
    """Every opinion, verified; `at` is the moment at which they had to count."""
    counted: list[Opinion] = []
    refused: list[IntegrityError] = []
    for row in said:
        try:
            counted.append(_believed(trusted, row, expect, at=at))
        except IntegrityError as refusal:
            refused.append(refusal)
    return Heard(tuple(counted), tuple(refused))


def agrees(one: Envelope, other: Envelope) -> bool:
    """Whether two different people say the same about the same action."""
    return (
        one.reviewer.lower() != other.reviewer.lower()
        and one.verdict == other.verdict
        and one.action_sha256 == other.action_sha256
    )


def check_two(decision: Envelope, said: Heard) -> None:
    """Raises `Forged` unless somebody else said the same as the decision, or a lead broke glass."""
    alone = decision.role == BREAK_GLASS
    if alone or any(agrees(one, decision) for one in said.envelopes):
        return
    why = "".join(f"; {refusal}" for refusal in said.refused)
    raise Forged(
        f"{decision.escalation} needs two people, and {decision.reviewer} alone says "
        f"{decision.verdict}{why}. Revise the brief to ask again"
    ) from (said.refused[-1] if said.refused else None)


def _believed(trusted: Trusted, row: OpinionRow, expect: Expectation, *, at: int) -> Opinion:
    signed = Signed(row.envelope, row.signature)
    envelope = verify_opinion(
        signed, roster=trusted.roster(), expect=expect, now=trusted.clock.now(), at=at
    )
    if envelope.reviewer != row.reviewer:
        raise Forged(f"an opinion of {envelope.reviewer}'s stands under {row.reviewer}'s name")
    return Opinion(envelope, row.reason)
