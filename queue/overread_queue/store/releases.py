"""Statements on `probe_release` and `probe_figure`: what was told of blind tests."""

from __future__ import annotations

from dataclasses import dataclass

from overread_queue.store.probes import Sort
from overread_queue.store.rows import Stored
from overread_queue.store.table import Table


@dataclass(frozen=True, slots=True)
class FigureRow(Stored):
    """One figure of one release."""

    release: int
    hour: int
    """UTC milliseconds of the hour of the release."""
    cut: str
    part: str
    n: int
    caught: int


class Releases(Table):
    """Added to, and never changed."""

    file = "release"

    def add(self, sort: Sort, *, hour: int) -> int:
        """The number of a new release, which has no figure yet."""
        return int(self._all("add_release", {"sort": sort, "hour": hour})[0]["id"])

    def add_figure(self, new: FigureRow) -> None:
        self._all(
            "add_figure",
            {
                "release": new.release,
                "cut": new.cut,
                "part": new.part,
                "n": new.n,
                "caught": new.caught,
            },
        )

    def grown(self, *, hour: int, least: int) -> bool:
        """Whether so many more results are there than were told, and none of them is of `hour`."""
        return bool(self._all("grown", {"hour": hour, "least": least}))

    def last_told(self, sort: Sort) -> dict[str, int]:
        """The last release of each cut that was ever told."""
        return {row["cut"]: row["release"] for row in self._all("last_told", {"sort": sort})}

    def figures(self, sort: Sort) -> list[FigureRow]:
        """All that were ever told, oldest first."""
        return [FigureRow.of(row) for row in self._all("figures", {"sort": sort})]
