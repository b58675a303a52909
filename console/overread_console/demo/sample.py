"""The sample desk's data, as it stands on disk, with its times moved to now."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from pydantic import JsonValue

import overread_console
from overread_briefs.parse import parse_brief
from overread_queue.errors import InvalidRequest

_TIMED_PARTS = ("evidence", "provenance")
_TIMES = ("as_of", "at")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A brief on its way to the desk."""

    agent: str
    key: str
    minutes_ago: int
    """How long ago its agent asked, when the demo opens."""
    question: str
    brief: str


class _Listed(TypedDict):
    brief: str
    key: str
    minutes_ago: int


def sample_folder() -> Path:
    """`sample_data` inside an installed package, or at the root of a checkout."""
    package = Path(overread_console.__file__).parent
    for folder in (package / "sample_data", package.parent.parent / "sample_data"):
        if (folder / "desk.toml").is_file():
            return folder
    raise InvalidRequest("this installation has no sample data; run the demo from a checkout")


def arrivals(folder: Path, *, now: int) -> tuple[Arrival, ...]:
    """Every brief of the sample desk, in the order of its list, as if the moment were `now`."""
    desk = tomllib.loads((folder / "desk.toml").read_text(encoding="utf-8"))
    listed: list[_Listed] = desk["arrivals"]
    return tuple(_arrival(folder, one, by=now - desk["moment"]) for one in listed)


def _arrival(folder: Path, listed: _Listed, *, by: int) -> Arrival:
    brief = parse_brief((folder / listed["brief"]).read_bytes())
    members: dict[str, JsonValue] = brief.model_dump(mode="json", by_alias=True, exclude_none=True)
    members |= {part: _shifted(members[part], by) for part in _TIMED_PARTS}
    return Arrival(
        agent=brief.agent.name,
        key=listed["key"],
        minutes_ago=listed["minutes_ago"],
        question=brief.question,
        brief=json.dumps(members, ensure_ascii=False, separators=(",", ":")),
    )


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
