"""The base of every refusal."""

from __future__ import annotations


class OverreadError(Exception):
    """Base of everything Overread raises on purpose."""
