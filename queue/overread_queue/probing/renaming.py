"""Other numbers for the same case, so that nobody who knew the source knows the test by them."""

from __future__ import annotations

import hashlib
import json
import re

from overread_briefs.brief import Brief
from overread_queue.probing.rewriting import Swap, everywhere

_REFERENCE = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{1,4}\d{0,2}(?:-\d{2,})*-\d{3,}(?![A-Za-z0-9-])")
"""An order, ticket or customer by number: capitals, then figures: E-30655 or FA-2023-017."""


def references(brief: Brief) -> tuple[str, ...]:
    """Every number of a case that the brief names, each once."""
    text = "\n".join(_strings(brief))
    return tuple(dict.fromkeys(_REFERENCE.findall(text)))


def renamed(brief: Brief, salt: str) -> Brief:
    """The same case with other references, each changed the same way wherever it stands.

    Only the last figures change, so an order stays about as old as it was. The same salt gives the
    same names.
    """
    taken = set(references(brief))
    names: dict[str, str] = {}
    for one in references(brief):
        names[one] = _fresh(one, salt, taken)
        taken.add(names[one])
    return everywhere(brief, Swap(names))


def _fresh(reference: str, salt: str, taken: set[str]) -> str:
    for attempt in range(1000):
        drawn = hashlib.sha256(f"{salt}\\0{reference}\\0{attempt}".encode()).digest()
        new = f"{reference[:-2]}{int.from_bytes(drawn[:4]) % 100:02d}"
        if new not in taken:
            return new
    return reference


def _strings(brief: Brief) -> list[str]:
    """Every text in the brief, keys left out; references stand in values only."""
    found: list[str] = []
    waiting: list[object] = [json.loads(brief.to_bytes())]
    while waiting:
        match waiting.pop():
            case str() as text:
                found.append(text)
            case list() as several:
                waiting += several
            case dict() as members:
                waiting += members.values()
    return found
