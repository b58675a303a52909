"""The random sample of what agents did by themselves, drawn so that nobody can dodge it."""

from __future__ import annotations

import hmac
from typing import NamedTuple

_SPAN = 2**64


class Draw(NamedTuple):
    """Whether a proposal is looked at afterwards, and how likely that was."""

    selected: bool
    probability: float


def audit_draw(key: bytes, proposal_id: str, rate: float) -> Draw:
    """Draw by HMAC-SHA256 of the proposal's id under a key that agents never see.

    The same id is always drawn the same way, and whoever is drawn at a low rate is also drawn at a
    higher one. Disclosing a key after its rotation lets anybody recompute the sample.
    Raises `ValueError` for a short key or a rate that is no probability.
    """
    if len(key) < 16:
        raise ValueError("the audit key has fewer than 16 bytes; make a new one")
    if not 0 <= rate <= 1:
        raise ValueError(f"the audit rate is a probability, not {rate!r}")
    digest = hmac.digest(key, b"overread.audit.v1\0" + proposal_id.encode(), "sha256")
    return Draw(int.from_bytes(digest[:8], "big") < rate * _SPAN, rate)
