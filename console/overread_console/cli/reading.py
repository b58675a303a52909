"""Files that a command is given: read once, never more of them than could be used."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO

import click
from pydantic import JsonValue

from overread_briefs.canonical import MAX_BYTES, strict_loads
from overread_briefs.errors import BadJson, Fault, InvalidBrief, TooLarge

Table = dict[str, JsonValue]


def brief_bytes(name: str) -> bytes:
    """A brief from a file, or from stdin for `-`. Raises `InvalidBrief` if it is too large."""
    data, size = _read(name)
    if size > MAX_BYTES:
        raise InvalidBrief([Fault("brief", str(TooLarge(size, MAX_BYTES)))])
    return data


def json_file(name: str) -> JsonValue:
    """A JSON document other than a brief; a fault in it is a fault of usage."""
    data, size = _read(name)
    try:
        if size > MAX_BYTES:
            raise TooLarge(size, MAX_BYTES)
        return strict_loads(data)
    except BadJson as error:
        raise click.UsageError(f"{name}: {error}") from error


def json_object(name: str) -> Table:
    """A JSON object from a file."""
    value = json_file(name)
    if not isinstance(value, dict):
        raise click.UsageError(f"{name}: give one JSON object in {{ }}.")
    return value


def settings_file(name: str | None) -> bytes | None:
    """A file of settings, where the person names one."""
    return None if name is None else _read(name)[0]


def _read(name: str) -> tuple[bytes, int]:
    """Up to one byte more than a document may have, and the size as far as it is known."""
    if name == "-":
        return _take(sys.stdin.buffer)
    try:
        with Path(name).open("rb") as file:
            return _take(file)
    except OSError as error:
        raise click.UsageError(f"{name} cannot be read: {error.strerror}.") from error


def _take(file: BinaryIO) -> tuple[bytes, int]:
    data = file.read(MAX_BYTES + 1)
    status = os.fstat(file.fileno())
    known = status.st_size if stat.S_ISREG(status.st_mode) else 0
    return data, max(known, len(data))
