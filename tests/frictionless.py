"""Policies that ask nothing of an approval, for stories about something else."""

from __future__ import annotations

import tomllib
from pathlib import Path

import tomli_w

FRICTIONLESS = """
[friction]
floor_hard = "0s"
floor_irreversible = "0s"
read_contradictions = false
withhold_from = "never"
withhold_fraction = 0
challenge_from = "never"
dual_fraction = 0
"""


def frictionless(policy: Path) -> str:
    """The policy in a file, with every control of `FRICTIONLESS` switched off."""
    members = tomllib.loads(policy.read_text(encoding="utf-8"))
    members["friction"] = members.get("friction", {}) | tomllib.loads(FRICTIONLESS)["friction"]
    return tomli_w.dumps(members)


def with_friction(policy: str, **controls: str | float | bool) -> str:
    """The same policy with some of the controls switched on again."""
    members = tomllib.loads(FRICTIONLESS)["friction"] | controls
    return policy.replace(FRICTIONLESS, "\n" + tomli_w.dumps({"friction": members}))
