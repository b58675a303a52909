"""Briefs that stand on disk with the times of their own day, moved to another one."""

from __future__ import annotations

import json

from pydantic import JsonValue

from overread_briefs.brief import Brief

_TIMED_PARTS = ("evidence", "provenance")
_TIMES = ("as_of", "at")


def retimed(brief: Brief, *, by: int) -> str:
    """The brief to submit, as JSON, with its times moved `by` milliseconds.

    What was two minutes old stays two minutes old; dates inside texts stay as they are written.
    """
    members: dict[str, JsonValue] = brief.model_dump(mode="json", by_alias=True, exclude_none=True)
    members |= {part: _shifted(members[part], by) for part in _TIMED_PARTS}
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))


def _shifted(value: JsonValue, by: int) -> JsonValue:
    """The same value with every time in it moved."""
    match value:
        case list():
            return [_shifted(item, by) for item in value]
        case dict():
            return {
                key: item + by if key in _TIMES and isinstance(item, int) else _shifted(item, by)
                for key, item in value.items()
            }
        case _:
            return value
