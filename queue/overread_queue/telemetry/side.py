"""The leads' door to a collector."""

from __future__ import annotations

from overread_queue.leading.side import OfficeSide
from overread_queue.telemetry.collector import Collector
from overread_queue.telemetry.sending import Sent, send


class TelemetrySide(OfficeSide):
    """One lead who lets a collector know how the desk is doing."""

    def send_telemetry(self, endpoint: str, *, patience: float = 10.0) -> Sent:
        """Tell the OpenTelemetry collector at `endpoint` (OTLP over HTTP) what it was not told yet.

        One trace for each closed escalation, and the counts as they stand; no name of a reviewer
        and no word of a brief. Raises `NotAllowed` without the role, `InvalidRequest` without the
        extra, `Undelivered` for a collector that is out of reach: the next call tells it again.
        """
        self._need_lead()
        ground = self._ground
        collector = Collector(endpoint, ground.desk_id, self.single_operator, patience)
        return send(ground, collector)
