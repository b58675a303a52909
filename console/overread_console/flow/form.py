"""A form for the parameters a reviewer may edit, as texts to type and values to send.

Whether the values are permitted is for `ReviewDesk.preview` to say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from overread_briefs.action import Action
from overread_briefs.editable import EditableField, editable_fields
from overread_briefs.fields import Parameters
from overread_briefs.visible import visible
from overread_console.flow.words import plain_value
from overread_queue.errors import InvalidRequest

FieldKind = Literal["text", "number", "integer", "choice", "choices"]

_KINDS: dict[str, FieldKind] = {
    "string": "text",
    "number": "number",
    "integer": "integer",
    "boolean": "choice",
    "array": "choices",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One editable parameter."""

    name: str
    title: str
    kind: FieldKind
    text: str
    """What to fill it with, as it would be typed."""
    proposed: str
    """The agent's value, typed likewise."""
    allowed: Mapping[str, JsonValue] = field(default_factory=dict)
    """What can be chosen, by the text that chooses it; empty where anything may be typed."""
    hint: str = ""
    """What may be entered, such as `0.01 to 420`."""


def form_of(
    action: Action, values: Parameters | None = None, *, masked: Container[str] = ()
) -> tuple[Field, ...]:
    """The fields of `action.editable`, filled with the proposal and what was entered before.

    What is masked has none: nobody changes what they have not seen.
    """
    fields = editable_fields(action).items()
    proposed, entered = action.parameters, action.parameters | (values or {})
    return tuple(
        _field(name, schema, proposed=proposed.get(name), entered=entered.get(name))
        for name, schema in fields
        if name not in masked
    )


def read_form(fields: tuple[Field, ...], texts: Mapping[str, str]) -> Parameters:
    """The values that differ from the proposal; an emptied field keeps it.

    Raises InvalidRequest naming the first field that cannot be read.
    """
    typed = [(one, texts.get(one.name, one.text).strip()) for one in fields]
    return {
        one.name: _read(one, text) for one, text in typed if text not in ("", one.proposed.strip())
    }


def _field(name: str, schema: EditableField, *, proposed: JsonValue, entered: JsonValue) -> Field:
    allowed = _allowed(schema)
    kind = "choice" if schema.enum is not None else _KINDS[schema.type]
    return Field(
        name=name,
        title=visible(schema.title or name),
        kind=kind,
        text=_typed(entered),
        proposed=_typed(proposed),
        allowed=allowed,
        hint=_hint(schema, kind, allowed),
    )


def _allowed(schema: EditableField) -> Mapping[str, JsonValue]:
    if schema.type == "boolean":
        return {"yes": True, "no": False}
    listed = schema.items.enum if schema.items else schema.enum
    return {_typed(value): value for value in listed or ()}


def _typed(value: JsonValue) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_typed, value))
    return plain_value(value)


def _hint(schema: EditableField, kind: FieldKind, allowed: Mapping[str, JsonValue]) -> str:
    low, high = schema.minimum, schema.maximum
    if allowed:
        return visible(" | ".join(allowed)) + (", with commas" if kind == "choices" else "")
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    if low is not None or high is not None:
        return f"at most {high:g}" if low is None else f"at least {low:g}"
    if schema.format is not None:
        return "YYYY-MM-DD" if schema.format == "date" else "2026-11-30T18:00:00Z"
    return f"at most {schema.max_length} characters" if schema.max_length else ""


def _read(one: Field, text: str) -> JsonValue:
    try:
        if one.kind == "choice":
            return one.allowed[text]
        if one.kind == "choices":
            return [one.allowed[part.strip()] for part in text.split(",") if part.strip()]
        return _READERS[one.kind](text)
    except (KeyError, ValueError):
        wanted = one.hint or f"a {one.kind}"
        raise InvalidRequest(f"{one.title} cannot be {text!r}; give {wanted}") from None


def _number(text: str) -> JsonValue:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number if "." in text or not number.is_integer() else int(number)


_READERS: dict[FieldKind, Callable[[str], JsonValue]] = {
    "text": str,
    "number": _number,
    "integer": int,
}
