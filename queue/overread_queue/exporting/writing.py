"""Records as files: each format in one function that holds a handful of rows at a time."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO

from overread_briefs.visible import visible
from overread_queue.errors import Tampered
from overread_queue.exporting.columns import Cell, Column, Record
from overread_queue.exporting.parquet import write_parquet
from overread_queue.exporting.wish import Format

Columns = Sequence[Column]
Writer = Callable[[BinaryIO, Columns, Iterable[Record]], None]

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# What makes a spreadsheet take a cell for a formula, and the mark itself, so that taking off one
# apostrophe always gives back what was there. East Asian input methods type the wide ones.
_FORMULA = tuple("=+-@'＝＋－＠")


def write_csv(file: BinaryIO, columns: Columns, records: Iterable[Record]) -> None:
    """RFC 4180 in UTF-8: a heading, CRLF, quotes where they are needed. For people: hidden
    characters are made visible, and no text is a formula."""
    lines = csv.writer(_Encoded(file))
    lines.writerow([column.name for column in columns])
    for record in records:
        lines.writerow([_in_a_cell(*pair) for pair in _pairs(columns, record)])


def write_jsonl(file: BinaryIO, columns: Columns, records: Iterable[Record]) -> None:
    """One JSON object a line, in ASCII: exactly what is recorded, and nothing that acts on a
    terminal. What a row does not have is null."""
    for record in records:
        row = {column.name: _with_times(column, cell) for column, cell in _pairs(columns, record)}
        file.write(json.dumps(row, ensure_ascii=True).replace("\x7f", "\\u007f").encode() + b"\n")


class _Encoded:
    """What the csv module writes to. A `TextIOWrapper` would close the file after a failure."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())


WRITERS: dict[Format, Writer] = {"csv": write_csv, "jsonl": write_jsonl, "parquet": write_parquet}


def instant(milliseconds: int) -> str:
    """ISO 8601 in UTC. Raises `Tampered` for what no clock shows."""
    try:
        moment = EPOCH + dt.timedelta(milliseconds=milliseconds)
    except OverflowError as error:
        raise Tampered(f"the records hold {milliseconds} for a time, which is none") from error
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def _pairs(columns: Columns, record: Record) -> Iterable[tuple[Column, Cell]]:
    return zip(columns, record, strict=True)


def _in_a_cell(column: Column, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return _harmless(visible(cell))
    return str(_with_times(column, cell))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _with_times(column: Column, cell: Cell) -> Cell:
    return instant(cell) if column.kind == "time" and isinstance(cell, int) else cell
