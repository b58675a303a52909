"""Practice items as files, for whoever tells a story of practising."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from frictionless import FRICTIONLESS
from overread_console.practice.burst import shipped_folder

WRONG = "infra-psp-timeout"
SOUND = "infra-photo-limit"

Members = dict[str, Any]


def own_folder(folder: Path, *names: str, friction: str = FRICTIONLESS) -> Path:
    """A lead's own folder with some of the shipped items, and a policy with this friction."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or (WRONG, SOUND):
        shutil.copy(shipped_folder() / f"{name}.json", folder)
    policy = (shipped_folder().parent / "policy.toml").read_text(encoding="utf-8")
    (folder / "policy.toml").write_text(policy + friction, encoding="utf-8")
    return folder


def members(name: str = WRONG) -> Members:
    """A shipped item's file, to be spoilt."""
    found: Members = json.loads((shipped_folder() / f"{name}.json").read_text(encoding="utf-8"))
    return found


def question(name: str) -> str:
    """What the card of a shipped item asks."""
    asked: str = members(name)["brief"]["question"]
    return asked
