"""Decisions that nobody can forge: the envelope is signed, and nothing else is believed.

The steps of `verify_envelope` are in the order in which they may be trusted: the signature is
checked over bytes before anything reads them.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from overread_briefs.canonical import jcs, strict_loads
from overread_briefs.decision import BREAK_GLASS, RELEASING, Envelope, Verdict
from overread_briefs.errors import BriefError
from overread_queue.errors import Expired, Forged, NotAllowed, Replayed, Tampered, TooEarly
from overread_queue.trust import sshsig
from overread_queue.trust.keys import blob_fingerprint
from overread_queue.trust.lending import split
from overread_queue.trust.people import DESK, LEAD, Reviewer, TrustedKey
from overread_queue.trust.roster import Roster

NAMESPACE = "overread.decision.v1"
OPINION = "overread.opinion.v1"
"""Namespace of what one of two people says, so that it is never taken for a decision."""
JOINT: frozenset[Verdict] = frozenset({"approve", "modify", "reject"})
"""Verdicts that two people give where two are asked; every other one a person gives alone."""
CLOCK_SKEW_MS = 5 * 60_000
"""How far two machines' clocks may be apart."""
MAX_ENVELOPE_BYTES = 8192
BY_DESK = frozenset({"timed_out", "withdrawn"})
"""Verdicts that the desk key signs; a person signs every other one."""


@dataclass(frozen=True, slots=True)
class Signed:
    """An envelope on its way: the exact bytes that were signed, and the raw SSH signature."""

    payload: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the agent's side knows by itself about the decision it waits for."""

    desk: str
    escalation: str
    attempt: int
    requester: str
    brief_sha256: str
    tier: str
    policy_sha256: str
    action_sha256: str | None
    """Digest of the action about to be executed: the stored edited one after a `modify`. None where
    the content was erased; then nothing can be released."""
    roles: frozenset[str] | None = None
    """Roles that the policy lets decide; None skips that check."""
    begun: str | None = None
    """Nonce of the decision that the agent has begun with, or gives up: that one cannot be late."""


def envelope_bytes(envelope: Envelope) -> bytes:
    """The bytes to sign and to keep: RFC 8785 over exactly the envelope's fields."""
    return jcs(envelope.model_dump(mode="json"))


def sign_envelope(
    envelope: Envelope, private_key: Ed25519PrivateKey, *, namespace: str = NAMESPACE
) -> bytes:
    """The raw SSH signature over `envelope_bytes(envelope)`."""
    return sshsig.sign(envelope_bytes(envelope), private_key, namespace=namespace)


def verify_envelope(signed: Signed, *, roster: Roster, expect: Expectation, now: int) -> Envelope:
    """The envelope, if everything about it is right. `now` is UTC milliseconds.

    Raises `Forged`, `Tampered`, `Replayed` or `Expired`. Whether its nonce was used is the
    ledger's part.
    """
    signer = sshsig.verify(signed.payload, signed.signature, namespace=NAMESPACE)
    envelope = parsed(signed.payload)
    if envelope.verdict in BY_DESK:
        _check_desk(envelope, signer, roster)
    else:
        _check_reviewer(envelope, signer, roster, now)
    _check_belongs(envelope, expect)
    _check_unchanged(envelope, expect)
    _check_action(envelope, expect.action_sha256)
    _check_time(envelope, now, begun=envelope.nonce == expect.begun)
    return envelope


def verify_opinion(
    signed: Signed, *, roster: Roster, expect: Expectation, now: int, at: int
) -> Envelope:
    """What one of two people said, if it counted at `at` and still does. UTC milliseconds, both.

    Raises as `verify_envelope` does. It says nothing of the action: what the other person decided
    on is compared with it by whoever asks for two.
    """
    signer = sshsig.verify(signed.payload, signed.signature, namespace=OPINION)
    opinion = parsed(signed.payload)
    if opinion.verdict not in JOINT:
        raise Forged(f"{opinion.verdict!r} is nothing that two people say together")
    _check_not_revoked(_check_reviewer(opinion, signer, roster, now), now)
    _check_belongs(opinion, expect)
    _check_unchanged(opinion, expect)
    _check_order(opinion)
    if at > opinion.expires_at:
        raise Expired(f"what {opinion.reviewer} said had run out before it was needed")
    return opinion


def parsed(payload: bytes) -> Envelope:
    """Exactly the envelope's fields, written in exactly one way. Raises `Tampered`."""
    try:
        envelope = Envelope.model_validate(strict_loads(payload, max_bytes=MAX_ENVELOPE_BYTES))
        canonical = envelope_bytes(envelope)
    except (BriefError, ValidationError) as error:
        raise Tampered("the signed text is not a decision envelope of version 1") from error
    if canonical != payload:
        raise Tampered("the signed text is not in canonical form, so it could be read two ways")
    return envelope


