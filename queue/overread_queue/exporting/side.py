"""The leads' door to what leaves the desk."""

from __future__ import annotations

from overread_queue.leading.side import OfficeSide


class ExportSide(OfficeSide):
    """The leads' door to what leaves the desk."""
