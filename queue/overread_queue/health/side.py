"""The leads' door to the measures of oversight."""

from __future__ import annotations

from overread_queue.leading.side import OfficeSide


class HealthSide(OfficeSide):
    """The leads' door to the measures of oversight."""