def _check_desk(envelope: Envelope, signer: bytes, roster: Roster) -> None:
    if signer not in roster.desk_keys:
        key = blob_fingerprint(signer)
        raise Forged(f"only the desk signs {envelope.verdict!r}, and {key} is not its key")
    if envelope.reviewer != DESK:
        raise Forged(
            f"the desk's key signed for {envelope.reviewer!r}; it may only sign for itself"
        )


def _check_reviewer(envelope: Envelope, signer: bytes, roster: Roster, now: int) -> Reviewer:
    key = roster.signers.get(signer)
    if key is None:
        raise Forged(f"{blob_fingerprint(signer)} is not the key of a reviewer of this desk")
    reviewer = key.owner
    if reviewer.name != envelope.reviewer:
        raise Forged(f"{reviewer.name}'s key signed in the name of {envelope.reviewer!r}")
    _check_in_force(envelope, key, now)
    lender = _check_holds(envelope, reviewer, roster)
    for person in (reviewer.name, lender) if lender else (reviewer.name,):
        _check_independent(envelope, person, roster)
    return reviewer


def _check_in_force(envelope: Envelope, key: TrustedKey, now: int) -> None:
    name = key.owner.name
    if key.compromised:
        raise Forged(f"{name}'s key was reported stolen, so nothing that it signed counts")
    if not (key.in_force(envelope.decided_at) and key.in_force(envelope.released_at)):
        raise Forged(f"{name}'s key did not count at the time it signed")
    # Whoever left on bad terms writes any date: a revoked person releases nothing any more.
    if envelope.verdict in RELEASING:
        _check_not_revoked(key.owner, now)


def _check_holds(envelope: Envelope, reviewer: Reviewer, roster: Roster) -> str | None:
    """Who lent the role, if it is not their own. Raises `Forged` for one that they did not have."""
    if (LEAD if envelope.role == BREAK_GLASS else envelope.role) in reviewer.roles:
        return None
    lender = split(envelope.role)[1]
    times = (envelope.decided_at, envelope.released_at)
    lent = [{one.capacity for one in roster.lent_to(reviewer.name, at)} for at in times]
    if lender is None or not all(envelope.role in capacities for capacities in lent):
        raise Forged(f"{reviewer.name} does not hold the role {envelope.role!r}")
    return lender


def _check_not_revoked(reviewer: Reviewer, now: int) -> None:
    if reviewer.revoked(now):
        raise Forged(
            f"{reviewer.name}'s key was revoked; submit the brief again for a new decision"
        )


def _check_independent(envelope: Envelope, person: str, roster: Roster) -> None:
    """Neither whoever decides nor whoever lent the role for it runs the agent."""
    try:
        own = roster.acts_for(envelope.requester, person)
    except NotAllowed as error:
        raise Forged(f"the decision is for an unknown agent: {error}") from error
    if own and not roster.single_operator:
        raise Forged(f"{envelope.requester} acts for {person}, who cannot decide for it")


def _check_belongs(envelope: Envelope, expect: Expectation) -> None:
    """It answers this question, and no other one."""
    for field in ("desk", "escalation", "attempt", "requester"):
        found, wanted = getattr(envelope, field), getattr(expect, field)
        if found != wanted:
            raise Replayed(f"the decision belongs to another {field}: {found!r}, not {wanted!r}")


def _check_unchanged(envelope: Envelope, expect: Expectation) -> None:
    """What was decided on is what the agent has in hand."""
    for field in ("brief_sha256", "tier", "policy_sha256"):
        found, wanted = getattr(envelope, field), getattr(expect, field)
        if found != wanted:
            raise Tampered(f"{field} is {wanted!r} here, but the decision was about {found!r}")
    if expect.roles is not None and envelope.verdict not in BY_DESK:
        check_role(envelope, expect.roles)


def check_role(envelope: Envelope, roles: frozenset[str]) -> None:
    """Raises `Forged` for a role that does not decide this; one on loan counts as the role."""
    if split(envelope.role)[0] not in roles:
        raise Forged(f"the policy does not let the role {envelope.role!r} decide this")


def _check_action(envelope: Envelope, digest: str | None) -> None:
    if digest is None:
        if envelope.verdict in RELEASING:
            raise Tampered("the action that was decided on is not there any more")
    elif envelope.action_sha256 != digest:
        raise Tampered(
            f"the action has digest {digest} here, but the decision was about "
            f"{envelope.action_sha256}"
        )


def _check_time(envelope: Envelope, now: int, *, begun: bool) -> None:
    _check_order(envelope)
    if envelope.verdict not in RELEASING:
        return
    if now > envelope.expires_at and not begun:
        late = (now - envelope.expires_at) // 1000
        raise Expired(f"the approval ran out {late} s ago; revise() the brief for a new decision")
    if now < envelope.released_at - CLOCK_SKEW_MS:
        early = (envelope.released_at - now) // 1000
        raise TooEarly(f"the approval was released {early} s in the future; set this clock right")


def _check_order(envelope: Envelope) -> None:
    if not envelope.decided_at <= envelope.released_at <= envelope.expires_at:
        raise Tampered("its times are out of order: decided, released, expires")
