"""Charts that follow the facts, and the alarms they raised."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.health.alarm import AlarmKind
from overread_queue.store.rows import Stored
from overread_queue.store.table import Table, Value


@dataclass(frozen=True, slots=True)
class AlarmRow(Stored):
    """An alarm without the words that are the same for all of its kind."""

    id: str
    kind: AlarmKind
    subject: str
    raised_at: int
    since: int
    severe: bool
    says: str
    n: int
    observed: float | None
    expected: float | None
    acknowledged_at: int | None = None
    acknowledged_by: str | None = None
    note: str = ""
    over_at: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "severe", bool(self.severe))


@dataclass(frozen=True, slots=True)
class OpenRow(Stored):
    """A question that waits."""

    pool: str
    created_at: int
    deadline_at: int


class Alarms(Table):
    file = "alarm"

    # -- charts, as JSON

    def chart(self, kind: str, subject: str) -> str | None:
        row = self._one("chart", {"kind": kind, "subject": subject})
        return row["state"] if row else None

    def charts(self, kind: str) -> dict[str, str]:
        """By subject."""
        return {row["subject"]: row["state"] for row in self._all("charts", {"kind": kind})}

    def keep_chart(self, kind: str, subject: str, state: str) -> None:
        self._all("keep_chart", {"kind": kind, "subject": subject, "state": state})

    def drop_chart(self, kind: str, subject: str) -> bool:
        """False where there is none."""
        return self._one("drop_chart", {"kind": kind, "subject": subject}) is not None

    # -- alarms

    def standing(self, kind: AlarmKind, subject: str) -> AlarmRow | None:
        row = self._one("standing", {"kind": kind, "subject": subject})
        return AlarmRow.of(row) if row else None

    def standing_subjects(self, kind: AlarmKind) -> frozenset[str]:
        return frozenset(row["subject"] for row in self._all("standing_subjects", {"kind": kind}))

    def all_standing(self) -> list[AlarmRow]:
        return [AlarmRow.of(row) for row in self._all("all_standing", {})]

    def raised(self, *, since: int) -> list[AlarmRow]:
        """Those that are over, too, the latest first."""
        return [AlarmRow.of(row) for row in self._all("raised", {"since": since})]

    def get(self, id: str) -> AlarmRow | None:
        row = self._one("get", {"id": id})
        return AlarmRow.of(row) if row else None

    def add(self, new: AlarmRow) -> None:
        self._all(
            "raise",
            {
                "id": new.id,
                "kind": new.kind,
                "subject": new.subject,
                "raised_at": new.raised_at,
                "since": new.since,
                "severe": new.severe,
                "says": new.says,
                "n": new.n,
                "observed": new.observed,
                "expected": new.expected,
            },
        )

    def renew(self, id: str, *, says: str, n: int, observed: float | None) -> None:
        values: dict[str, Value] = {"id": id, "says": says, "n": n, "observed": observed}
        self._all("renew", values)

    def end(self, id: str, *, now: int) -> None:
        self._all("end", {"id": id, "now": now})

    def acknowledge(self, id: str, *, by: str, note: str, now: int) -> bool:
        """False where somebody did before, or there is no such alarm."""
        values: dict[str, Value] = {"id": id, "by": by, "note": note, "now": now}
        return self._one("acknowledge", values) is not None

    def forget_notes(self, *, before: int) -> int:
        """Erase what leads wrote until then; the number of notes erased."""
        return len(self._all("forget_notes", {"before": before}))

    # -- what waits

    def waiting(self, *, now: int, most: int) -> list[OpenRow]:
        """Not past its deadline yet, the most pressing first."""
        return [OpenRow.of(row) for row in self._all("waiting", {"now": now, "most": most})]
