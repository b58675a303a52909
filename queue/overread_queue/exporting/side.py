"""The leads' door to what leaves the desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from overread_queue.errors import InvalidRequest
from overread_queue.exporting.columns import Record, columns
from overread_queue.exporting.records import Source, records, source
from overread_queue.exporting.wish import Exported, Progress, Wish
from overread_queue.exporting.writing import WRITERS
from overread_queue.keeping.copies import digest, fresh, sum_beside
from overread_queue.leading.side import OfficeSide
from overread_queue.store.events import Event

OFTEN = 1000
"""Rows between two words on how far it is."""


class ExportSide(OfficeSide):
    """One lead who takes records out. Each time, the history says what left, and who took it."""

    def export(
        self, wish: Wish, target: Path, *, replace: bool = False, progress: Progress | None = None
    ) -> Exported:
        """Write a file, whole or not at all, and `TARGET.sha256` beside it.

        Raises what `export_into` does, `InvalidRequest` where something is at `target` and
        `replace` was not asked for, `StoreFull` and `StoreReadOnly`.
        """
        with fresh(target, replace=replace) as file:
            done = self.export_into(wish, file, progress=progress)
        sum_beside(target, done.sha256)
        return done

    def export_into(
        self, wish: Wish, file: BinaryIO, *, progress: Progress | None = None
    ) -> Exported:
        """Write into an empty file that can be read back: one picture of the desk, in an order
        that never changes, in memory that does not grow with it.

        It counts as taken out once it is written, whatever becomes of the file. Raises
        `NotAllowed` without the role, `InvalidRequest` for a period that ends before it begins or
        a format whose extra is missing.
        """
        self._need_lead()
        if wish.since >= wish.until:
            raise InvalidRequest("the period ends before it begins; `since` comes before `until`")
        rows = self._write(wish, file, progress or _silently)
        file.seek(0)
        done = Exported(rows, digest(file), self.single_operator)
        self._note(wish, done)
        return done

    # -- inside

    def _write(self, wish: Wish, file: BinaryIO, progress: Progress) -> int:
        with self._ground.store.read() as tx:
            found = source(self._ground, tx, wish)
            count = _Count(found, progress)
            rows = records(found, wish, single_operator=self.single_operator)
            WRITERS[wish.format](file, columns(wish.what), count.through(rows))
        return count.rows

    def _note(self, wish: Wish, done: Exported) -> None:
        with self._ground.write(self._actor) as tx:
            detail = {
                "what": wish.what,
                "format": wish.format,
                "since": wish.since,
                "until": wish.until,
                "sensitive": wish.sensitive,
                "names": wish.names,
                "rows": done.rows,
                "sha256": done.sha256,
            }
            now = self._ground.clock.now()
            tx.events.add(Event("exported", self._actor, now, detail={**detail}))


class _Count:
    """Counts what passes, and says how far it is now and then."""

    def __init__(self, found: Source, progress: Progress) -> None:
        self.rows = 0
        self._total = found.total
        self._progress = progress

    def through(self, rows: Iterator[Record]) -> Iterator[Record]:
        for row in rows:
            yield row
            self.rows += 1
            if self.rows % OFTEN == 0:
                self._progress(self.rows, self._total)
        self._progress(self.rows, self.rows)


def _silently(done: int, total: int) -> None:
    """Nobody is watching."""
