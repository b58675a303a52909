"""Policies that a command line names: a file, or the one in force."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from overread_console.cli import reading
from overread_console.cli.onlooker import role_holders
from overread_queue.errors import NoDesk
from overread_queue.places import Places
from overread_queue.policy.load import load_policy, parse_policy
from overread_queue.policy.model import Policy


def candidate(file: str) -> bytes:
    """The bytes of a policy file, or of stdin for `-`."""
    return reading.settings_file(file) or b""


def chosen(file: str | None, db: Path) -> tuple[bytes, str]:
    """The bytes and the name of a policy file, or of the one in force where none is named."""
    if file is not None:
        return candidate(file), file
    place = _place(db)
    return candidate(str(place)), str(place)


def parsed(file: str) -> Policy:
    """A policy that hangs together. Raises `InvalidPolicy`."""
    return parse_policy(candidate(file), source=file)


def in_force(db: Path) -> Policy:
    """The policy in force, as everybody may read it; no roster is asked."""
    return load_policy(_place(db))


def holders_at(db: Path) -> Mapping[str, int] | None:
    """How many reviewers hold each role, where there is a desk to ask."""
    return role_holders(db) if db.exists() else None


def _place(db: Path) -> Path:
    if not db.exists():
        raise NoDesk(str(db))
    return Places.of(db).policy_file
