"""Classed material hides behind a placeholder that tells nothing about it."""

from __future__ import annotations

import pytest

from overread_briefs import is_masked, mask
from overread_briefs.fields import Sensitivity
from overread_briefs.sensitivity import ORDER


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
