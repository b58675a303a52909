"""Classed material hides behind a placeholder that tells nothing about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from overread_briefs import InvalidBrief, action_sha256, is_masked, mask, parse_brief
from overread_briefs.fields import Sensitivity
from overread_briefs.sensitivity import ORDER, stricter

Build = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("sensitivity", ["confidential", "restricted"])
def test_masked_classes_say_their_class_and_nothing_of_the_text(sensitivity: Sensitivity) -> None:
    assert is_masked(sensitivity)
    short, long = mask("no", sensitivity), mask("a long diagnosis " * 50, sensitivity)
    assert short == long == f"masked ({sensitivity}): reveal to read"


@pytest.mark.parametrize("sensitivity", ["public", "internal"])
def test_open_classes_are_shown(sensitivity: Sensitivity) -> None:
    assert mask("order A-1009", sensitivity) == "order A-1009"


def test_text_without_a_class_is_masked_when_asked() -> None:
    assert "diagnosis" not in mask("diagnosis")


def test_the_classes_have_an_order() -> None:
    assert ORDER == ("public", "internal", "confidential", "restricted")


def test_of_two_who_class_a_name_the_stricter_counts_and_nobody_can_forget_it() -> None:
    assert stricter(
        {"iban": "restricted", "name": "public", "memo": "internal"},
        {"iban": "confidential", "name": "confidential", "note": "restricted"},
    ) == {
        "iban": "restricted",
        "name": "confidential",
        "memo": "internal",
        "note": "restricted",
    }


def classed(document: dict[str, Any], **sensitive: str) -> bytes:
    action = {**document["action"], "sensitive": sensitive}
    return json.dumps({**document, "action": action}).encode()


def test_single_parameters_are_classed_outside_the_digest(make_document: Build) -> None:
    plain = parse_brief(json.dumps(make_document()).encode()).action
    action = parse_brief(classed(make_document(), amount="restricted")).action
    assert (plain.sensitive, action.sensitive) == ({}, {"amount": "restricted"})
    assert action_sha256(action) == action_sha256(plain)


@pytest.mark.parametrize(
    ("sensitive", "sentence"),
    [
        ({"iban": "restricted"}, "action: `sensitive` names 'iban': use names of `parameters`."),
        ({"amount": "secret"}, "action.sensitive.amount: Use one of 'public', 'internal', "),
    ],
)
def test_a_class_of_something_else_is_refused(
    make_document: Build, sensitive: dict[str, str], sentence: str
) -> None:
    with pytest.raises(InvalidBrief) as refusal:
        parse_brief(classed(make_document(), **sensitive))
    assert str(refusal.value).startswith(sentence)
