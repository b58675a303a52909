"""What pydantic found, said in sentences that a person who writes briefs can act on."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from overread_briefs.errors import Fault
from overread_briefs.fields import IDENTIFIER_PATTERN, SHA256_PATTERN, SLUG_PATTERN, Part
from overread_briefs.visible import visible
from overread_briefs.width import clip

_Location = tuple[int | str, ...]

WHOLE = "brief"
"""The field of a fault that is about the document as a whole."""

MAX_FAULTS = 20
"""Faults told one by one; a brief with more was not written for this contract."""

_MAX_DETAILS = 2000
"""Details looked at; hostile documents have a hundred thousand."""

_WANTED = {
    "accomplished": "list what the agent did, step by step",
    "question": "ask the one question to decide",
    "triggers": "say what made this come to a person, each with the rule that says so",
    "evidence": "list the facts, each with its source and time",
    "options": "list what can be chosen, each with what happens next",
    "action": "give the type and parameters of what would be executed",
    "agent": "give the agent's name and version",
    "provenance": "say where the case comes from and when",
}
_PATTERNS = {
    IDENTIFIER_PATTERN: "Use 1 to 128 plain letters, digits and . _ : / @ + - without spaces.",
    SLUG_PATTERN: "Use 1 to 48 lower-case letters and digits, with - between them.",
    SHA256_PATTERN: "Give a SHA-256 as 64 lower-case hexadecimal digits.",
}
_KINDS = {
    "string_type": "Give text in quotes.",
    "bool_type": "Give true or false.",
    "int_type": "Give a whole number.",
    "float_type": "Give a number.",
    "dict_type": "Give an object in { }.",
    "model_type": "Give an object in { }.",
    "model_attributes_type": "Give an object in { }.",
    "tuple_type": "Give a list in [ ].",
    "list_type": "Give a list in [ ].",
    "finite_number": "Give a finite number.",
}


def faults(error: ValidationError, model: type[Part]) -> tuple[Fault, ...]:
    """One fault for each field that is wrong, in the order of the model."""
    found: dict[str, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False)[:_MAX_DETAILS]:
        found.setdefault(_path(detail["loc"], model), []).append(detail)
    telling = [item for item in found.items() if not _only_follows(*item, found)]
    told = [
        Fault(field or WHOLE, _sentence(field, details, model))
        for field, details in telling[:MAX_FAULTS]
    ]
    cut_off = max(error.error_count() - _MAX_DETAILS, 0)
    rest = len(telling) - len(told) + cut_off
    more = [Fault(WHOLE, f"It has {rest:,} more faults: fix these first.")] if rest else []
    return (*told, *more)


def _only_follows(field: str, details: list[ErrorDetails], found: Iterable[str]) -> bool:
    """A list whose items are all wrong is also called too short: the items say it better."""
    follows = all(detail["type"] == "too_short" for detail in details)
    return follows and any(other.startswith(f"{field}.") for other in found)


def _path(loc: _Location, model: type[Part]) -> str:
    """The dotted path of a field, without what pydantic adds for unions and keys."""
    steps, _ = _walk(loc, model)
    return ".".join(clip(visible(step), 48) for step in steps)


def _walk(loc: _Location, model: type[BaseModel]) -> tuple[list[str], type[BaseModel] | None]:
    """The steps that lead into the document, and the model they end in, if it is one."""
    steps: list[str] = []
    inside: type[BaseModel] | None = model
    at_key = False
    for step in loc:
        if isinstance(step, int) or at_key:
            at_key = False
        elif inside is None or step == "[key]":
            break
        else:
            annotation = _annotations(inside).get(step)
            inside, at_key = next(_models(annotation), None), _is_dict(annotation)
        steps.append(str(step))
    return steps, inside


def _annotations(model: type[BaseModel]) -> dict[str, object]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _is_dict(annotation: object) -> bool:
    return get_origin(annotation) is dict or any(map(_is_dict, get_args(annotation)))


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _sentence(field: str, details: list[ErrorDetails], model: type[Part]) -> str:
    if len({detail["loc"] for detail in details}) > 1:
        return "Give a number, one line of text, or true or false."
    detail = details[0]
    if detail["type"] == "missing":
        return f"It is missing: {_WANTED.get(field, 'add it')}."
    if detail["type"] == "extra_forbidden":
        return _unknown(detail["loc"], model)
    return _limit(detail)


def _unknown(loc: _Location, model: type[Part]) -> str:
    _, inside = _walk(loc[:-1], model)
    names = _annotations(inside) if inside else ()
    close = difflib.get_close_matches(str(loc[-1])[:64], names, n=1)
    return f"No such field: did you mean `{close[0]}`?" if close else "No such field: remove it."


def _limit(detail: ErrorDetails) -> str:
    kind = detail["type"]
    context: Mapping[str, object] = detail.get("ctx", {})
    if kind in _KINDS:
        return _KINDS[kind]
    if kind in _LIMITS:
        return _LIMITS[kind](context)
    return f"It does not fit the contract ({kind}): see `overread brief schema`."


def _pattern(context: Mapping[str, object]) -> str:
    return _PATTERNS.get(str(context["pattern"]), "Give text on one line, not only spaces.")


def _too_long(context: Mapping[str, object]) -> str:
    return f"Keep it to {context['max_length']} items: it has {context['actual_length']}."


_LIMITS: dict[str, Callable[[Mapping[str, object]], str]] = {
    "value_error": lambda context: f"{str(context['error']).rstrip('.')}.",
    "literal_error": lambda context: f"Use one of {context['expected']}.",
    "string_pattern_mismatch": _pattern,
    "string_too_short": lambda _: "Give some text, or leave the field out.",
    "string_too_long": lambda context: f"Keep it to {context['max_length']} characters.",
    "too_short": lambda context: f"List at least {context['min_length']}.",
    "too_long": _too_long,
    "greater_than_equal": lambda context: f"Give a number of at least {context['ge']}.",
    "less_than_equal": lambda context: f"Give a number of at most {context['le']}.",
}
