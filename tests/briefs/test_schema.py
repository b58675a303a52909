"""The contract is under version control: the schema is exported, and breaking it does not pass."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from overread_briefs.compat import breaking_changes
from overread_briefs.schema import (
    CHECKED_IN,
    UnknownSchema,
    all_schemas,
    checked_in,
    export,
    to_text,
)

Schema = dict[str, Any]


@pytest.mark.parametrize("name", CHECKED_IN)
def test_the_checked_in_schema_is_the_current_one(name: str) -> None:
    """When a change is meant: write `overread brief schema NAME` over the file beside schema.py."""
    assert to_text(checked_in(name)) == to_text(export(name))


@pytest.mark.parametrize("name", CHECKED_IN)
def test_the_current_models_read_documents_of_the_checked_in_schema(name: str) -> None:
    assert breaking_changes(checked_in(name), export(name)) == ()


def test_every_public_model_is_exported_and_closed() -> None:
    schemas = all_schemas()
    assert {"action", "brief-1", "envelope-1", "evidence", "option"} <= schemas.keys()
    for schema in schemas.values():
        assert schema["additionalProperties"] is False
        assert schema["description"]


def test_documents_carry_their_version() -> None:
    assert "schema" in export("brief-1")["required"]
    assert export("envelope-1")["required"] == sorted(export("envelope-1")["properties"])


def test_the_export_is_the_same_in_every_process() -> None:
    code = "from overread_briefs.schema import *; print(to_text(export('brief-1')), end='')"
    fresh = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert fresh == to_text(export("brief-1"))


def test_an_unknown_name_is_told_the_known_ones() -> None:
    with pytest.raises(UnknownSchema, match="use one of action, brief-1"):
        export("breif")
    with pytest.raises(UnknownSchema, match="no schema 'evidence'"):
        checked_in("evidence")


def _at(schema: Schema, path: str) -> Schema:
    for step in path.split("."):
        schema = schema[step]
    return schema


def _set(path: str, **values: object) -> Callable[[Schema], None]:
    return lambda schema: _at(schema, path).update(values)


def _drop(path: str) -> Callable[[Schema], None]:
    parent, _, name = path.rpartition(".")
    return lambda schema: _at(schema, parent).pop(name)


BREAKING: dict[str, tuple[Callable[[Schema], None], str, str]] = {
    "a field removed": (_drop("properties.tags"), "tags", "it is gone"),
    "a field removed inside": (_drop("$defs.Option.properties.patch"), "options.*.patch", "gone"),
    "a field required": (
        _set("$defs.Link", required=["url", "sha256", "size"]),
        "evidence.*.link.size",
        "required now",
    ),
    "a choice removed": (
        _set("$defs.Step.properties.outcome", enum=["ok", "failed"]),
        "accomplished.*.outcome",
        '"skipped" was accepted',
    ),
    "a choice where any text was": (
        _set("properties.question", enum=["yes?"]),
        "question",
        "any value was accepted",
    ),
    "another constant": (
        _set("properties.schema", const="overread/brief/2"),
        "schema",
        '"overread/brief/1" was accepted',
    ),
    "another type": (
        _set("$defs.Evidence.properties.as_of", type="string"),
        "evidence.*.as_of",
        "integer was accepted",
    ),
    "whole numbers only": (
        _set("$defs.Recommendation.properties.confidence", type="integer"),
        "recommendation.confidence",
        "number was accepted",
    ),
    "no longer empty": (
        lambda schema: _at(schema, "properties.run")["anyOf"].pop(),
        "run",
        "null was accepted",
    ),
    "one of several forms": (
        lambda schema: _at(schema, "$defs.Trigger.properties.observed")["anyOf"].pop(0),
        "triggers.*.observed",
        "number was accepted",
    ),
    "a shorter text": (_set("properties.question", maxLength=200), "question", "maxLength is 200"),
    "a longer text": (_set("properties.question", minLength=2), "question", "minLength is 2"),
    "a new limit": (
        _set("$defs.Evidence.properties.as_of", multipleOf=1000),
        "evidence.*.as_of",
        "multipleOf changed",
    ),
    "a new bound": (
        _set("properties.triggers", maxItems=11),
        "triggers",
        "maxItems is 11, and it was 12",
    ),
    "another pattern": (
        _set("$defs.Compensation.properties.type", pattern="^[a-z]+$"),
        "action.compensation.type",
        "pattern changed",
    ),
    "other signal names": (
        lambda schema: _at(schema, "properties.signals").update(
            patternProperties={"^x$": {"type": "number"}}
        ),
        "signals",
        "the names that members may have",
    ),
    "parameters of one type": (
        _set("$defs.Action.properties.parameters", additionalProperties={"type": "string"}),
        "action.parameters.*",
        "number",
    ),
    "no parameters": (
        _set("$defs.Action.properties.parameters", additionalProperties=False),
        "action.parameters",
        "members of any name",
    ),
    "a parameter that was free": (
        _set("$defs.Action.properties.parameters", properties={"amount": {"type": "number"}}),
        "action.parameters.amount",
        "string",
    ),
    "nothing fits": (_set("properties", tags=False), "tags", "any value was accepted"),
}


@pytest.mark.parametrize(("change", "field", "sentence"), BREAKING.values(), ids=BREAKING.keys())
def test_a_breaking_change_is_found_where_it_is(
    change: Callable[[Schema], None], field: str, sentence: str
) -> None:
    old = export("brief-1")
    new = copy.deepcopy(old)
    change(new)
    faults = breaking_changes(old, new)
    assert [fault.field for fault in faults if sentence in fault.problem] == [field]
    assert all(fault.problem.startswith("Undo this or raise the version: ") for fault in faults)


WIDENING: dict[str, Callable[[Schema], None]] = {
    "a new optional field": _set("properties", mood={"type": "string"}),
    "a new choice": _set("$defs.Step.properties.outcome", enum=["ok", "failed", "skipped", "late"]),
    "any choice": _drop("$defs.Step.properties.outcome.enum"),
    "more room": _set("properties.question", maxLength=400),
    "no limit": _drop("properties.question.maxLength"),
    "no pattern": _drop("properties.question.pattern"),
    "no longer required": lambda schema: schema["required"].remove("provenance"),
    "numbers beside whole numbers": _set("$defs.Evidence.properties.as_of", type="number"),
    "open to any field": _set("$defs.Software", additionalProperties=True),
    "another form": lambda schema: _at(schema, "properties.run")["anyOf"].append({"type": "array"}),
    "other words": _set("properties.question", description="What to decide."),
}


@pytest.mark.parametrize("change", WIDENING.values(), ids=WIDENING.keys())
def test_a_wider_contract_breaks_nobody(change: Callable[[Schema], None]) -> None:
    old = export("brief-1")
    new = copy.deepcopy(old)
    change(new)
    assert breaking_changes(old, new) == ()
    assert new != old


def test_renamed_definitions_are_followed() -> None:
    old = export("brief-1")
    new = json.loads(to_text(old).replace("$defs/Evidence", "$defs/Fact"))
    new["$defs"]["Fact"] = new["$defs"].pop("Evidence")
    assert breaking_changes(old, new) == ()


def test_schemas_that_contain_themselves_are_compared() -> None:
    def tree(leaf: str) -> Schema:
        node = {
            "type": "object",
            "properties": {
                "leaf": {"type": leaf},
                "left": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]},
            },
        }
        return {"$defs": {"Node": node}, "$ref": "#/$defs/Node"}

    assert breaking_changes(tree("number"), tree("number")) == ()
    (fault,) = breaking_changes(tree("number"), tree("string"))
    assert fault.field == "leaf"
