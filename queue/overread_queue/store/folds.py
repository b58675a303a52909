"""Taking a test out again, so that what came of it stays and who it was does not."""

from __future__ import annotations

from dataclasses import asdict

from overread_queue.store.probes import ResultRow, Sort
from overread_queue.store.rows import ReviewRow
from overread_queue.store.table import Table, Value


class Folds(Table):
    file = "fold"

    # -- people, by keyed marks

    def saw(self, mark: str) -> None:
        self._all("saw", {"mark": mark})

    def has_seen(self, mark: str) -> bool:
        return self._one("has_seen", {"mark": mark}) is not None

    def add_load(self, day: int, mark: str, *, items: int, active_ms: int) -> None:
        """What a test took of somebody's day (the UTC milliseconds of its beginning)."""
        values: dict[str, Value] = {
            "day": day,
            "mark": mark,
            "items": items,
            "active_ms": active_ms,
        }
        self._all("add_load", values)

    def loads(self, day: int) -> dict[str, tuple[int, int]]:
        """Items and active milliseconds of that day, by mark."""
        rows = self._all("loads", {"day": day})
        return {row["mark"]: (row["items"], row["active_ms"]) for row in rows}

    def forget_loads(self, *, before: int) -> None:
        self._all("forget_loads", {"day": before})

    # -- what came of it

    def looks(self, escalation: str) -> list[ReviewRow]:
        return [ReviewRow.of(row) for row in self._all("looks", {"escalation": escalation})]

    def add_result(self, new: ResultRow) -> None:
        self._all("add_result", asdict(new))

    def add_to_crowd(self, period: str, cut: str, sort: Sort, mark: str) -> None:
        """Somebody answered a test of that cut in that period; once is enough."""
        self._all("add_to_crowd", {"period": period, "cut": cut, "sort": sort, "mark": mark})

    def untold(self, *, hour: int) -> list[str]:
        """Results from before `hour` of which the chain says nothing yet."""
        return [row["id"] for row in self._all("untold", {"hour": hour})]

    def tell(self, id: str) -> None:
        self._all("tell", {"id": id})

    def notice(self, month: str, *, seemed: bool) -> None:
        """Somebody said whether anything of a session looked like a test."""
        self._all("notice", {"month": month, "seemed": seemed})

    def noticed(self, *, before: str) -> list[tuple[int, int]]:
        """How many said so, of how many, in each month before that one, oldest first."""
        rows = self._all("noticed", {"month": before})
        return [(row["seemed"], row["answers"]) for row in rows]

    # -- as if it had never been there

    def lighten_session(self, session: str, *, active_ms: int, seconds: int) -> None:
        """A session that is over adds up again to the reviews that are left of it."""
        values: dict[str, Value] = {"session": session, "active_ms": active_ms, "seconds": seconds}
        self._all("lighten_session", values)

    def take_out(self, escalation: str) -> None:
        """Remove every row about it. The probe itself stays, and may come back to others."""
        here = {"escalation": escalation}
        self._all("drop_judgements", here)
        self._all("drop_challenges", here)
        self._all("drop_comments", here)
        self._all("drop_reviews", here)
        self._all("drop_payload", here)
        self._all("take_out", here)
        for run in self._all("drop_escalation", here):
            self._all("drop_run", {"agent": run["agent"], "run": run["run"]})
