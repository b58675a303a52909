"""Shares are written one way everywhere, and never as more or less than they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import overread_console
import overread_queue
from overread_queue.numbers import change, percent

_OTHER_WAYS = re.compile(r":[^}\"']*%}|\d+%(?![\w%])|\* 100:|100 \* [^}\"']*:\.\d")


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0, "0 %"),
        (0.00001, "<0.01 %"),
        (0.0002, "0.02 %"),
        (0.02, "2 %"),
        (0.075, "7.5 %"),
        (0.0996, "10 %"),
        (0.304, "30 %"),
        (0.9949, "99.5 %"),
        (0.9999, "99.99 %"),
        (0.999999, ">99.99 %"),
        (1, "100 %"),
        (12.5, "1,250 %"),
    ],
)
def test_there_are_more_digits_where_they_matter(share: float, told: str) -> None:
    assert percent(share) == told


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_only_nothing_is_none_and_only_everything_is_all(share: float) -> None:
    assert percent(share) not in ("0 %", "100 %")


@given(st.floats(0, 3), st.floats(0, 3))
def test_a_larger_share_never_looks_smaller(one: float, other: float) -> None:
    smaller, larger = sorted((one, other))
    assert _size(percent(smaller)) <= _size(percent(larger))


@pytest.mark.parametrize(("share", "told"), [(0.12, "+12 %"), (-0.075, "-7.5 %"), (0, "+0 %")])
def test_a_change_says_which_way(share: float, told: str) -> None:
    assert change(share) == told


def test_nobody_writes_them_another_way() -> None:
    roots = [Path(one.__file__).parent for one in (overread_queue, overread_console)]
    found = {
        f"{file.name}: {line.strip()}"
        for root in roots
        for file in root.rglob("*.py")
        if file.name != "numbers.py"
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(r"f['\"]", line) and _OTHER_WAYS.search(line)
    }
    assert found == set()


def _size(told: str) -> float:
    number = told.removesuffix(" %").replace(",", "")
    if number.startswith(("<", ">")):
        return float(number[1:]) + (0.005 if number[0] == ">" else -0.005)
    return float(number)
