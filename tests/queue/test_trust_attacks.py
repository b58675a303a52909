"""Everything somebody could try so that an agent acts without a decision. None may be accepted."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from overread_queue.errors import Expired, Forged, IntegrityError, Replayed, Tampered, TooEarly
from overread_queue.trust import sshsig
from overread_queue.trust.envelope import (
    NAMESPACE,
    Expectation,
    Signed,
    envelope_bytes,
    sign_envelope,
    verify_envelope,
)
from trust_factory import (
    DECIDED_AT,
    EXPIRES_AT,
    NOW,
    RELEASED_AT,
    TrustDesk,
    envelope,
    expecting,
    make_desk,
)

EXPECT = expecting()
Attack = Callable[[TrustDesk], Signed]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> TrustDesk:
    return make_desk(tmp_path_factory.mktemp("desk"))


def attempt(
    desk: TrustDesk, signed: Signed, *, expect: Expectation = EXPECT, now: int = NOW
) -> None:
    verify_envelope(signed, roster=desk.roster(), expect=expect, now=now)


def by(name: str, **changes: object) -> Attack:
    return lambda desk: desk.signed(name, **changes)


def rewritten(change: Callable[[str], str], *, by: str = "ana") -> Attack:
    """Text other than an envelope's own, yet honestly signed by `by`."""

    def attack(desk: TrustDesk) -> Signed:
        payload = change(envelope_bytes(envelope()).decode()).encode()
        return Signed(payload, sshsig.sign(payload, desk.key(by), namespace=NAMESPACE))

    return attack


def with_field(name: str, value: object) -> Attack:
    return rewritten(lambda text: _canonical(json.loads(text) | {name: value}))


def without_field(name: str) -> Attack:
    return rewritten(
        lambda text: _canonical({k: v for k, v in json.loads(text).items() if k != name})
    )


def _canonical(fields: dict[str, object]) -> str:
    return json.dumps(fields, separators=(",", ":"), sort_keys=True)


def _by_a_stranger(_: TrustDesk) -> Signed:
    key = Ed25519PrivateKey.generate()
    return Signed(envelope_bytes(envelope()), sign_envelope(envelope(), key))


def _changed_after_signing(desk: TrustDesk) -> Signed:
    honest = desk.signed(verdict="reject")
    return replace(honest, payload=honest.payload.replace(b'"reject"', b'"approve"'))


def _signature_of_another_decision(desk: TrustDesk) -> Signed:
    return replace(desk.signed(), signature=desk.signed(escalation="0199-other").signature)


def _git_commit(desk: TrustDesk) -> Signed:
    payload = envelope_bytes(envelope())
    return Signed(payload, sshsig.sign(payload, desk.key("ana"), namespace="git"))


def _foreign_key_in_the_frame(desk: TrustDesk) -> Signed:
    """Boris's signature in a frame that says it is Ana's."""
    ana, boris = desk.signed("ana"), desk.signed("boris")
    return replace(ana, signature=ana.signature[:-64] + boris.signature[-64:])


FORGERIES: dict[str, Attack] = {
    "a key nobody knows": _by_a_stranger,
    "no signature": lambda desk: replace(desk.signed(), signature=b""),
    "an armored signature where raw bytes belong": lambda desk: replace(
        desk.signed(), signature=sshsig.armor(desk.signed().signature).encode()
    ),
    "a verdict changed after signing": _changed_after_signing,
    "the signature of another decision": _signature_of_another_decision,
    "a signature for another purpose": _git_commit,
    "another's signature under Ana's key": _foreign_key_in_the_frame,
    "one byte behind the signature": lambda desk: replace(
        desk.signed(), signature=desk.signed().signature + b"\0"
    ),
    "Boris signs in Ana's name": by("boris"),
    "Ana signs in Boris's name": by("ana", reviewer="boris"),
    "a role the reviewer does not hold": by("ana", role="lead"),
    "a reviewer speaks for the desk": by("ana", verdict="timed_out", reviewer="desk"),
    "a reviewer times out in their own name": by("ana", verdict="timed_out"),
    "a reviewer withdraws": by("ana", verdict="withdrawn", reviewer="desk", role="desk"),
    "the desk's key approves": by("desk", reviewer="desk", role="desk"),
    "the desk's key approves in Ana's name": by("desk"),
    "the desk's key times out in Ana's name": by("desk", verdict="timed_out"),
    "the desk's key rejects": by("desk", verdict="reject", reviewer="desk", role="desk"),
    "Ana approves for her own agent": by("ana", requester="ana-bot"),
    "Ana rejects for her own agent": by("ana", requester="ana-bot", verdict="reject"),
    "an agent that is not registered": by("ana", requester="ghost"),
}

