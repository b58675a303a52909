"""The rules as the tests read them a second time: honest reviews pass, each shortcut is seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from friction_cases import REFUND, WORDS
from friction_trace import Step, check_approval

HONEST = (
    Step(0, "ana", "ana", "open", "refund", "r1"),
    Step(1_000, "ana", "ana", "judge", "refund", "r1", "approve"),
    Step(2_000, "ana", "ana", "reveal", "refund", "r1"),
    Step(3_000, "ana", "ana", "read", "refund", "r1", "carrier-scan"),
    Step(40_000, "ana", "ana", "sign", "refund", "r1"),
    Step(44_000, "ana", "ana", "challenge", "refund", "r1", WORDS[0]),
    Step(46_000, "ana", "ana", "approve", "refund", "r1", "approve"),
)


def test_the_second_reading_of_the_rules_lets_an_honest_review_pass() -> None:
    check_approval(REFUND, HONEST[:-1], HONEST[-1], multiplier=1.0)


@pytest.mark.parametrize(
    ("trace", "multiplier", "broken"),
    [
        (HONEST, 2.0, "too soon"),
        ([*HONEST[:4], *HONEST[5:]], 4.0, "too soon"),
        ([one for one in HONEST if one.what != "read"], 1.0, "unread"),
        ([one for one in HONEST if one.what != "judge"], 1.0, "judged once"),
        ([one for one in HONEST if one.what != "challenge"], 1.0, "unchallenged"),
        (
            [replace(one, value="change") if one.what == "judge" else one for one in HONEST],
            1.0,
            "changed mind",
        ),
        ([replace(HONEST[-2], case="mail", at=-1), *HONEST], 1.0, "repeated"),
    ],
)
def test_the_second_reading_of_the_rules_sees_each_shortcut(
    trace: list[Step], multiplier: float, broken: str
) -> None:
    with pytest.raises(AssertionError, match=broken):
        check_approval(REFUND, trace[:-1], trace[-1], multiplier=multiplier)
