"""Sensitivity classes: their order, and what hides behind a placeholder until it is revealed."""

from __future__ import annotations

from collections.abc import Mapping
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


def stricter(
    one: Mapping[str, Sensitivity], other: Mapping[str, Sensitivity]
) -> dict[str, Sensitivity]:
    """Classes by name from two who may each have forgotten some: the stricter of both counts."""
    return {
        name: max((by[name] for by in (one, other) if name in by), key=ORDER.index)
        for name in {**one, **other}
    }
