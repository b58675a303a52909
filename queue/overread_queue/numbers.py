"""Shares in words: the one way of writing them, whoever tells them."""

from __future__ import annotations


def percent(share: float) -> str:
    """`30 %`, `7.5 %`, `0.02 %`, `99.6 %`."""
    return f"{hundredths(share)} %"


def hundredths(share: float) -> str:
    """The same without its sign, for bounds and columns that have it elsewhere.

    One digit more below ten and above 99, two at the very ends: only nothing is 0, and only
    everything is 100.
    """
    value = share * 100
    if 0 < value < 0.01:
        return "<0.01"
    if 99.99 < value < 100:
        return ">99.99"
    digits = 2 if value < 0.1 or 99.9 < value < 100 else 1 if value < 10 or 99 < value < 100 else 0
    told = f"{value:,.{digits}f}"
    return told.rstrip("0").rstrip(".") if digits else told


def change(share: float) -> str:
    """`+12 %`, `-7.5 %`: how far something moved, in parts of what it was."""
    return f"{'-' if share < 0 else '+'}{percent(abs(share))}"
