"""Traces and metrics for those who have an OpenTelemetry collector: no names, no words."""
