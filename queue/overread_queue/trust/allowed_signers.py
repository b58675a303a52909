"""The roster as a file for `ssh-keygen -Y verify`: whoever checks a decision needs no Overread."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from overread_queue.trust.keys import line_of
from overread_queue.trust.people import DESK, Reviewer
from overread_queue.trust.roster import Roster

NAMESPACES = "overread.*"
"""What these keys may have signed here; ssh-keygen compares it as a pattern."""


def allowed_signers(roster: Roster) -> str:
    """One line per key that ever counted, with the time during which it did.

    Keys that were reported stolen are left out, and a comment says so.
    """
    desk = (_line(DESK, line_of(blob), []) for blob in roster.desk_keys)
    people = (line for one in roster.reviewers.values() for line in _lines_of(one))
    return "".join(f"{line}\n" for line in (*desk, *people))


def _lines_of(one: Reviewer) -> Iterator[str]:
    for line in one.keys:
        yield _line(one.name, line, _times(one, one.revoked_at))
    for old in one.retired:
        if old.compromised:
            yield f"# {one.name}: a key was reported stolen and is left out"
        else:
            yield _line(one.name, old.key, _times(one, old.at))


def _line(name: str, public: str, times: list[str]) -> str:
    kind, blob = public.split()[:2]
    options = ",".join([f'namespaces="{NAMESPACES}"', *times])
    return f"{name} {options} {kind} {blob}"


def _times(one: Reviewer, over: int | None) -> list[str]:
    ends = [at for at in (over, one.valid_until, one.revoked_at) if at is not None]
    begins = [] if one.valid_from is None else [f'valid-after="{_stamp(one.valid_from)}"']
    return begins + ([f'valid-before="{_stamp(min(ends))}"'] if ends else [])


def _stamp(millis: int) -> str:
    return dt.datetime.fromtimestamp(millis / 1000, dt.UTC).strftime("%Y%m%d%H%M%SZ")
