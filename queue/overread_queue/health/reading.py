"""Events into facts. What was erased or altered stops nothing: the fact still counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pydantic import ValidationError

from overread_briefs import Brief
from overread_briefs.budget import card_facts, words
from overread_briefs.canonical import strict_loads
from overread_briefs.errors import BriefError
from overread_queue.health.facts import (
    Acted,
    Answer,
    Breached,
    Closed,
    Exit,
    Fact,
    Moved,
    Proposed,
    Responded,
    Reviewed,
    Submitted,
    Taken,
)
from overread_queue.states import EscalationKind, EscalationState, Tier
from overread_queue.store.health import Told

LOOKED = frozenset({"decided", "opinion", "handed_on"})
RESPONSES = LOOKED | {"held"}
REFUSED = "refused:"
ERASED = "erased"
"""Stands for an action type, a pool or an agent that is known no more."""
UNSAID = "unknown"
"""A version that is none; a brief has to name one, so agents without any say so."""

_EXITS: dict[str, Exit] = {
    EscalationState.DECIDED: "answered",
    EscalationState.TIMED_OUT: "timed_out",
    EscalationState.WITHDRAWN: "withdrawn",
    EscalationState.SUPERSEDED: "superseded",
}
_ANSWERS: dict[str, Answer] = {
    "approve": "approve",
    "modify": "modify",
    "reject": "reject",
    "need_info": "need_info",
    "taken_over": "taken_over",
}
_AFTERWARDS: dict[Answer, Answer] = {"approve": "confirmed", "reject": "disagreed"}
"""What was done already is confirmed or not."""

_STATES = frozenset(EscalationState)
_ASKING = frozenset({Tier.SOFT_REVIEW, Tier.HARD_APPROVAL, Tier.HARD_STOP})


def facts(rows: Iterable[Told]) -> Iterator[Fact]:
    """In the order of the chain; one event can be several."""
    for row in rows:
        yield from _facts(row, _Said.of(row))


class _Said(NamedTuple):
    """What an event's own words come to; what they do not say is filled in."""

    words: dict[str, str]

    @classmethod
    def of(cls, row: Told) -> _Said:
        try:
            found = json.loads(row.detail)
        except ValueError:
            found = None
        pairs = found.items() if isinstance(found, dict) else ()
        return cls({name: value for name, value in pairs if isinstance(value, str)})

    def get(self, *names: str) -> str:
        """The first of them that is there."""
        return next((self.words[name] for name in names if name in self.words), "")

    @property
    def pool(self) -> str:
        """Where it was when it happened."""
        return self.get("from_pool", "pool") or ERASED


def _facts(row: Told, said: _Said) -> Iterator[Fact]:
    if row.kind.startswith(REFUSED):
        yield Moved(row.seq, row.at, row.kind.removeprefix(REFUSED))
    elif row.kind == "proposed":
        yield _proposed(row, escalated=_tier(row.proposed_tier) in _ASKING)
    elif row.kind == "breached":
        yield Breached(*_about(row), said.pool, said.get("fallback"))
    elif row.kind == "outcome":
        yield Acted(*_about(row), said.get("outcome") == "ok")
    elif said.get("to"):
        yield from _moves(row, said)


def _moves(row: Told, said: _Said) -> Iterator[Fact]:
    yield _move(row, said)
    if row.kind == "submitted":
        yield from _submitted(row, said)
    if row.kind == "claimed" and not row.taken:
        yield Taken(*_about(row), said.pool, _tier(row.tier), _kind(row), _waited(row))
    if row.kind in RESPONSES and not row.responded:
        yield Responded(*_about(row), said.pool, _tier(row.tier), _kind(row), _waited(row))
    if row.kind in LOOKED:
        yield _reviewed(row, said)
    if said.get("to") in _EXITS and row.escalation is not None:
        yield _closed(row, said)


def _move(row: Told, said: _Said) -> Moved:
    left, to = said.get("from"), said.get("to")
    if row.escalation is None or row.since is None or left not in _STATES or left == to:
        return Moved(row.seq, row.at, None)
    stayed = max(0, row.at - row.since)
    return Moved(row.seq, row.at, None, EscalationState(left), stayed)


