"""SQLite as Python's driver offers it, with every write to a file written down.

The store runs on this as it runs on its own driver; `log` then holds, in order, what reached the
file system and when SQLite asked for it to be made durable. Needs apsw, which lets Python in
between SQLite and its files.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import apsw

from power_cut import Entry

log: list[Entry] = []

Error = DatabaseError = apsw.Error
IntegrityError = apsw.ConstraintError
SQLITE_BUSY, SQLITE_LOCKED = apsw.SQLITE_BUSY, apsw.SQLITE_LOCKED
SQLITE_NOTADB, SQLITE_CORRUPT = apsw.SQLITE_NOTADB, apsw.SQLITE_CORRUPT
SQLITE_IOERR, SQLITE_FULL = apsw.SQLITE_IOERR, apsw.SQLITE_FULL
SQLITE_READONLY, SQLITE_PERM = apsw.SQLITE_READONLY, apsw.SQLITE_PERM
SQLITE_CANTOPEN = apsw.SQLITE_CANTOPEN
sqlite_version_info = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
complete_statement = apsw.complete


class Row(tuple[Any, ...]):
    """Cells by place and by name."""

    names: tuple[str, ...] = ()

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self.names.index(key) if isinstance(key, str) else key)

    def keys(self) -> tuple[str, ...]:
        return self.names


def _named(cursor: apsw.Cursor) -> type[Row]:
    names = tuple(column[0] for column in cursor.get_description())
    return type("Row", (Row,), {"names": names})


class Cursor:
    """What a statement gave, all of it."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = iter(rows)

    def fetchall(self) -> list[Row]:
        return list(self._rows)

    def fetchone(self) -> Row | None:
        return next(self._rows, None)

    def __iter__(self) -> Any:
        return self._rows


class Connection:
    """As much of a connection as the store uses."""

    row_factory: object = None

    def __init__(self, uri: str) -> None:
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI
        self._inner = apsw.Connection(uri, flags=flags, vfs=Recorder.name)

    def execute(self, statement: str, values: Mapping[str, Any] | tuple[Any, ...] = ()) -> Cursor:
        cursor = self._inner.execute(statement, values)
        return Cursor([_named(cursor)(row) for row in cursor])

    def rollback(self) -> None:
        if self.in_transaction:
            self._inner.execute("ROLLBACK")

    def close(self) -> None:
        self._inner.close()

    @property
    def in_transaction(self) -> bool:
        return self._inner.in_transaction

    @property
    def total_changes(self) -> int:
        return self._inner.total_changes()


def connect(where: str, **_: object) -> Connection:
    return Connection(where)


class Recorder(apsw.VFS):
    """The machine's own file system, watched."""

    name = "recorder"

    def __init__(self) -> None:
        super().__init__(self.name, "")

    def xOpen(self, name: Any, flags: list[int]) -> File:  # noqa: N802 - SQLite's names
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if not os.path.exists(path):  # noqa: PTH110
            log.append(("create", _short(path)))
        return File(name, flags, _short(path))

    def xDelete(self, path: str, durable: bool) -> None:  # noqa: N802
        log.append(("delete", _short(path), durable))
        super().xDelete(path, durable)


class File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], short: str) -> None:
        super().__init__("", name, flags)
        self._short = short

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        log.append(("write", self._short, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        log.append(("truncate", self._short, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        log.append(("sync", self._short))


def _short(path: str | None) -> str:
    """The database is "", its log is "-wal"."""
    return (path or "").partition(".db")[2]


_recorder = Recorder()
