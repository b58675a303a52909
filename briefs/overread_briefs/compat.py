"""Whether documents written for an old JSON Schema are still accepted by a new one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from overread_briefs.errors import Fault

Schema = Mapping[str, JsonValue]

_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_AT_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_AT_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_SAYS_NOTHING = {
    "$comment",
    "$defs",
    "$id",
    "$ref",
    "$schema",
    "default",
    "deprecated",
    "description",
    "examples",
    "format",
    "title",
}
_REASONED_ABOUT = {
    "additionalProperties",
    "const",
    "enum",
    "items",
    "patternProperties",
    "properties",
    "required",
    "type",
    *_AT_LEAST,
    *_AT_MOST,
}


def breaking_changes(old: Schema, new: Schema) -> tuple[Fault, ...]:
    """Every place where a reader of `new` may refuse a document that was right under `old`.

    It errs on the safe side: a keyword it cannot reason about counts as breaking once it changes.
    """
    return tuple(_Comparison(old, new).compare("", old, new))


@dataclass(frozen=True, slots=True)
class _Comparison:
    old_root: Schema
    new_root: Schema
    under_way: set[tuple[str, str]] = field(default_factory=set)
    """Pairs of references: a recursive schema comes back to a pair that is being compared."""

    def compare(self, path: str, old_node: object, new_node: object) -> Iterator[Fault]:
        pair = (_reference(old_node), _reference(new_node))
        if pair in self.under_way:
            return
        if all(pair):
            self.under_way.add(pair)
        old, new = _resolve(old_node, self.old_root), _resolve(new_node, self.new_root)
        yield from self._forms(path, old, new)
        self.under_way.discard(pair)

    def _forms(self, path: str, old: Schema, new: Schema) -> Iterator[Fault]:
        """Each form that was accepted needs one that still accepts it."""
        if "anyOf" not in old and "anyOf" not in new:
            yield from self._one_form(path, old, new)
            return
        yield from _changed(path, old, new, known={"anyOf"})
        for form in _forms_of(old):
            types = _types(_resolve(form, self.old_root))
            tries = [
                tuple(self.compare(path, form, accepted))
                for accepted in _forms_of(new)
                if types & _types(_resolve(accepted, self.new_root))
            ]
            gone = (_fault(path, f"{_named(types)} was accepted and is refused now"),)
            yield from min(tries, key=len, default=gone)

    def _one_form(self, path: str, old: Schema, new: Schema) -> Iterator[Fault]:
        yield from _narrower_type(path, old, new)
        yield from _fewer_values(path, old, new)
        yield from _tighter_limits(path, old, new)
        yield from _newly_required(path, old, new)
        yield from self._members(path, old, new)
        if "items" in new:
            yield from self.compare(_join(path, "*"), old.get("items", {}), new["items"])
        yield from _changed(path, old, new, known=_REASONED_ABOUT)

    def _members(self, path: str, old: Schema, new: Schema) -> Iterator[Fault]:
        before, after = _members_of(old), _members_of(new)
        others = new.get("additionalProperties", True)
        for name in sorted(before):
            if name in after:
                yield from self.compare(_join(path, name), before[name], after[name])
            elif others is False:
                yield _fault(_join(path, name), "it is gone, so documents that have it are refused")
            else:
                yield from self.compare(_join(path, name), before[name], others)
        yield from self._others(path, old, new)
        yield from self._patterns(path, old, new)

    def _others(self, path: str, old: Schema, new: Schema) -> Iterator[Fault]:
        """Members that the old schema does not name may have any name, also one that is new."""
        before = old.get("additionalProperties", True)
        after = new.get("additionalProperties", True)
        if before is False:
            return
        if after is False:
            yield _fault(path, "members of any name were accepted and are refused now")
        elif after is not True:
            yield from self.compare(_join(path, "*"), before, after)
        for name in sorted(_members_of(new).keys() - _members_of(old).keys()):
            yield from self.compare(_join(path, name), before, _members_of(new)[name])

    def _patterns(self, path: str, old: Schema, new: Schema) -> Iterator[Fault]:
        before, after = _members_of(old, "patternProperties"), _members_of(new, "patternProperties")
        if before.keys() != after.keys():
            yield _fault(path, "the names that members may have changed")
            return
        for pattern in sorted(before):
            yield from self.compare(_join(path, "*"), before[pattern], after[pattern])


def _narrower_type(path: str, old: Schema, new: Schema) -> Iterator[Fault]:
    refused = _types(old) - _types(new)
    if refused:
        yield _fault(path, f"{_named(refused)} was accepted and is refused now")


def _fewer_values(path: str, old: Schema, new: Schema) -> Iterator[Fault]:
    before, after = _values(old), _values(new)
    if after is None:
        return
    if before is None:
        yield _fault(path, f"any value was accepted, and now only {_named(after)}")
    elif before - after:
        yield _fault(path, f"{_named(before - after)} was accepted and is refused now")


def _tighter_limits(path: str, old: Schema, new: Schema) -> Iterator[Fault]:
    for keyword in _AT_LEAST + _AT_MOST:
        limit, before = new.get(keyword), old.get(keyword)
        if not isinstance(limit, int | float):
            continue
        sign = 1 if keyword in _AT_LEAST else -1
        if not isinstance(before, int | float) or sign * limit > sign * before:
            told = "there was none" if before is None else f"it was {before}"
            yield _fault(path, f"{keyword} is {limit}, and {told}")


def _newly_required(path: str, old: Schema, new: Schema) -> Iterator[Fault]:
    before = _list(old.get("required"))
    for name in _list(new.get("required")):
        if name not in before:
            yield _fault(_join(path, str(name)), "it was optional and is required now")


def _changed(path: str, old: Schema, new: Schema, known: set[str]) -> Iterator[Fault]:
    for keyword in sorted(new.keys() - known - _SAYS_NOTHING):
        if old.get(keyword) != new[keyword]:
            yield _fault(path, f"{keyword} changed, and may refuse what was accepted")


def _fault(path: str, change: str) -> Fault:
    return Fault(path or "schema", f"Undo this or raise the version: {change}.")


def _join(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step


def _named(values: frozenset[str]) -> str:
    return ", ".join(sorted(values))


def _reference(node: object) -> str:
    return str(node["$ref"]) if isinstance(node, Mapping) and "$ref" in node else ""


def _resolve(node: object, root: Schema) -> Schema:
    """The schema behind a reference; `true` accepts everything and `false` nothing."""
    if not isinstance(node, Mapping):
        return {} if node is True else {"enum": []}
    reference = _reference(node)
    if not reference:
        return node
    target: object = root
    for step in reference.removeprefix("#/").split("/"):
        target = target[step] if isinstance(target, Mapping) else None
    return _resolve(target, root)


def _forms_of(schema: Schema) -> list[object]:
    return _list(schema["anyOf"]) if "anyOf" in schema else [schema]


def _types(schema: Schema) -> frozenset[str]:
    """The JSON types a form accepts; an integer is also a number."""
    named = schema.get("type", sorted(_TYPES))
    types = frozenset([named] if isinstance(named, str) else map(str, _list(named)))
    return types | {"integer"} if "number" in types else types


def _values(schema: Schema) -> frozenset[str] | None:
    """The values a form is limited to, as JSON text, because `1 == True` in Python."""
    if "const" in schema:
        return frozenset([json.dumps(schema["const"], sort_keys=True)])
    if "enum" in schema:
        return frozenset(json.dumps(value, sort_keys=True) for value in _list(schema["enum"]))
    return None


def _members_of(schema: Schema, keyword: str = "properties") -> Schema:
    members = schema.get(keyword)
    return members if isinstance(members, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
