"""What can be wrong with a brief, in sentences that say what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class BriefError(Exception):
    """Base of every refusal of this package."""


class BadJson(BriefError):
    """The bytes are not JSON that every language reads the same way."""


class TooLarge(BadJson):
    """More bytes than a document may have; refused before it is parsed."""

    def __init__(self, size: int, limit: int) -> None:
        self.size = size
        self.limit = limit
        super().__init__(
            f"It has {size:,} bytes, {limit:,} at most: "
            "put large material elsewhere and link to it with its sha256."
        )


class NotCanonical(BriefError):
    """The value has no canonical JSON form (RFC 8785), so it can have no digest."""


class UnknownMark(BriefError):
    """The text holds a ⟪mark⟫ that `visible()` never writes."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        super().__init__(f"{mark} is not a mark that visible() writes: pass its text unchanged.")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to change."""

    field: str
    """Dotted path from the top of the document, such as `options.1.consequence`."""
    problem: str
    """A sentence that says what to do."""

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}"


class InvalidBrief(BriefError):
    """The brief is refused; `faults` holds everything to change, not only the first thing."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
