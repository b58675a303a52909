"""Statements on `action` and `objection`: what agents proposed, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.states import Tier
from overread_queue.store.over import FORGOTTEN_MS, UNASKED_MS
from overread_queue.store.rows import Stored
from overread_queue.store.table import Table, Value


@dataclass(frozen=True, slots=True)
class ActionRow(Stored):
    id: str
    agent: str
    action_type: str
    action_sha256: str
    policy_sha256: str
    tier: Tier
    rules: str
    inputs: str | None
    """What the policy judged by."""
    parameters: str | None
    """What would be executed, exactly."""
    agent_version: str
    """Empty where the agent did not say."""
    proposed_at: int
    asked: int
    """1 where it came with a brief, so that somebody looks at it anyway."""
    escalation: str | None
    """The question it led to, if it did."""
    probability: float | None
    sampled: int | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "tier", Tier(self.tier))


@dataclass(frozen=True, slots=True)
class DrawnRow(Stored):
    """How the random sample fell for one action."""

    id: str
    proposed_at: int
    probability: float
    sampled: int


@dataclass(frozen=True, slots=True)
class ObjectionRow(Stored):
    action: str
    reviewer: str
    at: int
    reason: str
    action_type: str
    action_sha256: str


class Actions(Table):
    file = "action"

    def get(self, id: str) -> ActionRow | None:
        row = self._one("get", {"id": id})
        return ActionRow.of(row) if row else None

    def add(self, new: ActionRow) -> None:
        values: dict[str, Value] = {
            "id": new.id,
            "agent": new.agent,
            "action_type": new.action_type,
            "action_sha256": new.action_sha256,
            "policy_sha256": new.policy_sha256,
            "tier": new.tier,
            "rules": new.rules,
            "inputs": new.inputs,
            "parameters": new.parameters,
            "agent_version": new.agent_version,
            "now": new.proposed_at,
            "asked": new.asked,
            "escalation": new.escalation,
        }
        self._all("add", values)

    def link(self, id: str, escalation: str) -> bool:
        """False where the proposal already led to an escalation."""
        return self._one("link", {"id": id, "escalation": escalation}) is not None

    def behind(self, escalation: str) -> ActionRow | None:
        """The proposal that a question is about; None for a blind test."""
        row = self._one("behind", {"escalation": escalation})
        return ActionRow.of(row) if row else None

    def undrawn(self, *, most: int) -> list[ActionRow]:
        return [ActionRow.of(row) for row in self._all("undrawn", {"most": most})]

    def draw(self, id: str, *, probability: float, sampled: bool) -> bool:
        """False where another process drew first."""
        values: dict[str, Value] = {"id": id, "probability": probability, "sampled": int(sampled)}
        return self._one("draw", values) is not None

    def drawn(self, *, until: int) -> list[DrawnRow]:
        """What was proposed before a moment and drawn for."""
        return [DrawnRow.of(row) for row in self._all("drawn", {"until": until})]

    def first_seen(self, agent: str, version: str) -> int | None:
        """When this version of an agent first proposed something."""
        at: int | None = self._all("first_seen", {"agent": agent, "version": version})[0]["at"]
        return at

    def recorded(self, *, since: int, now: int) -> list[ActionRow]:
        """What agents proposed, and is over, oldest first."""
        values = {
            "since": since,
            "forgotten": now - FORGOTTEN_MS,
            "unasked": now - UNASKED_MS,
        }
        return [ActionRow.of(row) for row in self._all("recorded", values)]

    def notices(self, *, since: int, most: int) -> list[tuple[ActionRow, int]]:
        """Each with how many people object."""
        rows = self._all("notices", {"since": since, "most": most})
        return [(ActionRow.of(row), row["objections"]) for row in rows]

    def object(self, action: str, *, reviewer: str, reason: str, now: int) -> bool:
        """False where this reviewer objected before."""
        values: dict[str, Value] = {
            "action": action,
            "reviewer": reviewer,
            "reason": reason,
            "now": now,
        }
        return self._one("object", values) is not None

    def objections_to(self, agent: str, *, since: int) -> list[ObjectionRow]:
        rows = self._all("objections_to", {"agent": agent, "since": since})
        return [ObjectionRow.of(row) for row in rows]

    def troubles(self, agent: str, *, since: int) -> tuple[int, int]:
        """Rejections by people and failed outcomes since a moment."""
        row = self._all("troubles", {"agent": agent, "since": since})[0]
        return row["rejections"], row["failures"]
