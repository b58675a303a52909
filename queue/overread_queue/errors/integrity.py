"""What must not be believed. No action may follow from it."""

from __future__ import annotations

from overread_queue.errors.base import OverreadError


class IntegrityError(OverreadError):
    """Something that must not be believed. No action may follow from it."""


class Forged(IntegrityError):
    """A signature is missing, wrong, or by a key that is not trusted for it."""


class Tampered(IntegrityError):
    """Content does not match what was signed or submitted."""


class Replayed(IntegrityError):
    """A decision that was already used, or belongs to something else."""


class Expired(IntegrityError):
    """A decision that came true too late to act on."""


class TooEarly(IntegrityError):
    """A decision from the future: not it is late, but this clock."""
