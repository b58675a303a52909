"""The handoff brief: what an agent tells the person who decides. Six parts, never a transcript."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, JsonValue, field_validator, model_validator

from overread_briefs.action import Action
from overread_briefs.fields import (
    Finite,
    Identifier,
    Items,
    Line,
    Millis,
    Part,
    Probability,
    Prose,
    Seconds,
    Sensitivity,
    Sha256,
    Slug,
    bounded,
)

SCHEMA_NAME: Final = "overread/brief/1"
WAITS: Final = "waits"
"""A tag: the agent does nothing until it is answered, whatever the policy lets it do meanwhile."""

StepOutcome = Literal["ok", "failed", "skipped"]
Stance = Literal["supports", "contradicts", "neutral"]
OptionKind = Literal["approve", "modify", "reject", "need_info", "escalate"]
Comparison = Literal["<", "<=", ">", ">=", "=", "!=", "in", "not in"]
TriggerKind = Literal[
    "confidence",
    "risk",
    "out_of_distribution",
    "business_rule",
    "policy",
    "tool_failure",
    "anomaly",
    "audit_sample",
]


class Step(Part):
    """One thing the agent did, and how it ended."""

    text: Line
    outcome: StepOutcome = "ok"


class Trigger(Part):
    """Why this came to a person: what was observed against which threshold, by which rule."""

    kind: TriggerKind
    rule: Identifier
    signal: Identifier | None = None
    """Name of what was compared, such as `amount`."""
    observed: Finite | Line | bool | None = None
    comparison: Comparison | None = None
    threshold: Finite | Line | bool | None = None


class Link(Part):
    """Evidence kept elsewhere, pinned by its digest."""

    url: Annotated[str, Field(min_length=1, max_length=2048)]
    sha256: Sha256


class Evidence(Part):
    """One fact, with where it comes from and what it says about the recommendation."""

    id: Slug
    title: Line
    content: Prose | None = None
    link: Link | None = None
    source: Annotated[str, Field(min_length=1, max_length=60)]
    as_of: Millis
    """When this was true, UTC milliseconds."""
    max_age: Seconds | None = None
    """Seconds after which it counts as stale; none means it does not age."""
    stance: Stance = "neutral"
    sensitivity: Sensitivity = "internal"

    @model_validator(mode="after")
    def _has_substance(self) -> Self:
        if self.content is None and self.link is None:
            raise ValueError("Give `content`, or a `link` with its sha256.")
        return self

    def stale_at(self, now: int) -> bool:
        """Whether it is older than its maximum age at `now` (UTC milliseconds)."""
        return self.max_age is not None and now - self.as_of > self.max_age * 1000


class Recommendation(Part):
    """What the agent would choose: a suggestion, never a conclusion."""

    option: Slug
    reason: Line
    confidence: Probability
    doubt: Line | None = None
    """The strongest reason it could be wrong."""


class Option(Part):
    """One thing the reviewer can choose, and what happens next if it is chosen."""

    key: Slug
    label: Line
    kind: OptionKind
    consequence: Line
    patch: dict[str, JsonValue] | None = None
    """A ready-made modification: parameters to replace. Only for `modify`."""

    @model_validator(mode="after")
    def _patch_modifies(self) -> Self:
        if self.patch is not None and self.kind != "modify":
            raise ValueError("Remove `patch`, or make the option of kind `modify`.")
        return self


class Transformation(Part):
    """One change the data went through before it reached the brief."""

    step: Line
    by: Identifier
    at: Millis


class Provenance(Part):
    """Where the case comes from."""

    source: Line
    at: Millis
    history: Annotated[Items[Transformation], Field(max_length=100)] = ()

    @field_validator("history", mode="before")
    @classmethod
    def _bounded(cls, value: object) -> object:
        return bounded(value)


class Software(Part):
    """A program or model by name and version."""

    name: Identifier
    version: Identifier


class Brief(Part):
    """What an agent hands to a reviewer. See briefs/README.md for the contract in words."""

    schema_name: Literal["overread/brief/1"] = Field(default=SCHEMA_NAME, alias="schema")

    accomplished: Annotated[Items[Step], Field(min_length=1, max_length=40)]
    """1: what the agent did."""
    question: Line
    """2: the one decision required."""
    triggers: Annotated[Items[Trigger], Field(min_length=1, max_length=12)]
    """3: why it escalates, in the agent's words; the policy's own triggers are stored beside."""
    evidence: Annotated[Items[Evidence], Field(min_length=1, max_length=60)]
    """4: the facts."""
    recommendation: Recommendation | None = None
    """5: what the agent would choose."""
    options: Annotated[Items[Option], Field(min_length=1, max_length=6)]
    """6: what can be chosen. Reject, need info and hand on are added where they are missing."""

    action: Action
    agent: Software
    model: Software | None = None
    run: Identifier | None = None
    """The workflow this belongs to; without one the escalation is a run of its own."""
    signals: Annotated[dict[Identifier, Finite], Field(max_length=40)] = Field(default_factory=dict)
    provenance: Provenance
    latency_tolerance: Seconds | None = None
    """Seconds this may wait for company before it interrupts somebody."""
    sensitivity: Sensitivity = "internal"
    tags: Annotated[Items[Identifier], Field(max_length=20)] = ()

    @field_validator("accomplished", "triggers", "evidence", "options", "tags", mode="before")
    @classmethod
    def _bounded(cls, value: object) -> object:
        return bounded(value)

    @model_validator(mode="after")
    def _refers_to_itself(self) -> Self:
        _unique("evidence", [item.id for item in self.evidence])
        _unique("options", [option.key for option in self.options])
        if not any(option.kind in ("approve", "modify") for option in self.options):
            raise ValueError("Add an option of kind `approve` or `modify`.")
        chosen = self.recommendation and self.recommendation.option
        if chosen and chosen not in {option.key for option in self.options}:
            raise ValueError(f"`recommendation.option` names {chosen!r}: use a key of `options`.")
        return self

    def to_bytes(self) -> bytes:
        """The bytes to submit: compact JSON, absent parts left out."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()


def _unique(name: str, keys: list[str]) -> None:
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"`{name}` uses {', '.join(map(repr, twice))} more than once: rename one.")
