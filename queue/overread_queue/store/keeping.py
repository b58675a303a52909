"""Statements on what is kept and what is erased: legal holds, and the payloads themselves."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.store.driver import TRACELESS, VERSION
from overread_queue.store.rows import Stored
from overread_queue.store.table import Table, Value


@dataclass(frozen=True, slots=True)
class HoldRow(Stored):
    """Something that is kept whatever the retention says."""

    id: str
    kind: str
    """`escalation`, `agent` or `run`."""
    subject: str
    at: int
    by: str
    reason: str
    lifted_at: int | None
    lifted_by: str | None


@dataclass(frozen=True, slots=True)
class ExpiredRow(Stored):
    """A closed escalation whose payload is past its retention."""

    id: str
    agent: str
    run: str
    held: int
    in_use: int
    """An agent may still act on it."""

    @property
    def erasable(self) -> bool:
        return not (self.held or self.in_use)


class Keeping(Table):
    file = "keeping"

    def expired(
        self, *, before: int, usable_since: int, after: str = "", most: int
    ) -> list[ExpiredRow]:
        """The next ones by id after `after`."""
        values: dict[str, Value] = {
            "before": before,
            "usable_since": usable_since,
            "after": after,
            "most": most,
        }
        return [ExpiredRow.of(row) for row in self._all("expired", values)]

    def holds_on(self, id: str, *, agent: str, run: str) -> list[HoldRow]:
        rows = self._all("holds_on", {"id": id, "agent": agent, "run": run})
        return [HoldRow.of(row) for row in rows]

    def holds(self) -> list[HoldRow]:
        """All of them, the lifted ones too, oldest first."""
        return [HoldRow.of(row) for row in self._all("holds", {})]

    def add_hold(self, new: HoldRow) -> bool:
        """False where it was held already."""
        values: dict[str, Value] = {
            "id": new.id,
            "kind": new.kind,
            "subject": new.subject,
            "now": new.at,
            "by": new.by,
            "reason": new.reason,
        }
        return self._one("add_hold", values) is not None

    def lift_hold(self, kind: str, subject: str, *, by: str, now: int) -> bool:
        """False where nothing was held."""
        values: dict[str, Value] = {"kind": kind, "subject": subject, "by": by, "now": now}
        return self._one("lift_hold", values) is not None

    def erase(self, id: str, *, why: str, now: int) -> bool:
        """Everything that people and agents wrote about an escalation. False if it was gone."""
        if self._one("erase_payload", {"id": id, "why": why, "now": now}) is None:
            return False
        here = {"id": id}
        self._all("erase_reviews", here)
        self._all("erase_comments", here)
        self._all("erase_challenges", here)
        self._all("erase_opinions", here)
        self._all("erase_truths", here)
        self._all("erase_probes", here)
        self._all("erase_outcomes", here)
        self._all("erase_messages", here)
        self._all("erase_proposals", here)
        self._erase_words(id)
        return True

    def _erase_words(self, id: str) -> None:
        """Out of the index, too, where an entry that is only deleted would leave its words."""
        if VERSION >= TRACELESS:
            self._all("delete_without_trace", {})
        self._all("erase_words", {"id": id})
        if VERSION < TRACELESS:
            self._all("merge_words", {})

    def old_proposals(self, *, before: int) -> list[tuple[str, bool]]:
        """Ids of proposals that led to no question, and whether they are held."""
        rows = self._all("old_proposals", {"before": before})
        return [(row["id"], bool(row["held"])) for row in rows]

    def erase_proposal(self, id: str) -> None:
        """What was proposed, and what people held against it."""
        self._all("erase_proposal", {"id": id})
        self._all("erase_objections", {"id": id})

    def old_messages(self, *, before: int) -> list[tuple[int, bool]]:
        """Ids of messages that led to no question, and whether they are held."""
        rows = self._all("old_messages", {"before": before})
        return [(row["id"], bool(row["held"])) for row in rows]

    def erase_message(self, id: int) -> None:
        self._all("erase_message", {"id": id})
