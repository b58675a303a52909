"""Strict reading of JSON, its canonical form (RFC 8785), and the digests that bind everything."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from itertools import accumulate
from typing import NoReturn

import rfc8785
from pydantic import JsonValue

from overread_briefs.action import Action
from overread_briefs.errors import BadJson, NotCanonical, TooLarge

MAX_BYTES = 1 << 20
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly."""

_INTEGER_TOO_LARGE = (
    "An integer beyond ±(2^53 - 1) loses digits in other languages: pass it as a string."
)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


def strict_loads(data: bytes, *, max_bytes: int = MAX_BYTES) -> JsonValue:
    """Read JSON, refusing whatever two readers could understand differently.

    Everything accepted has a canonical form. Raises `TooLarge` or `BadJson`.
    """
    if len(data) > max_bytes:
        raise TooLarge(len(data), max_bytes)
    text = _decode(data)
    _check_depth(data)
    try:
        value: JsonValue = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadJson(f"It is not JSON: {error.msg} at {where}.") from error
    _check_surrogates(data, value)
    return value


def _decode(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        raise BadJson("It starts with a byte order mark: save it as UTF-8 without one.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJson(f"Byte {error.start} is not UTF-8: save it as UTF-8.") from error


def _check_depth(data: bytes) -> None:
    """Count brackets outside strings, so that depth is known before anything recurses."""
    if data.count(b"[") + data.count(b"{") <= MAX_DEPTH:
        return
    outside_strings = data.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')[::2]
    brackets = b"".join(outside_strings).translate(None, _NOT_BRACKETS)
    if max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > MAX_DEPTH:
        raise BadJson(f"It nests deeper than {MAX_DEPTH} levels: flatten it.")


def _check_surrogates(data: bytes, value: JsonValue) -> None:
    if b"\\u" not in data or not _SURROGATE_ESCAPE.search(data):
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise BadJson(
            "It holds half a surrogate pair (an escape from \\ud800 to \\udfff without its "
            "partner): write the whole character."
        ) from error


def _unique_keys(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) < len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise BadJson(f"The key {twice[:40]!a} appears twice in one object: keep one.")
    return members


def _refuse_constant(text: str) -> NoReturn:
    raise BadJson(f"{text} is not a JSON number: leave the member out or pass null.")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise BadJson(f"The number {text[:24]} is too large for a double: pass it as a string.")
    return number


def _exact(text: str) -> int:
    """Read an integer; the length is checked first, as long ones take quadratic time."""
    if len(text) > 17 or abs(number := int(text)) > MAX_INTEGER:
        raise BadJson(_INTEGER_TOO_LARGE)
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique_keys,
    parse_constant=_refuse_constant,
    parse_float=_finite,
    parse_int=_exact,
)


def jcs(value: JsonValue) -> bytes:
    """The canonical bytes of a JSON value (RFC 8785). Raises `NotCanonical`."""
    try:
        return rfc8785.dumps(value)
    except rfc8785.IntegerDomainError as error:
        raise NotCanonical(_INTEGER_TOO_LARGE) from error
    except rfc8785.FloatDomainError as error:
        raise NotCanonical("NaN and Infinity are not JSON: pass null or leave it out.") from error
    except UnicodeError as error:
        raise NotCanonical("A key holds half a surrogate pair: pass valid text.") from error
    except RecursionError as error:
        raise NotCanonical(f"It nests too deep: keep to {MAX_DEPTH} levels.") from error
    except ValueError as error:
        raise NotCanonical(f"It has no canonical JSON form ({error}).") from error


def brief_sha256(data: bytes) -> str:
    """Digest of a brief's bytes exactly as received, in hexadecimal."""
    return _digest(b"overread.brief.v1\0", data)


def action_sha256(action: Action) -> str:
    """Digest of what would be executed: type and parameters only. Raises `NotCanonical`."""
    return _digest(
        b"overread.action.v1\0", jcs({"type": action.type, "parameters": action.parameters})
    )


def event_sha256(previous: str, event: Mapping[str, JsonValue]) -> str:
    """Digest of an audit event, chained to the hexadecimal digest of the one before."""
    return _digest(b"overread.event.v1\0", previous.encode("ascii"), jcs(dict(event)))


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()
