"""The guide to the measures has every one of them."""

from __future__ import annotations

import re
from pathlib import Path

from overread_queue.health.catalogue import NAMES

README = Path(__file__).parents[2] / "queue" / "README.md"


def test_every_measure_is_explained_once() -> None:
    text = README.read_text(encoding="utf-8")
    section = text.split("\n## Measures\n")[1].split("\n## ")[0]
    firsts = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert sorted(re.findall(r"`(\w+)`", "".join(firsts))) == sorted(NAMES)