REPLAYS: dict[str, Attack] = {
    "another escalation": by("ana", escalation="0199-other"),
    "an earlier attempt": by("ana", attempt=2),
    "another desk": by("ana", desk="desk-2"),
    "another agent": by("boris", reviewer="boris", requester="ana-bot"),
    "another escalation's time-out": by(
        "desk", escalation="0199-other", verdict="timed_out", reviewer="desk", role="desk"
    ),
}

TAMPERINGS: dict[str, Attack] = {
    "another brief": by("ana", brief_sha256="0" * 64),
    "other parameters": by("ana", action_sha256="0" * 64),
    "other parameters, said to be modified": by("ana", verdict="modify", action_sha256="0" * 64),
    "a lower tier": by("ana", tier="autonomous"),
    "another policy": by("ana", policy_sha256="0" * 64),
    "released before it was decided": by("ana", released_at=DECIDED_AT - 1),
    "expired before it was released": by("ana", expires_at=RELEASED_AT - 1, verdict="reject"),
    "a duplicate key": rewritten(lambda text: '{"verdict":"reject",' + text[1:]),
    "white space": rewritten(lambda text: text.replace(",", ", ")),
    "another order": rewritten(lambda text: json.dumps(dict(reversed(json.loads(text).items())))),
    "trailing bytes": rewritten(lambda text: text + "\n"),
    "an escape where a letter belongs": rewritten(
        lambda text: text.replace("approve", "\\u0061pprove")
    ),
    "a number as a float": rewritten(lambda text: text.replace('"attempt":1', '"attempt":1.0')),
    "true instead of one": with_field("attempt", True),
    "a number as text": with_field("attempt", "1"),
    "an unknown field": with_field("note", "trust me"),
    "a missing field": without_field("nonce"),
    "a missing version": without_field("v"),
    "another version": with_field("v", 2),
    "an unknown verdict": with_field("verdict", "APPROVE"),
    "a short nonce": with_field("nonce", "0"),
    "not an object": rewritten(lambda _: '["approve"]'),
    "NaN": rewritten(lambda text: text.replace('"attempt":1', '"attempt":NaN')),
    "deep nesting": rewritten(lambda _: "[" * 4000 + "]" * 4000),
    "a very long text": rewritten(lambda text: text.replace("refunds", "r" * 20_000)),
    "no text": rewritten(lambda _: ""),
}


@pytest.mark.parametrize("attack", FORGERIES.values(), ids=FORGERIES)
def test_forged(desk: TrustDesk, attack: Attack) -> None:
    signed = attack(desk)
    requester = json.loads(signed.payload)["requester"]
    with pytest.raises(Forged):
        attempt(desk, signed, expect=expecting(requester=requester))


@pytest.mark.parametrize("attack", REPLAYS.values(), ids=REPLAYS)
def test_replayed(desk: TrustDesk, attack: Attack) -> None:
    with pytest.raises(Replayed, match="belongs to another"):
        attempt(desk, attack(desk))


@pytest.mark.parametrize("attack", TAMPERINGS.values(), ids=TAMPERINGS)
def test_tampered(desk: TrustDesk, attack: Attack) -> None:
    with pytest.raises(Tampered):
        attempt(desk, attack(desk))


def test_bytes_that_are_no_text_are_tampered_with(desk: TrustDesk) -> None:
    payload = envelope_bytes(envelope()).replace(b"refunds", b"\xff\xfe")
    signature = sshsig.sign(payload, desk.key("ana"), namespace=NAMESPACE)
    with pytest.raises(Tampered):
        attempt(desk, Signed(payload, signature))


