"""A decision on its honest way from the reviewer to the agent."""

import json
from pathlib import Path

import pytest

from overread_briefs.decision import Envelope
from overread_queue.errors import Forged, TooEarly
from overread_queue.trust.envelope import Expectation, Signed, verify_envelope
from trust_factory import ACTION, EXPIRES_AT, NOW, RELEASED_AT, TrustDesk, expecting, make_desk

EXPECT = expecting()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> TrustDesk:
    return make_desk(tmp_path_factory.mktemp("desk"))


def verified(
    desk: TrustDesk, signed: Signed, *, expect: Expectation = EXPECT, now: int = NOW
) -> Envelope:
    return verify_envelope(signed, roster=desk.roster(), expect=expect, now=now)


@pytest.mark.parametrize("verdict", ["approve", "reject", "need_info", "taken_over"])
def test_what_a_reviewer_decides_arrives(desk: TrustDesk, verdict: str) -> None:
    assert verified(desk, desk.signed(verdict=verdict)).verdict == verdict


@pytest.mark.parametrize("verdict", ["timed_out", "withdrawn"])
def test_what_time_decides_is_signed_by_the_desk(desk: TrustDesk, verdict: str) -> None:
    signed = desk.signed(by="desk", verdict=verdict, reviewer="desk", role="desk")
    assert verified(desk, signed).reviewer == "desk"


def test_a_modification_is_bound_to_the_edited_action(desk: TrustDesk) -> None:
    signed = desk.signed(verdict="modify", option="smaller", action_sha256="e" * 64)
    expect = expecting(action_sha256="e" * 64)
    assert verified(desk, signed, expect=expect).action_sha256 == "e" * 64


def test_exactly_the_fields_of_the_contract_are_signed(desk: TrustDesk) -> None:
    fields = set(json.loads(desk.signed().payload))
    assert fields == {
        *("v", "desk", "escalation", "attempt", "verdict", "option", "brief_sha256"),
        *("action_sha256", "tier", "policy_sha256", "requester", "reviewer", "role", "nonce"),
        *("decided_at", "released_at", "expires_at", "audit_head"),
    }


def test_an_approval_counts_up_to_its_last_millisecond(desk: TrustDesk) -> None:
    assert verified(desk, desk.signed(), now=EXPIRES_AT).verdict == "approve"


def test_an_answer_that_releases_nothing_never_expires(desk: TrustDesk) -> None:
    late = EXPIRES_AT + 365 * 86_400_000
    assert verified(desk, desk.signed(verdict="reject"), now=late).verdict == "reject"


def test_clocks_may_be_five_minutes_apart(desk: TrustDesk) -> None:
    assert verified(desk, desk.signed(), now=RELEASED_AT - 300_000).verdict == "approve"
    with pytest.raises(TooEarly, match="set this clock right"):
        verified(desk, desk.signed(), now=RELEASED_AT - 300_001)


def test_an_erased_action_still_lets_a_rejection_through(desk: TrustDesk) -> None:
    gone = expecting(action_sha256=None)
    assert verified(desk, desk.signed(verdict="reject"), expect=gone).action_sha256 == ACTION


def test_the_role_must_be_one_that_the_policy_lets_decide(desk: TrustDesk) -> None:
    permitted = expecting(roles=frozenset({"refunds", "lead"}))
    assert verified(desk, desk.signed(), expect=permitted).role == "refunds"
    signed = desk.signed(by="desk", verdict="timed_out", reviewer="desk", role="desk")
    assert verified(desk, signed, expect=permitted).role == "desk"


def test_a_single_operator_decides_for_their_own_agent(tmp_path: Path) -> None:
    alone = make_desk(tmp_path, single_operator=True)
    signed = alone.signed(requester="ana-bot")
    assert verified(alone, signed, expect=expecting(requester="ana-bot")).reviewer == "ana"


def test_a_colleague_decides_for_an_operators_agent(desk: TrustDesk) -> None:
    signed = desk.signed(by="boris", reviewer="boris", requester="ana-bot")
    assert verified(desk, signed, expect=expecting(requester="ana-bot")).reviewer == "boris"


def test_a_reviewer_who_left_has_still_rejected(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    desk.change_reviewer("ana", revoked_at=NOW - 1)
    assert verified(desk, desk.signed(verdict="reject")).verdict == "reject"
    with pytest.raises(Forged, match="revoked"):
        verified(desk, desk.signed())
