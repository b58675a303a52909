"""An OpenTelemetry collector, spoken to over HTTP, where the extra `otel` is installed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from overread_queue.errors import InvalidRequest, Undelivered
from overread_queue.telemetry.counts import Count, Counts
from overread_queue.telemetry.spans import Span

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics.export import Gauge, Metric, NumberDataPoint, Sum
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import SpanContext

_MISSING = "telemetry needs an extra; run `pip install 'overread[otel]'`"
_NANO = 1_000_000
"""Nanoseconds in a millisecond."""


@dataclass(frozen=True, slots=True)
class Collector:
    """One collector, told of one desk. Raises `InvalidRequest` without the extra or for what is no
    address."""

    endpoint: str
    """Such as http://localhost:4318; /v1/traces and /v1/metrics come after it."""
    desk: str
    single_operator: bool
    patience: float = 10.0
    """Seconds until it counts as out of reach."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.endpoint)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise InvalidRequest(f"{self.endpoint} is no address; write http://localhost:4318")
        try:
            import opentelemetry.exporter.otlp.proto.http  # noqa: F401
        except ImportError as error:
            raise InvalidRequest(_MISSING) from error

    def trace(self, spans: Sequence[Span]) -> None:
        """Ids follow from what is told, so that being told twice adds nothing. Raises
        `Undelivered`."""
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import SpanExportResult

        if not spans:
            return
        resource = self._resource()
        with _quiet():
            exporter = OTLPSpanExporter(self._at("/v1/traces"), timeout=self.patience)
            told = exporter.export([self._span(one, resource) for one in spans])
            exporter.shutdown()  # type: ignore[no-untyped-call]
        if told is not SpanExportResult.SUCCESS:
            raise Undelivered(self.endpoint)

    def count(self, counts: Counts, *, since: int, now: int) -> None:
        """Numbers as they stand at `now`; decisions are counted from `since`. Raises
        `Undelivered`."""
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.sdk.metrics.export import (
            MetricExportResult,
            MetricsData,
            ResourceMetrics,
            ScopeMetrics,
        )
        from opentelemetry.sdk.util.instrumentation import InstrumentationScope

        metrics = [*_metrics(counts, since=since, now=now)]
        scope = ScopeMetrics(InstrumentationScope("overread"), metrics, "")
        data = MetricsData([ResourceMetrics(self._resource(), [scope], "")])
        with _quiet():
            exporter = OTLPMetricExporter(self._at("/v1/metrics"), timeout=self.patience)
            told = exporter.export(data)
            exporter.shutdown()
        if told is not MetricExportResult.SUCCESS:
            raise Undelivered(self.endpoint)

    # -- inside

    def _at(self, path: str) -> str:
        return self.endpoint.rstrip("/") + path

    def _resource(self) -> Resource:
        from opentelemetry.sdk.resources import Resource

        return Resource(
            {
                "service.name": "overread",
                "service.instance.id": self.desk,
                "overread.single_operator": self.single_operator,
            }
        )

    def _span(self, span: Span, resource: Resource) -> ReadableSpan:
        from opentelemetry.sdk.trace import ReadableSpan
        from opentelemetry.sdk.util.instrumentation import InstrumentationScope
        from opentelemetry.trace import Status, StatusCode

        whole = span.name == "escalation"
        return ReadableSpan(
            span.name,
            context=self._context(span.escalation, span.name, span.number),
            parent=None if whole else self._context(span.escalation, "escalation", 0),
            resource=resource,
            attributes=span.attributes,
            status=Status(StatusCode.ERROR if span.failed else StatusCode.UNSET),
            start_time=span.start * _NANO,
            end_time=span.end * _NANO,
            instrumentation_scope=InstrumentationScope("overread"),
        )

    def _context(self, escalation: str, name: str, number: int) -> SpanContext:
        from opentelemetry.trace import SpanContext, TraceFlags

        trace = _number(f"{self.desk}/{escalation}", 16)
        span = _number(f"{self.desk}/{escalation}/{name}/{number}", 8)
        flags = TraceFlags(TraceFlags.SAMPLED)
        return SpanContext(trace, span, is_remote=False, trace_flags=flags)


def _number(text: str, size: int) -> int:
    return int.from_bytes(hashlib.sha256(b"overread.trace.v1\0" + text.encode()).digest()[:size])


def _metrics(counts: Counts, *, since: int, now: int) -> Iterator[Metric]:
    from opentelemetry.sdk.metrics.export import AggregationTemporality, Gauge, Metric, Sum

    def gauge(of: Sequence[Count]) -> Gauge:
        return Gauge([_point(one, now, now) for one in of])

    total = Sum(
        [_point(one, since, now) for one in counts.decisions],
        AggregationTemporality.CUMULATIVE,
        is_monotonic=True,
    )
    named: tuple[tuple[str, str, str, Gauge | Sum], ...] = (
        ("overread.depth", "open escalations", "1", gauge(counts.depth)),
        ("overread.depth.expected", "review that they take", "s", gauge(counts.depth_seconds)),
        ("overread.decisions", "signed answers", "1", total),
        ("overread.alarms", "standing alarms", "1", gauge(counts.alarms)),
    )
    for name, description, unit, data in named:
        if data.data_points:
            yield Metric(name, description, unit, data)


def _point(count: Count, start: int, now: int) -> NumberDataPoint:
    from opentelemetry.sdk.metrics.export import NumberDataPoint

    of: Mapping[str, str] = count.of
    return NumberDataPoint(of, start * _NANO, now * _NANO, count.value)


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporters tell a log of what is raised here by its name."""
    log = logging.getLogger("opentelemetry")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)
