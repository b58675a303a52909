"""Odd text earns a badge; ordinary text in any language earns none."""

from __future__ import annotations

import pytest

from overread_briefs import suspicions

CYRILLIC_A = "\u0430"


@pytest.mark.parametrize(
    ("text", "badges"),
    [
        ("tags" + "\U000e0041" * 17, ("17 hidden characters",)),
        ("pay\u200bpal", ("1 hidden character",)),
        ("over\rwritten", ("1 hidden character",)),
        (f"p{CYRILLIC_A}ypal", ("mixes Latin and Cyrillic letters",)),
        ("\u0391pple", ("mixes Latin and Greek letters",)),
        ("e" + "\u0301" * 5, ("stacks combining marks",)),
        ("pay \u05d0\u05d1\u05d2", ("mixes left-to-right and right-to-left letters",)),
        (
            f"\x1bp{CYRILLIC_A}y \u0391b",
            (
                "1 hidden character",
                "mixes Latin and Cyrillic letters",
                "mixes Latin and Greek letters",
            ),
        ),
    ],
)
def test_badges(text: str, badges: tuple[str, ...]) -> None:
    assert suspicions(text) == badges


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Refund $420.00?\r\n\tNow.\n",
        "Größe, façade, “quoted” … 5 €",
        "Привет and hello, Γειά",
        "Tシャツを返品する",
        "\u05e9\u05dc\u05d5\u05dd",
    ],
)
def test_ordinary_text_earns_none(text: str) -> None:
    assert suspicions(text) == ()
