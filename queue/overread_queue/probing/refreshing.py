"""A brief of the past as it would be now: everything in it is as old as it was then."""

from __future__ import annotations

from uuid import UUID, uuid4

from overread_briefs import Brief, parse_brief
from overread_briefs.brief import Provenance
from overread_briefs.canonical import strict_loads
from overread_queue.probing.redating import redated


def refreshed(body: bytes, *, by: int) -> Brief:
    """The brief in `body`, its times moved by `by` milliseconds, in a run that nobody knows.

    Raises `InvalidBrief` where a date has become so long that the card does not fit.
    """
    brief = redated(Brief.model_validate(strict_loads(body), by_alias=True), by=by)
    evidence = tuple(one.model_copy(update={"as_of": one.as_of + by}) for one in brief.evidence)
    changes = {
        "evidence": evidence,
        "provenance": _moved(brief.provenance, by),
        "run": _like(brief.run),
    }
    return parse_brief(brief.model_copy(update=changes).to_bytes())


def _moved(found: Provenance, by: int) -> Provenance:
    history = tuple(one.model_copy(update={"at": one.at + by}) for one in found.history)
    return found.model_copy(update={"at": found.at + by, "history": history})


def _like(run: str | None) -> str | None:
    """A new name where it is of a kind that is never given twice. Any other might be an agent's
    next one, so then the run has none, and is called as its escalation is."""
    try:
        return str(uuid4()) if run is not None and UUID(run) else None
    except ValueError:
        return None
