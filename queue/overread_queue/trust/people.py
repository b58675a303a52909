"""The shapes of reviewers.toml, agents.toml and desk.toml."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from overread_briefs.fields import Identifier, Items, Line, Part
from overread_queue.places import KEY_NAME
from overread_queue.trust.keys import blob_of
from overread_queue.trust.wire import BadWire

DESK = "desk"
"""The name that envelopes carry where the desk key signs; no reviewer may have it."""
LEAD = "lead"
"""The role that changes things for everybody."""
AUDIT = "audit"
"""The file of the secret that draws the audit sample; no reviewer may have the name either."""
PROBES = "probes"
"""The file of the secret behind blind tests, which is never disclosed; nobody's name either."""


def _instant(value: object) -> object:
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    if not isinstance(value, dt.datetime):
        raise ValueError("must be a date-time such as 2026-12-31T18:00:00Z")
    if value.tzinfo is None:
        raise ValueError("has no time zone; write it like 2026-12-31T18:00:00Z")
    return round(value.timestamp() * 1000)


def _as_datetime(millis: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(millis / 1000, dt.UTC)


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _public_line(line: str) -> str:
    try:
        blob_of(line)
    except BadWire as error:
        raise ValueError(f"is not an Ed25519 public key: {error}") from error
    return line.strip()


def _reviewer_name(name: str) -> str:
    if name.lower() in (DESK, AUDIT, PROBES):
        raise ValueError(f"{name!r} is the desk's own name; choose another")
    if not KEY_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a reviewer; use letters, digits and . _ @ + -")
    return name


def _named(entries: object) -> object:
    """Tell each entry the name of its table."""
    if not isinstance(entries, dict):
        return entries
    for name, entry in entries.items():
        if isinstance(entry, dict) and "name" in entry:
            raise ValueError(f"{name} has a `name`; leave it out, the table already says it")
    return {
        name: {**entry, "name": name} if isinstance(entry, dict) else entry
        for name, entry in entries.items()
    }


Instant = Annotated[int, BeforeValidator(_instant), PlainSerializer(_as_datetime)]
"""UTC milliseconds; a date-time with a zone in the file."""
PublicLine = Annotated[str, AfterValidator(_public_line)]
"""One line as in a .pub file."""
ReviewerName = Annotated[str, AfterValidator(_reviewer_name)]
"""Also the name of a key file, so it cannot leave its folder."""


class RetiredKey(Part):
    """A key that signs no more. What it signed earlier still verifies, unless it was stolen."""

    key: PublicLine
    at: Instant
    compromised: bool = False
    """Somebody else may have signed with it, under any date: nothing it ever signed counts."""


class Reviewer(Part):
    """Somebody who may decide."""

    name: ReviewerName = Field(exclude=True)
    label: Line
    roles: Items[Identifier] = ()
    user: Annotated[Items[str], BeforeValidator(_one_or_many)] = ()
    """Operating-system users that are this person."""
    keys: Items[PublicLine] = ()
    retired: Items[RetiredKey] = ()
    """Keys that these replaced."""
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    revoked_at: Instant | None = None
    time_multiplier: Annotated[float, Field(ge=0.5, le=4, allow_inf_nan=False)] = 1.0
    """An accommodation: scales the floors, the expected work and the caps in minutes."""

    def in_force(self, at: int) -> bool:
        """Whether this person's keys counted at `at`."""
        begun = self.valid_from is None or self.valid_from <= at
        over = self.valid_until is not None and self.valid_until <= at
        return begun and not over and not self.revoked(at)

    def revoked(self, at: int) -> bool:
        return self.revoked_at is not None and self.revoked_at <= at

    def retire_keys(self, at: int, *, compromised: bool) -> Reviewer:
        """The same person with every key retired; a theft reaches back to the earlier ones."""
        earlier = [
            one.model_copy(update={"compromised": one.compromised or compromised})
            for one in self.retired
        ]
        now = [RetiredKey.model_construct(key=k, at=at, compromised=compromised) for k in self.keys]
        return self.model_copy(update={"keys": (), "retired": (*earlier, *now)})


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """Whose key it is, and what became of it."""

    owner: Reviewer
    retired: RetiredKey | None = None

    @property
    def compromised(self) -> bool:
        return self.retired is not None and self.retired.compromised

    def in_force(self, at: int) -> bool:
        """Whether a signature of that moment counts."""
        over = self.retired is not None and self.retired.at <= at
        return self.owner.in_force(at) and not over and not self.compromised


class Agent(Part):
    """A program that may ask."""

    name: Identifier = Field(exclude=True)
    label: Line
    operator: Identifier | None = None
    """The person it acts for, who never decides for it; without one it belongs to nobody."""
    actions: Items[Identifier] = ()
    """Action types it may propose; none means that it may propose nothing."""
    key: PublicLine | None = None
    """Where there is one, only submissions signed with it count."""

    def acts_for(self, person: str) -> bool:
        """Names are compared without case, so that `Ana` cannot approve for `ana`."""
        return self.operator is not None and self.operator.lower() == person.lower()


class Desk(Part):
    """What the desk says about itself."""

    id: Identifier
    name: Line
    single_operator: bool = False
    """Whether reviewers may decide for agents that act for them; every face says so."""


class ReviewersFile(Part):
    reviewers: Annotated[dict[str, Reviewer], BeforeValidator(_named)] = Field(default_factory=dict)


class AgentsFile(Part):
    agents: Annotated[dict[str, Agent], BeforeValidator(_named)] = Field(default_factory=dict)


class DeskFile(Part):
    desk: Desk
