"""A small desk's trust folder on disk: two reviewers, an agent of Ana's, an agent of nobody's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from overread_briefs.decision import Envelope
from overread_queue.places import Places
from overread_queue.trust.envelope import Expectation, Signed, envelope_bytes, sign_envelope
from overread_queue.trust.keys import generate, load_private
from overread_queue.trust.people import Agent, Desk, Reviewer
from overread_queue.trust.roster import Roster, put_agent, put_reviewer, write_desk

DECIDED_AT = 1_789_475_400_000
RELEASED_AT = DECIDED_AT + 10_000
EXPIRES_AT = RELEASED_AT + 86_400_000
NOW = RELEASED_AT + 60_000
BRIEF, ACTION, POLICY, HEAD = "b" * 64, "a" * 64, "c" * 64, "d" * 64

EXPECTED = Expectation(
    desk="desk-1",
    escalation="0199-refund",
    attempt=1,
    requester="refund-agent",
    brief_sha256=BRIEF,
    tier="hard_approval",
    policy_sha256=POLICY,
    action_sha256=ACTION,
)


def envelope(**changes: object) -> Envelope:
    """Ana approves the refund; `changes` say what is different this time."""
    fields: dict[str, object] = {
        "desk": EXPECTED.desk,
        "escalation": EXPECTED.escalation,
        "attempt": 1,
        "verdict": "approve",
        "option": "approve",
        "brief_sha256": BRIEF,
        "action_sha256": ACTION,
        "tier": "hard_approval",
        "policy_sha256": POLICY,
        "requester": EXPECTED.requester,
        "reviewer": "ana",
        "role": "refunds",
        "nonce": "0" * 32,
        "decided_at": DECIDED_AT,
        "released_at": RELEASED_AT,
        "expires_at": EXPIRES_AT,
        "audit_head": HEAD,
    }
    return Envelope.model_validate(fields | changes)


@dataclass(frozen=True)
class TrustDesk:
    """The desk, and every private key on it."""

    places: Places

    def key(self, name: str) -> Ed25519PrivateKey:
        return load_private(self.places.key(name))

    def roster(self) -> Roster:
        return Roster.load(self.places)

    def signed(self, by: str = "ana", **changes: object) -> Signed:
        """An envelope signed with the key of `by`."""
        decision = envelope(**changes)
        return Signed(envelope_bytes(decision), sign_envelope(decision, self.key(by)))

    def change_reviewer(self, name: str, **changes: object) -> None:
        """Rewrite one entry of reviewers.toml."""
        put_reviewer(self.places, self.roster().reviewer(name).model_copy(update=changes))


def make_desk(folder: Path, *, single_operator: bool = False) -> TrustDesk:
    places = Places(folder / "desk.db")
    public = {name: generate(places.key(name), name) for name in ("desk", "ana", "boris")}
    desk = Desk(id="desk-1", name="Test desk", single_operator=single_operator)
    write_desk(places, desk, [public["desk"]])
    for file in (places.reviewers_file, places.agents_file):
        file.touch()
    ana = Reviewer(name="ana", label="Ana", roles=("refunds",), user=("u1",), keys=(public["ana"],))
    boris = Reviewer(
        name="boris", label="Boris", roles=("refunds", "lead"), keys=(public["boris"],)
    )
    for person in (ana, boris):
        put_reviewer(places, person)
    put_agent(places, Agent(name="refund-agent", label="Refunds", actions=("payments.refund",)))
    put_agent(places, Agent(name="ana-bot", label="Ana's own", operator="Ana"))
    return TrustDesk(places)


def expecting(**changes: object) -> Expectation:
    return replace(EXPECTED, **changes)  # type: ignore[arg-type]
