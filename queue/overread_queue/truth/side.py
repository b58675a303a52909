"""The leads' door to what was really right."""

from __future__ import annotations

from overread_queue.leading.side import OfficeSide


class TruthSide(OfficeSide):
    """The leads' door to what was really right."""
