"""Sensitivity classes: their order, and what hides behind a placeholder until it is revealed."""

from __future__ import annotations

from typing import get_args

from overread_briefs.fields import Sensitivity

ORDER: tuple[Sensitivity, ...] = get_args(Sensitivity)
"""From the class that anybody may read to the one that hardly anybody may."""

_MASKED: frozenset[Sensitivity] = frozenset({"confidential", "restricted"})


def is_masked(sensitivity: Sensitivity) -> bool:
    """Whether it stays hidden until the reviewer reveals it."""
    return sensitivity in _MASKED


def mask(text: str, sensitivity: Sensitivity = "confidential") -> str:
    """The text, or a placeholder where its class is masked. The placeholder tells no length."""
    return f"masked ({sensitivity}): reveal to read" if is_masked(sensitivity) else text
