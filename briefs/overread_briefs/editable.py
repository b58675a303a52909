"""Which parameters a reviewer may change: a small, closed part of JSON Schema.

Only what a form can show and what cannot be abused by whoever writes the schema: no references, no
patterns, no nesting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal, Self, assert_never

from pydantic import Field, JsonValue, model_validator

from overread_briefs.errors import BriefError, Fault
from overread_briefs.fields import Finite, Identifier, Items, Line, Parameters, Part

if TYPE_CHECKING:
    from overread_briefs.action import Action

Scalar = str | int | float | bool


class Choices(Part):
    """What the entries of a list may be."""

    type: Literal["string"]
    enum: Annotated[Items[str], Field(min_length=1, max_length=40)]


class EditableField(Part):
    """One parameter: its type, and the bounds of what a reviewer may enter."""

    type: Literal["string", "number", "integer", "boolean", "array"]
    """An `array` is any selection from the choices in `items`, each at most once."""
    title: Line | None = None
    description: Line | None = None
    enum: Annotated[Items[Scalar], Field(min_length=1, max_length=40)] | None = None
    minimum: Finite | None = None
    maximum: Finite | None = None
    min_length: Annotated[int, Field(ge=0)] | None = Field(default=None, alias="minLength")
    max_length: Annotated[int, Field(ge=0)] | None = Field(default=None, alias="maxLength")
    format: Literal["date", "date-time"] | None = None
    """ISO 8601, for strings; a `date-time` needs its time zone."""
    items: Choices | None = None
    min_items: Annotated[int, Field(ge=0)] | None = Field(default=None, alias="minItems")
    unique_items: Literal[True] = Field(default=True, alias="uniqueItems")

    @model_validator(mode="after")
    def _list_has_choices(self) -> Self:
        if (self.type == "array") != (self.items is not None):
            raise ValueError("`items` with its choices goes with type `array`, and only with it")
        return self


class Editable(Part):
    """The schema of an action's editable parameters."""

    type: Literal["object"]
    properties: Annotated[dict[Identifier, EditableField], Field(min_length=1, max_length=12)]
    required: Items[Identifier] = ()
    additional_properties: Literal[False] = Field(default=False, alias="additionalProperties")


class NotEditable(BriefError):
    """An edit that the action does not permit; `faults` holds one per parameter."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


def editable_fields(action: Action) -> dict[str, EditableField]:
    """The parameters that may be changed, by name; none where the action offers none."""
    return dict(action.editable.properties) if action.editable else {}


def edit(action: Action, changes: Parameters) -> Action:
    """The action with some parameters replaced. Raises `NotEditable`."""
    fields = editable_fields(action)
    faults = tuple(
        fault for name, value in changes.items() for fault in _faults(name, value, fields.get(name))
    )
    if faults:
        raise NotEditable(faults)
    return action.model_copy(update={"parameters": action.parameters | changes})


def _faults(name: str, value: JsonValue, field: EditableField | None) -> Iterator[Fault]:
    if field is None:
        yield Fault(name, "It may not be changed here: reject, and say what should be different.")
    elif not _fits(value, field):
        yield Fault(name, f"It must be {_KINDS[field.type]}.")
    elif field.enum is not None and value not in field.enum:
        yield Fault(name, f"It must be one of {', '.join(map(str, field.enum))}.")
    elif isinstance(value, str):
        yield from _text_faults(name, value, field)
    elif isinstance(value, list):
        yield from _list_faults(name, value, field)
    elif isinstance(value, (int, float)):
        yield from _number_faults(name, value, field)


_KINDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "yes or no",
    "array": "a list",
}


def _fits(value: JsonValue, field: EditableField) -> bool:
    match field.type:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case _:
            assert_never(field.type)


def _text_faults(name: str, value: str, field: EditableField) -> Iterator[Fault]:
    if field.min_length is not None and len(value) < field.min_length:
        yield Fault(name, f"It needs {field.min_length} characters or more.")
    if field.max_length is not None and len(value) > field.max_length:
        yield Fault(name, f"It may have {field.max_length} characters at most.")
    if field.format == "date" and not _is_date(value):
        yield Fault(name, "It must be a date such as 2026-11-30.")
    if field.format == "date-time" and not _is_moment(value):
        yield Fault(name, "It must be a time with its zone, such as 2026-11-30T18:00:00Z.")


def _list_faults(name: str, value: list[JsonValue], field: EditableField) -> Iterator[Fault]:
    choices = field.items.enum if field.items else ()
    strange = [str(entry) for entry in value if entry not in choices]
    if strange:
        yield Fault(name, f"{', '.join(strange)}: choose from {', '.join(choices)}.")
    elif len(set(map(str, value))) < len(value):
        yield Fault(name, "It names something twice.")
    elif len(value) < (field.min_items or 0):
        yield Fault(name, f"It needs {field.min_items} entries or more.")


def _number_faults(name: str, value: float, field: EditableField) -> Iterator[Fault]:
    if field.minimum is not None and value < field.minimum:
        yield Fault(name, f"It must be {field.minimum:g} or more.")
    if field.maximum is not None and value > field.maximum:
        yield Fault(name, f"It must be {field.maximum:g} or less.")


def _is_date(value: str) -> bool:
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_moment(value: str) -> bool:
    try:
        return dt.datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
