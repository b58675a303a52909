"""JSON Schema of the public models: for writers in other languages, and to compare versions."""

from __future__ import annotations

import json
from importlib import resources

from pydantic import JsonValue
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from overread_briefs.action import Action, Compensation
from overread_briefs.brief import (
    Brief,
    Evidence,
    Link,
    Option,
    Provenance,
    Recommendation,
    Software,
    Step,
    Transformation,
    Trigger,
)
from overread_briefs.decision import Envelope
from overread_briefs.errors import BriefError
from overread_briefs.fields import Part

DIALECT = "https://json-schema.org/draft/2020-12/schema"

CHECKED_IN = ("brief-1", "envelope-1")
"""Documents that travel by themselves: their schemas are kept beside this file."""

_MODELS: dict[str, type[Part]] = {
    "action": Action,
    "brief-1": Brief,
    "compensation": Compensation,
    "envelope-1": Envelope,
    "evidence": Evidence,
    "link": Link,
    "option": Option,
    "provenance": Provenance,
    "recommendation": Recommendation,
    "software": Software,
    "step": Step,
    "transformation": Transformation,
    "trigger": Trigger,
}


class UnknownSchema(BriefError):
    """There is no public model of that name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"There is no schema {name!r}: use one of {', '.join(_MODELS)}.")


class _Generator(GenerateJsonSchema):
    """Without titles that repeat the field's name, and closed where the model is closed."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        result = super().dict_schema(schema)
        if "patternProperties" in result:
            result["additionalProperties"] = False
        return result


def export(name: str) -> dict[str, JsonValue]:
    """JSON Schema of one model, such as `brief-1`. Raises `UnknownSchema`."""
    if name not in _MODELS:
        raise UnknownSchema(name)
    schema = _MODELS[name].model_json_schema(schema_generator=_Generator)
    _require_constants(schema)
    return {"$schema": DIALECT, "$id": f"urn:overread:{name}", **schema}


def all_schemas() -> dict[str, dict[str, JsonValue]]:
    """Every public model's schema by name."""
    return {name: export(name) for name in _MODELS}


def checked_in(name: str) -> dict[str, JsonValue]:
    """The schema as it was last agreed on. Raises `UnknownSchema`."""
    if name not in CHECKED_IN:
        raise UnknownSchema(name)
    file = resources.files("overread_briefs") / "schema" / f"{name}.json"
    schema: dict[str, JsonValue] = json.loads(file.read_text("utf-8"))
    return schema


def to_text(schema: dict[str, JsonValue]) -> str:
    """The form that is checked in: the same text for the same schema, on every machine."""
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def _require_constants(schema: JsonSchemaValue) -> None:
    """A document must carry its own version, although Python callers need not pass it."""
    constant = {name for name, field in schema["properties"].items() if "const" in field}
    schema["required"] = sorted(constant | set(schema.get("required", ())))
