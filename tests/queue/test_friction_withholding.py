"""Whose advice waits for a judgement: always where most is at stake, elsewhere at random."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from overread_queue.friction.drawing import drawn
from overread_queue.friction.withholding import Withholding, withholding
from overread_queue.policy.audit import audit_draw
from overread_queue.policy.settings import IMPACTS, Friction
from overread_queue.states import EscalationKind, Tier

DEFAULT = Friction()
KEY = bytes(range(32))
IDS = [f"0198f0c2-0000-7000-8000-{number:012x}" for number in range(5000)]


def held_back(
    escalation: str = IDS[0], friction: Friction = DEFAULT, **given: object
) -> Withholding:
    usual = {
        "kind": EscalationKind.APPROVAL,
        "tier": Tier.HARD_APPROVAL,
        "impact": "high",
        "irreversible": True,
        "key": KEY,
    }
    return withholding(friction, escalation=escalation, **(usual | given))


@pytest.mark.parametrize("impact", ["high", "critical"])
def test_high_and_irreversible_is_always_judged_first(impact: str) -> None:
    for escalation in IDS[:50]:
        assert held_back(escalation, impact=impact) == Withholding("policy", 1.0)


def test_elsewhere_one_in_ten_is_drawn_and_every_one_knows_its_odds() -> None:
    found = [held_back(id, irreversible=False) for id in IDS]
    share = sum(one.cause == "drawn" for one in found) / len(found)
    assert share == pytest.approx(0.10, abs=5 * (0.09 / len(IDS)) ** 0.5)
    assert {one.probability for one in found} == {0.10}
    assert {one.cause for one in found} == {"drawn", None}


def test_opening_it_again_never_draws_again() -> None:
    assert [held_back(id, impact="low") for id in IDS[:200]] == [
        held_back(id, impact="low") for id in IDS[:200]
    ]


@pytest.mark.parametrize(
    ("kind", "tier"),
    [
        (EscalationKind.SOFT_REVIEW, Tier.SOFT_REVIEW),
        (EscalationKind.AUDIT, Tier.AUTONOMOUS),
        (EscalationKind.APPROVAL, Tier.HARD_STOP),
    ],
)
def test_only_hard_approvals_withhold_anything(kind: EscalationKind, tier: Tier) -> None:
    everything = Friction(withhold_fraction=1.0)
    assert held_back(friction=everything, kind=kind, tier=tier) == Withholding(None, 0.0)


def test_a_policy_can_move_the_line_or_drop_it() -> None:
    for impact in IMPACTS:
        early = held_back(friction=Friction(withhold_from="low"), impact=impact)
        never = held_back(
            friction=Friction(withhold_from="never", withhold_fraction=0.0), impact=impact
        )
        assert early == Withholding("policy", 1.0)
        assert never == Withholding(None, 0.0)


def test_whoever_has_the_key_can_recompute_the_draw() -> None:
    for id in IDS[:200]:
        digest = hmac.new(KEY, b"overread.withhold.v1\0" + id.encode(), hashlib.sha256).digest()
        chosen = int.from_bytes(digest[:8], "big") / 2**64 < 0.10
        assert (held_back(id, impact="low").cause == "drawn") is chosen


def test_one_draw_tells_nothing_about_another() -> None:
    withheld = {id for id in IDS if drawn(KEY, b"overread.withhold.v1\0", id, 0.1)}
    audited = {id for id in IDS if audit_draw(KEY, id, 0.1).selected}
    assert len(withheld & audited) < 2 * len(IDS) * 0.01


def test_a_key_that_could_be_guessed_draws_nothing() -> None:
    with pytest.raises(ValueError, match="fewer than 16 bytes"):
        held_back(key=b"short", impact="low")