def _proposed(row: Told, *, escalated: bool) -> Proposed:
    tier = _tier(row.proposed_tier)
    return Proposed(*_about(row), _version(row), tier, escalated)


def _submitted(row: Told, said: _Said) -> Iterator[Fact]:
    kind = _kind(row)
    before = row.asked == 0 and _tier(row.proposed_tier) in _ASKING
    if kind is not EscalationKind.AUDIT and not before:
        yield _proposed(row, escalated=True)
    id, version = row.escalation or "", _version(row)
    yield Submitted(*_about(row), id, version, said.pool, _tier(row.tier), kind)


def _reviewed(row: Told, said: _Said) -> Reviewed:
    brief = brief_in(row.brief)
    advice = brief.recommendation.option if brief and brief.recommendation else None
    followed = said.get("option") == advice if advice is not None else None
    differed = advice is not None and row.judged not in (None, advice)
    return Reviewed(
        *_about(row),
        pool=said.pool,
        tier=_tier(row.tier),
        kind=_kind(row),
        answer=_answer(row, said),
        advised=advice is not None,
        followed=followed,
        judged=row.judged is not None,
        switched=followed if differed else None,
        challenged=bool(row.challenged),
        boilerplate=bool(row.boilerplate),
        active_ms=max(0, row.active_ms or 0),
        wall_ms=max(0, row.at - (row.opened_at or row.at)),
        words=_words(brief) if brief else 0,
        evidence=len(brief.evidence) if brief else 0,
        opened=_opened(row.opened),
        undone=row.undone or 0,
    )


def _closed(row: Told, said: _Said) -> Closed:
    return Closed(
        *_about(row),
        pool=said.pool,
        tier=_tier(row.tier),
        kind=_kind(row),
        exit=_EXITS[said.get("to")],
        waited_ms=_waited(row),
        in_time=row.at < (row.due_at or 0),
        taken=bool(row.taken),
        responded=bool(row.responded) or row.kind in RESPONSES,
    )


def _answer(row: Told, said: _Said) -> Answer:
    if row.kind == "handed_on":
        return "handed_on"
    found = _ANSWERS.get(said.get("verdict"), "reject")
    return found if _kind(row) is EscalationKind.APPROVAL else _AFTERWARDS.get(found, found)


def _about(row: Told) -> tuple[int, int, str, str]:
    return row.seq, row.at, row.agent or ERASED, row.action_type or ERASED


def _waited(row: Told) -> int:
    """0 where a clock was set back in between."""
    return max(0, row.at - (row.created_at or row.at))


def _tier(name: str | None) -> Tier:
    """What cannot be known counts as the tier that most questions have."""
    return Tier(name) if name in set(Tier) else Tier.HARD_APPROVAL


def _kind(row: Told) -> EscalationKind:
    found = row.asked_for
    return EscalationKind(found) if found in set(EscalationKind) else EscalationKind.APPROVAL


def _version(row: Told) -> str:
    """Of the agent and, where that is known, its model; empty where nobody said."""
    try:
        kept = json.loads(row.inputs or "{}")
    except ValueError:
        kept = {}
    model = [kept.get(name) for name in ("model", "model_version")] if kept else []
    named = (said for said in (row.agent_version, *model) if said and said != UNSAID)
    return " ".join(named)


def brief_in(data: bytes | None) -> Brief | None:
    """None for what was erased, or is none any more."""
    try:
        return Brief.model_validate(strict_loads(data), by_alias=True) if data else None
    except (BriefError, ValidationError):
        return None


def _words(brief: Brief) -> int:
    """Of the first card, as far as the agent wrote it."""
    said = brief.recommendation
    texts = (
        brief.question,
        *(fact.title for fact in card_facts(brief)),
        *(option.consequence for option in brief.options),
        said.reason if said else "",
    )
    return sum(map(words, texts))


def _opened(text: str | None) -> int:
    try:
        return len(json.loads(text or "[]"))
    except (ValueError, TypeError):
        return 0