def test_an_approval_of_something_erased_releases_nothing(desk: TrustDesk) -> None:
    with pytest.raises(Tampered, match="not there any more"):
        attempt(desk, desk.signed(), expect=expecting(action_sha256=None))


def test_a_role_that_the_policy_does_not_let_decide(desk: TrustDesk) -> None:
    signed = desk.signed("boris", reviewer="boris", role="lead")
    with pytest.raises(Forged, match="does not let the role 'lead'"):
        attempt(desk, signed, expect=expecting(roles=frozenset({"refunds"})))


@pytest.mark.parametrize("verdict", ["approve", "modify"])
def test_an_approval_that_ran_out(desk: TrustDesk, verdict: str) -> None:
    with pytest.raises(Expired, match="ran out 1999 s ago"):
        attempt(desk, desk.signed(verdict=verdict), now=EXPIRES_AT + 1_999_999)


def test_a_clock_set_back_does_not_revive_it(desk: TrustDesk) -> None:
    with pytest.raises(TooEarly, match="released 86400 s in the future"):
        attempt(desk, desk.signed(), now=RELEASED_AT - 86_400_000)


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_from": DECIDED_AT + 1},
        {"valid_until": DECIDED_AT},
        {"valid_until": RELEASED_AT},
        {"revoked_at": DECIDED_AT},
        {"revoked_at": RELEASED_AT},
        {"revoked_at": NOW},
        {"keys": ()},
        {"roles": ("lead",)},
    ],
)
@pytest.mark.parametrize("verdict", ["approve", "modify"])
def test_a_key_that_does_not_count(
    tmp_path: Path, changes: dict[str, object], verdict: str
) -> None:
    own = make_desk(tmp_path)
    signed = own.signed(verdict=verdict)
    own.change_reviewer("ana", **changes)
    with pytest.raises(Forged):
        verify_envelope(signed, roster=own.roster(), expect=EXPECT, now=NOW)


def _mutations(honest: bytes) -> st.SearchStrategy[bytes]:
    """Bytes near the honest ones: some replaced, inserted or cut."""
    place = st.integers(0, len(honest))
    cut = st.tuples(place, st.integers(0, 4), st.binary(max_size=4))
    return cut.map(lambda c: honest[: c[0]] + c[2] + honest[c[0] + c[1] :]).filter(
        lambda changed: changed != honest
    )


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_mutation_of_the_text_is_accepted(desk: TrustDesk, data: st.DataObject) -> None:
    honest = desk.signed()
    payload = data.draw(_mutations(honest.payload))
    with pytest.raises(IntegrityError):
        attempt(desk, replace(honest, payload=payload))


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_mutation_of_the_signature_is_accepted(desk: TrustDesk, data: st.DataObject) -> None:
    honest = desk.signed()
    signature = data.draw(_mutations(honest.signature))
    with pytest.raises(IntegrityError):
        attempt(desk, replace(honest, signature=signature))


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_mutation_that_was_signed_again_is_read_loosely(
    desk: TrustDesk, data: st.DataObject
) -> None:
    """A key holder's odd text is either exactly an envelope that fits, or refused by name."""
    honest = desk.signed()
    payload = data.draw(_mutations(honest.payload))
    signature = sshsig.sign(payload, desk.key("ana"), namespace=NAMESPACE)
    try:
        read = verify_envelope(
            Signed(payload, signature), roster=desk.roster(), expect=EXPECT, now=NOW
        )
    except IntegrityError:
        return
    assert envelope_bytes(read) == payload


@pytest.mark.parametrize("place", range(8))
def test_each_bit_of_the_signature_counts(desk: TrustDesk, place: int) -> None:
    honest = desk.signed()
    for index in range(len(honest.signature)):
        flipped = bytearray(honest.signature)
        flipped[index] ^= 1 << place
        with pytest.raises(IntegrityError):
            attempt(desk, replace(honest, signature=bytes(flipped)))
