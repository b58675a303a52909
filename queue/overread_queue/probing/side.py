"""The leads' door to blind tests."""

from __future__ import annotations

from overread_queue.leading.side import OfficeSide


class ProbeSide(OfficeSide):
    """The leads' door to blind tests."""
