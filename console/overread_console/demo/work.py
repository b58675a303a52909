"""What a simulated agent has to ask, kept on disk so that a restarted agent asks the same."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, TypeAdapter


class Errand(BaseModel, frozen=True):
    """One brief to submit."""

    key: str
    brief: str
    minutes_ago: int
    """How long before the start of the demo it was asked."""
    delay: int
    """Seconds after the agent's start; 0 for what is there when the demo opens."""


_ERRANDS = TypeAdapter(tuple[Errand, ...])


def work_file(desk: Path, agent: str) -> Path:
    """Where the errands of one agent are, beside its desk."""
    return desk.parent / "agents" / f"{agent}.json"


def save(desk: Path, agent: str, errands: tuple[Errand, ...]) -> None:
    file = work_file(desk, agent)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_ERRANDS.dump_json(errands, indent=1))


def load(desk: Path, agent: str) -> tuple[Errand, ...]:
    return _ERRANDS.validate_json(work_file(desk, agent).read_bytes())
