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
from overread_queue.trust.keys import blob_of
from overread_queue.trust.wire import BadWire

Table = dict[str, JsonValue]


def brief_bytes(name: str) -> bytes:
    """A brief from a file, or from stdin for `-`. Raises `InvalidBrief` if it is too large."""
    try:
        return _read(name, most=MAX_BYTES)
    except TooLarge as error:
        raise InvalidBrief([Fault("brief", str(error))]) from error


def json_file(name: str, *, most: int = MAX_BYTES) -> JsonValue:
    """A JSON document other than a brief; a fault in it is a fault of usage."""
    try:
        return strict_loads(_read(name, most=most), max_bytes=most)
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
    if name is None:
        return None
    try:
        return _read(name, most=MAX_BYTES)
    except TooLarge as error:
        raise click.UsageError(f"{name}: {error}") from error


def public_key(name: str | None) -> str | None:
    """The one line of a .pub file; what is wrong with it says what to give instead."""
    data = settings_file(name)
    if data is None:
        return None
    line = data.decode("utf-8", "replace").strip()
    try:
        blob_of(line)
    except BadWire as error:
        raise click.UsageError(f"{name}: {error}.") from error
    return line


def _read(name: str, *, most: int) -> bytes:
    """Everything in a file, or in stdin for `-`. Raises `TooLarge` without reading on."""
    if name == "-":
        return _take(sys.stdin.buffer, most)
    try:
        with Path(name).open("rb") as file:
            return _take(file, most)
    except OSError as error:
        raise click.UsageError(f"{name} cannot be read: {error.strerror}.") from error


def _take(file: BinaryIO, most: int) -> bytes:
    data = file.read(most + 1)
    if len(data) > most:
        status = os.fstat(file.fileno())
        known = status.st_size if stat.S_ISREG(status.st_mode) else 0
        raise TooLarge(max(known, len(data)), most)
    return data
