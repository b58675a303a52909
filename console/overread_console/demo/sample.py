"""The sample desk's data, as it stands on disk, with its times moved to now."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import overread_console
from overread_briefs.parse import parse_brief
from overread_console.retime import retimed
from overread_queue.errors import InvalidRequest


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
    return Arrival(
        agent=brief.agent.name,
        key=listed["key"],
        minutes_ago=listed["minutes_ago"],
        question=brief.question,
        brief=retimed(brief, by=by),
    )
