"""First judgements and challenges against their signatures: what nobody said is named."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pydantic import JsonValue

from overread_queue.audit.links import Damage
from overread_queue.store.evidence import Evidence
from overread_queue.trust.roster import Roster
from overread_queue.trust.saying import Kind, is_own


def unsigned(found: Evidence, roster: Roster, *, erased: Collection[object]) -> Iterator[Damage]:
    """Every row that its reviewer did not sign. A challenge whose words were erased has nothing
    left to hold its signature against."""
    for cells in found.judgements():
        yield from _checked("judgement", cells, roster)
    for cells in found.challenges():
        if cells["wrong_if"] or cells["escalation"] not in erased:
            yield from _checked("challenge", cells, roster)


def _checked(kind: Kind, cells: dict[str, object], roster: Roster) -> Iterator[Damage]:
    signature = cells.pop("signature")
    words: dict[str, JsonValue] = {
        name: value
        for name, value in cells.items()
        if value is None or isinstance(value, str | int)
    }
    given = signature if isinstance(signature, bytes) and len(words) == len(cells) else b""
    if not is_own(kind, roster.desk.id, words, given, roster):
        name, about = words.get("reviewer"), words.get("escalation")
        yield Damage("said_forged", f"{name} never signed the {kind} on {about} in their name")
