"""A challenge that says nothing is told so at once, in any script; an honest one passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overread_queue.friction.challenge import Finding, boilerplate, challenge_due
from overread_queue.policy.settings import IMPACTS, Friction
from overread_queue.states import EscalationKind, Tier

HONEST = "the signature on the scan belongs to a neighbour"
OTHER = "the bank account was opened after the order was placed"
BRIEF = ("Refund $420.00 on order A-1009?", "loyal customer, first claim in all those years")
CHINESE = "如果收件人的银行账号不是客户本人的账号"
THAI = "ถ้าบัญชีธนาคารที่ระบุไม่ใช่ของลูกค้าที่สั่งซื้อสินค้า"


def look(text: str, *earlier: str, least: int = 30) -> Finding | None:
    return boilerplate(text, least=least, earlier=earlier, brief=BRIEF)


def kind(text: str, *earlier: str, least: int = 30) -> str | None:
    found = look(text, *earlier, least=least)
    return found.kind if found else None


@pytest.mark.parametrize("text", [HONEST, OTHER, CHINESE, THAI])
def test_a_sentence_about_this_case_passes(text: str) -> None:
    assert look(text, "the courier confused two houses in one street") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not sure",
        "n/a " + " " * 60,
        "wrong wrong wrong wrong wrong wrong",
        "." * 40,
        "only if he lies" + "." * 40,
        "\u3164 \uffa0\uffa0 \u115f\u115f\u115f \u1160\u1160\u1160\u1160 " * 4,
        "如果账号不对",
    ],
)
def test_too_little_is_said_to_be_too_little(text: str) -> None:
    found = look(text)
    assert found
    assert found.kind == "too short"
    assert not found.may_keep
    assert "which fact" in found.words


def test_twenty_nine_characters_are_one_too_few() -> None:
    assert kind("the scan was of another house") == "too short"
    assert kind("the scan was of another houses") is None


@pytest.mark.parametrize(
    "again",
    [
        HONEST,
        HONEST.upper() + "!!!",
        "  the   signature,\n on the scan -- belongs to a neighbour.",
        "ｔｈｅ signature on the scan belongs to a neighbour",
        "the sig\u200bnature on the sc\u00adan belongs to a neighbour",
    ],
)
def test_the_same_words_again_are_a_repeat_however_they_are_dressed(again: str) -> None:
    found = look(again, OTHER, HONEST)
    assert found
    assert found.kind == "repeat"
    assert not found.may_keep


def test_the_agents_own_doubt_is_no_challenge() -> None:
    assert kind("First claim in all those years, loyal customer") == "copied"
    found = look("loyal customer, first claim in all those many years")
    assert found
    assert not found.may_keep
    assert "your own words" in found.words


def test_nearly_the_same_can_be_kept_as_it_can_be_true_twice() -> None:
    before = "the supplier changed the account in ledger and nobody called invoice 4711"
    found = look(before.replace("4711", "4712"), before)
    assert found
    assert found.kind == "near-duplicate"
    assert found.may_keep
    assert "or keep it" in found.words


def test_scripts_without_spaces_are_compared_too() -> None:
    assert kind(CHINESE + "。", CHINESE) == "repeat"
    assert kind(CHINESE + "吗", CHINESE) == "near-duplicate"
    assert kind(THAI + "ครับ", THAI) == "near-duplicate"
    assert kind("如果快递单上的签名是邻居签的而不是本人", CHINESE) is None


def test_a_policy_can_let_any_length_pass_but_not_a_repeat() -> None:
    assert kind("no", least=0) is None
    assert kind("no", "No.", least=0) == "repeat"


@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=5))
def test_any_text_at_all_gets_an_answer_and_no_sentence_quotes_it(
    text: str, earlier: list[str]
) -> None:
    found = look(text, *earlier)
    assert found is None or found.may_keep == (found.kind == "near-duplicate")
    assert found is None or len(found.words) < 160


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo", "Zs", "Po"]), max_size=120))
def test_nobody_gets_through_with_the_same_twice(text: str) -> None:
    assert look(text, text) is not None


@given(st.text(max_size=120), st.text(max_size=120), st.integers(0, 60))
def test_asking_for_more_never_lets_through_what_less_refused(
    text: str, before: str, least: int
) -> None:
    if look(text, before, least=least):
        assert look(text, before, least=least + 10)


def test_a_challenge_is_due_from_high_impact_on_and_only_on_hard_approvals() -> None:
    hard = {"kind": EscalationKind.APPROVAL, "tier": Tier.HARD_APPROVAL}
    assert [challenge_due(Friction(), impact=one, **hard) for one in IMPACTS] == [
        False,
        False,
        True,
        True,
    ]
    never = Friction(challenge_from="never")
    assert not any(challenge_due(never, impact=one, **hard) for one in IMPACTS)
    for kind, tier in (
        (EscalationKind.SOFT_REVIEW, Tier.SOFT_REVIEW),
        (EscalationKind.AUDIT, Tier.NOTIFY),
        (EscalationKind.APPROVAL, Tier.HARD_STOP),
    ):
        assert not challenge_due(Friction(), kind=kind, tier=tier, impact="critical")
