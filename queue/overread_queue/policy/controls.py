"""Regulation as data: which records evidence which requirement, and whether there are any.

A record evidences that something was done. It does not make anybody compliant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field

from overread_briefs.fields import Identifier, Items, Line, Part
from overread_queue.errors import InvalidPolicy
from overread_queue.files import read_trusted
from overread_queue.tomlfile import TomlText

RecordKind = Literal[
    "adjudication",
    "alarm",
    "audit_sample",
    "challenge",
    "checkpoint",
    "competence",
    "decision",
    "dual_review",
    "escalation",
    "event",
    "export",
    "halt",
    "incident",
    "notice",
    "objection",
    "override",
    "policy",
    "probe_result",
    "proposal",
    "purge",
    "reviewer",
    "rollback",
    "session",
    "signoff",
    "withheld_judgement",
]
"""What the desk keeps, by the names that `mark` counts them under."""

RECORD_KINDS: tuple[RecordKind, ...] = get_args(RecordKind)
Evidenced = Literal["evidenced", "partial", "no data in period"]


class Control(Part):
    """One requirement, in our own words, and the records that speak to it."""

    id: Identifier
    framework: Line
    reference: Line
    """Article or subcategory, as it is cited."""
    requires: Line
    records: Annotated[Items[RecordKind], Field(min_length=1)]
    """All of these must be there for it to be evidenced."""
    artefact: Line
    """What an auditor is handed."""
    owner: Line
    from_day: Annotated[dt.date | None, Field(strict=False, alias="from")] = None
    """When the duty begins; left out where it is in force or is no law."""


class Controls(Part):
    """A mapping of requirements to records."""

    schema_name: Literal["overread/controls/1"] = Field(alias="schema")
    note: Line
    """What is not verified about it."""
    controls: Annotated[Items[Control], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a period holds for one requirement."""

    control: Control
    state: Evidenced
    counts: Mapping[RecordKind, int]
    missing: tuple[RecordKind, ...]
    """Kinds of which there is none."""


def load_controls(path: Path | None = None) -> Controls:
    """The mapping at `path`, or the one that ships. Raises `InvalidPolicy`."""
    if path is None:
        shipped = files("overread_queue.policy") / "controls.toml"
        return parse_controls(shipped.read_bytes(), source="controls.toml")
    return parse_controls(read_trusted(path), source=str(path))


def parse_controls(data: bytes, *, source: str) -> Controls:
    """Raises `InvalidPolicy` with file, line and remedy."""
    text = TomlText(data, source=source)
    controls = text.read(Controls)
    seen: set[str] = set()
    for at, control in enumerate(controls.controls):
        if control.id in seen:
            problem = f"{control.id!r} is there already; choose another"
            raise InvalidPolicy(text.fault(("controls", at, "id"), problem))
        seen.add(control.id)
    return controls


def mark(controls: Controls, counts: Mapping[str, int]) -> tuple[Mark, ...]:
    """`counts` are records of the period by kind. Nothing is evidenced by default."""
    return tuple(_mark(control, counts) for control in controls.controls)


def _mark(control: Control, counts: Mapping[str, int]) -> Mark:
    found: dict[RecordKind, int] = {kind: max(0, counts.get(kind, 0)) for kind in control.records}
    missing = tuple(kind for kind in control.records if not found[kind])
    if not missing:
        return Mark(control, "evidenced", found, missing)
    state: Evidenced = "no data in period" if len(missing) == len(found) else "partial"
    return Mark(control, state, found, missing)
