"""The random sample of what agents did by themselves, drawn so that nobody can dodge it."""

from __future__ import annotations

from typing import NamedTuple

from overread_queue.friction.drawing import drawn

_DOMAIN = b"overread.audit.v1\0"


class Draw(NamedTuple):
    """Whether a proposal is looked at afterwards, and how likely that was."""

    selected: bool
    probability: float


def audit_draw(key: bytes, proposal_id: str, rate: float) -> Draw:
    """Draw a proposal under a key that agents never see; see `drawn` for what is promised.

    Disclosing a key after its rotation lets anybody recompute the sample.
    Raises `ValueError` for a short key or a rate that is no probability.
    """
    return Draw(drawn(key, _DOMAIN, proposal_id, rate), rate)
