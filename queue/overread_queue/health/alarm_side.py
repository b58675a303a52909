"""The leads' door to the alarms."""

from __future__ import annotations

from overread_queue.leading.side import OfficeSide


class AlarmSide(OfficeSide):
    """The leads' door to the alarms."""
