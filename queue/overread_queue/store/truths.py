"""Statements on `truth`: whether what was proposed was right, by whom and how it is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from overread_queue.states import EscalationKind
from overread_queue.store.over import FORGOTTEN_MS
from overread_queue.store.rows import Stored
from overread_queue.store.table import Table, Value

Truth = Literal["right", "wrong"]
"""Of what the agent proposed, whatever people made of it."""
Source = Literal["outcome", "audit", "second_reading"]
"""How it is known: by what came of it, by examining it afterwards, or by reading it once more
without knowing what was decided. That a person approved it is no source."""


@dataclass(frozen=True, slots=True)
class TruthRow(Stored):
    """What a lead found out about a closed escalation."""

    escalation: str
    truth: Truth
    source: Source
    harmful: bool
    """It was wrong, and somebody was or would have been harmed."""
    loss: float | None
    """What it cost, or would have, in the currency of the policy; None where nobody knows."""
    at: int
    by: str
    note: str
    """Empty after it was erased."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "harmful", bool(self.harmful))


@dataclass(frozen=True, slots=True)
class Unjudged(Stored):
    """A closed item about which nobody has said the truth."""

    escalation: str
    kind: EscalationKind
    agent: str
    action_type: str
    created_at: int
    closed_at: int
    question: str
    verdict: str | None
    """As recorded."""
    outcome: Literal["ok", "failed"] | None
    """What its agent reported."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", EscalationKind(self.kind))

    @property
    def approved(self) -> bool:
        return self.verdict in ("approve", "modify")


@dataclass(frozen=True, slots=True)
class Done(Stored):
    """An action that ran by itself and was drawn for, or that came before people and is closed."""

    proposal: str
    agent: str
    action_type: str
    agent_version: str
    proposed_at: int
    inputs: str | None
    """What the policy judged by; None where that was erased."""
    probability: float | None
    """With which the random sample took it; None for what came before people anyway."""
    sampled: int | None
    escalation: str | None
    """The question, or the audit, that it led to."""
    asked_at: int | None
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Twice:
    """Something that two people read, neither of whom saw what the other said."""

    escalation: str
    first: bool
    """The one who spoke first found something wrong with it."""
    second: bool


def settled(words: Iterable[TruthRow]) -> Truth | None:
    """What several sources come to: wrong as long as one says so. None where nobody knows."""
    said = {one.truth for one in words}
    if "wrong" in said:
        return "wrong"
    return "right" if said else None


class Truths(Table):
    """A word is added and never taken back; the last one of each source stands."""

    file = "truth"

    def add(self, new: TruthRow) -> None:
        values: dict[str, Value] = {
            "escalation": new.escalation,
            "truth": new.truth,
            "source": new.source,
            "harmful": int(new.harmful),
            "loss": new.loss,
            "now": new.at,
            "by": new.by,
            "note": new.note,
        }
        self._all("add", values)

    def of(self, escalation: str) -> list[TruthRow]:
        """The words that stand, one of each source, oldest first; `settled` says what they come
        to."""
        return [TruthRow.of(row) for row in self._all("of", {"escalation": escalation})]

    def since(self, since: int) -> list[TruthRow]:
        """Those said since a moment that still stand, oldest first."""
        return [TruthRow.of(row) for row in self._all("since", {"since": since})]

    def of_proposals(self, *, since: int) -> dict[str, list[TruthRow]]:
        """What is known of each action that was proposed since a moment, by its proposal."""
        words: dict[str, list[TruthRow]] = {}
        for row in self._all("of_proposals", {"since": since}):
            words.setdefault(row["proposal"], []).append(TruthRow.of(row))
        return words

    def unjudged(self, *, since: int, now: int) -> list[Unjudged]:
        """What closed since a moment, is over, can still be read, and has no word about it."""
        values = {"since": since, "forgotten": now - FORGOTTEN_MS}
        return [Unjudged.of(row) for row in self._all("unjudged", values)]

    def population(self, *, since: int, now: int) -> list[Done]:
        """Everything proposed since a moment that is over, and a rate can be about, oldest
        first."""
        values = {"since": since, "forgotten": now - FORGOTTEN_MS}
        return [Done.of(row) for row in self._all("population", values)]

    def ruling_since(self, policy_sha256: str) -> int | None:
        """When this policy first ruled on something; None where it never has."""
        row = self._one("ruling_since", {"sha256": policy_sha256})
        return row["seen_at"] if row else None

    def twice_read(self, *, since: int, until: int) -> list[Twice]:
        """What two people read, one of them in the period; a third opinion does not count."""
        said: dict[tuple[str, int], list[bool]] = {}
        for row in self._all("twice_read", {"since": since, "until": until}):
            said.setdefault((row["escalation"], row["attempt"]), []).append(bool(row["objected"]))
        return [Twice(id, *both[:2]) for (id, _), both in said.items() if len(both) > 1]
