"""What a lead wants to take out of the desk, and what left it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

What = Literal["sessions", "decisions", "escalations", "events"]
Format = Literal["csv", "jsonl", "parquet"]

Progress = Callable[[int, int], None]
"""Told how many rows are done, of how many."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Records of one kind in one period."""

    what: What
    format: Format
    since: int
    """UTC milliseconds; this moment is in the period …"""
    until: int
    """… and this one is not."""
    sensitive: bool = False
    """With what is classed confidential or restricted."""
    names: bool = False
    """With the names of the people whose sessions they are."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What left the desk, as the history has it."""

    rows: int
    sha256: str
    """Of the file."""
    single_operator: bool
