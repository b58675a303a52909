"""Approvals inside their undo window: unsigned, and gone from the reviewer's hands for now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from overread_queue.errors import InvalidRequest
from overread_queue.models import Receipt


@dataclass(frozen=True, slots=True)
class HeldView:
    """The last approval that can still be taken back."""

    label: str
    question: str
    seconds_left: int
    others: int
    """How many earlier ones are held as well."""

    def words(self, key: str = "u") -> str:
        """`approve refund: held 10 s · u takes it back`."""
        more = f" (and {self.others} more)" if self.others else ""
        return f"{self.label}: held {self.seconds_left} s{more} · {key} takes it back"

    def short(self) -> str:
        """The same beside something else to say: `held 10 s (u)`."""
        return f"held {self.seconds_left} s (u)"


@dataclass(frozen=True, slots=True)
class Held:
    """One of them, with the words to speak of it."""

    receipt: Receipt
    label: str
    question: str
    session: str
    """Id of the session it was chosen in."""

    @property
    def words(self) -> str:
        return f"{self.label}: {self.question}"


class HeldShelf:
    """All of them, the last one on top."""

    def __init__(self) -> None:
        self._all: list[Held] = []

    def put(self, held: Held) -> None:
        self._all.append(held)

    def top(self) -> Held:
        """The last one, still on the shelf."""
        if not self._all:
            raise InvalidRequest("nothing is held, so there is nothing to take back")
        return self._all[-1]

    def drop(self, held: Held) -> None:
        self._all.remove(held)

    def released(self, receipt: Receipt) -> str:
        """Forget the one that was recorded; the words to say so."""
        for held in self._all:
            if _same(held.receipt, receipt):
                self.drop(held)
                return held.words
        return receipt.option

    def verdicts(self, session: str, *, after: int) -> Counter[str]:
        """What that session chose and releases only after a moment (UTC milliseconds)."""
        receipts = (held.receipt for held in self._all if held.session == session)
        return Counter(
            receipt.verdict
            for receipt in receipts
            if receipt.verdict is not None and receipt.release_at > after
        )

    def view(self, now: int) -> HeldView | None:
        """The top of the shelf at `now`."""
        if not self._all:
            return None
        last = self._all[-1]
        left = max((last.receipt.release_at - now + 999) // 1000, 0)
        return HeldView(last.label, last.question, left, len(self._all) - 1)


def _same(one: Receipt, other: Receipt) -> bool:
    return (one.escalation, one.attempt) == (other.escalation, other.attempt)
