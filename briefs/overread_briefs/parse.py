"""Received bytes become a brief, or a list of everything to change."""

from __future__ import annotations

from typing import Literal, assert_never

from pydantic import JsonValue, ValidationError

from overread_briefs.brief import SCHEMA_NAME, Brief
from overread_briefs.budget import over_budget
from overread_briefs.canonical import MAX_BYTES, strict_loads
from overread_briefs.errors import BadJson, Fault, InvalidBrief
from overread_briefs.sentences import WHOLE, faults
from overread_briefs.visible import visible
from overread_briefs.width import clip

BudgetRule = Literal["refuse", "warn"]


def parse_brief(data: bytes, *, max_bytes: int = MAX_BYTES, budget: BudgetRule = "refuse") -> Brief:
    """Validate a brief's bytes, once. Raises `InvalidBrief` with a fault for each thing to change.

    With `budget="warn"` a brief that is too long passes, and `over_budget()` tells its faults.
    """
    members = _members(data, max_bytes)
    version = _version_faults(members)
    try:
        brief = Brief.model_validate(members, by_alias=True, by_name=False)
    except ValidationError as error:
        raise InvalidBrief((*version, *faults(error, Brief))) from error
    if version:
        raise InvalidBrief(version)
    match budget:
        case "refuse":
            _refuse_long(brief)
        case "warn":
            pass
        case _:
            assert_never(budget)
    return brief


def _members(data: bytes, max_bytes: int) -> dict[str, JsonValue]:
    try:
        value = strict_loads(data, max_bytes=max_bytes)
    except BadJson as error:
        raise InvalidBrief([Fault(WHOLE, str(error))]) from error
    if not isinstance(value, dict):
        raise InvalidBrief([Fault(WHOLE, "Give one JSON object in { }.")])
    return value


def _version_faults(members: dict[str, JsonValue]) -> tuple[Fault, ...]:
    """A brief of another version is told only that: its other faults would mislead."""
    if "schema" not in members:
        return (Fault("schema", f'It is missing: add "schema": "{SCHEMA_NAME}".'),)
    found = members["schema"]
    if found != SCHEMA_NAME:
        shown = clip(visible(str(found)), 48)
        told = f"It is {shown}; {SCHEMA_NAME} is read here: write that, or upgrade Overread."
        raise InvalidBrief([Fault("schema", told)])
    return ()


def _refuse_long(brief: Brief) -> None:
    too_long = over_budget(brief)
    if too_long:
        raise InvalidBrief(too_long)
