"""Statements on the words of briefs, to be found again."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from overread_briefs.decision import Verdict
from overread_queue.states import EscalationState, Tier
from overread_queue.store.over import FORGOTTEN_MS
from overread_queue.store.rows import Stored
from overread_queue.store.schema import wanted
from overread_queue.store.table import Table, Value


@dataclass(frozen=True, slots=True)
class Hit(Stored):
    """An escalation in which the words were found."""

    id: str
    question: str
    agent: str
    action_type: str
    tier: Tier
    pool: str
    state: EscalationState
    verdict: Verdict | None
    """As recorded; only the agents' door verifies it."""
    created_at: int
    excerpt: str
    """Where, with what was looked for in brackets."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tier", Tier(self.tier))
        object.__setattr__(self, "state", EscalationState(self.state))


@dataclass(frozen=True, slots=True)
class Words:
    """What may be found of one escalation."""

    question: str
    steps: str
    evidence: str
    reasons: str


class Search(Table):
    file = "search"

    def behind(self) -> tuple[int, int]:
        """Number of the last event that was read for the index, and of the last one there is."""
        row = self._all("behind", {})[0]
        return row["read"], row["head"]

    def changed(self, *, after: int, up_to: int) -> list[str]:
        """Escalations whose words are other than before."""
        rows = self._all("changed", {"after": after, "up_to": up_to})
        return [row["escalation"] for row in rows]

    def read_up_to(self, seq: int) -> None:
        self._all("read_up_to", {"seq": seq})

    def put(self, escalation: str, words: Words | None) -> None:
        """In place of what was there; None takes it out."""
        self._all("drop", {"escalation": escalation})
        if words is not None:
            values: dict[str, Value] = {
                "escalation": escalation,
                "question": words.question,
                "steps": words.steps,
                "evidence": words.evidence,
                "reasons": words.reasons,
            }
            self._all("add", values)

    def found(
        self, query: str, *, pools: Collection[str] | None, since: int, now: int, most: int
    ) -> list[Hit]:
        """The newest first, of what is over in these pools; any at all where `pools` is None.
        `query` as FTS5 reads it."""
        values: dict[str, Value] = {
            "query": query,
            "pools": None if pools is None else json.dumps(sorted(pools)),
            "since": since,
            "forgotten": now - FORGOTTEN_MS,
            "most": most,
        }
        return [Hit.of(row) for row in self._all("found", values)]

    def renew(self) -> None:
        """An empty index in place of this one, whatever state it is in."""
        self._all("throw_away", {})
        self._connection.execute(wanted()["words"])
        self._all("forget", {})
