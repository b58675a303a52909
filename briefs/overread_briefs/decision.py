"""What comes back: a signed envelope, and the verified decision an agent acts on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from overread_briefs.action import Action
from overread_briefs.fields import Identifier, Millis, Part, Sha256, Slug

Verdict = Literal[
    "approve", "modify", "reject", "need_info", "taken_over", "timed_out", "withdrawn"
]
TierName = Literal["autonomous", "notify", "soft_review", "hard_approval", "hard_stop"]

RELEASING: frozenset[Verdict] = frozenset({"approve", "modify"})
"""Verdicts after which an agent may act."""

BREAK_GLASS = "lead:break-glass"
"""The role in the envelope of a lead who decided alone on what the policy gives to others."""


class Envelope(Part):
    """The signed statement, field for field. The action stays outside, so it can be erased."""

    v: Literal[1] = 1
    desk: Identifier
    escalation: Identifier
    attempt: Annotated[int, Field(ge=1)]
    verdict: Verdict
    option: Slug
    brief_sha256: Sha256
    action_sha256: Sha256
    """Digest of the action to execute: the edited one where the verdict is `modify`."""
    tier: TierName
    policy_sha256: Sha256
    requester: Identifier
    """The agent that asked."""
    reviewer: Identifier
    """Name in the trusted-reviewers file, or `desk` where the desk key signs."""
    role: Identifier
    nonce: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    decided_at: Millis
    released_at: Millis
    expires_at: Millis
    audit_head: Sha256


@dataclass(frozen=True, slots=True)
class Decision:
    """A verified decision. Only verification makes one."""

    envelope: Envelope
    action: Action
    """What to execute after `approve` or `modify`; what was proposed otherwise."""
    reason: str = ""
    """The reviewer's words. The signature does not cover them, so whoever can write the database
    can change them: they explain, and authorise nothing."""
    opinions: tuple[Envelope, ...] = ()
    """What others said before, where two people were asked: verified, and no decisions."""

    @property
    def id(self) -> str:
        """`escalation/attempt`: the idempotency key to pass on to whatever the action calls."""
        return f"{self.envelope.escalation}/{self.envelope.attempt}"

    @property
    def verdict(self) -> Verdict:
        return self.envelope.verdict

    @property
    def releases(self) -> bool:
        """Whether the agent may act on it."""
        return self.verdict in RELEASING
