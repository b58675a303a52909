"""Parquet files, where the extra `parquet` is installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from types import ModuleType
from typing import BinaryIO

from overread_queue.errors import InvalidRequest
from overread_queue.exporting.columns import Column, Kind, Record

ROWS = 10_000
"""In one group of a file, and at once in memory."""
_MISSING = "parquet needs an extra; run `pip install 'overread[parquet]'`, or take csv or jsonl"


def write_parquet(file: BinaryIO, columns: Sequence[Column], records: Iterable[Record]) -> None:
    """Typed columns: exactly what is recorded, times with their zone, meanings beside the names.

    Raises `InvalidRequest` without the extra.
    """
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as error:
        raise InvalidRequest(_MISSING) from error

    types = _types(arrow)
    schema = arrow.schema(
        [
            arrow.field(one.name, types[one.kind], metadata={"meaning": one.meaning})
            for one in columns
        ]
    )
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for rows in _groups(iter(records)):
            arrays = [
                arrow.array(cells, type=one.type)
                for cells, one in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))


def _types(arrow: ModuleType) -> dict[Kind, object]:
    return {
        "text": arrow.string(),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "boolean": arrow.bool_(),
        "time": arrow.timestamp("ms", tz="UTC"),
        "json": arrow.string(),
    }


def _groups(records: Iterator[Record]) -> Iterator[list[Record]]:
    while rows := list(islice(records, ROWS)):
        yield rows
