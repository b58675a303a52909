"""Transcripts as several frameworks write them, read into one shape.

OpenAI chat messages, items of OpenAI's responses, Anthropic's content blocks, and LangChain's
message objects; which it is shows in each message by itself, so a list may mix them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from overread_briefs.canonical import strict_loads
from overread_briefs.errors import BriefError
from overread_briefs.fields import Parameters

MAX_MESSAGES = 10_000
_ROLES = {"human": "user", "ai": "assistant"}
_TIMES = ("timestamp", "created_at", "created", "time")


class BadTranscript(BriefError):
    """A transcript cannot be read, or does not say what is to be decided."""


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call."""

    id: str
    name: str
    arguments: Parameters
    said: str = ""
    """What the agent said with it."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool gave back."""

    call: str
    """Id of the call."""
    text: str
    failed: bool
    at: int | None
    """UTC milliseconds, where the message says when."""


@dataclass(slots=True)
class Transcript:
    """Who asked for what, and what was done."""

    request: str = ""
    """The latest words of the user's."""
    requested_at: int | None = None
    calls: list[Call] = field(default_factory=list)
    results: dict[str, Result] = field(default_factory=dict)

    def open_calls(self) -> list[Call]:
        """Those that nothing came back for."""
        return [one for one in self.calls if one.id not in self.results]


def read(messages: Sequence[object]) -> Transcript:
    """Raises `BadTranscript`, which names the message."""
    if len(messages) > MAX_MESSAGES:
        raise BadTranscript(
            f"the transcript has {len(messages):,} messages, {MAX_MESSAGES:,} at most; "
            "pass the part that led to the call"
        )
    found = Transcript()
    for number, message in enumerate(messages):
        try:
            _take(found, _Fields(message))
        except (BriefError, TypeError, ValueError) as error:
            raise BadTranscript(f"message {number} cannot be read: {error}") from error
    return found


class _Fields:
    """A message's parts by name, whether it is a mapping or an object."""

    def __init__(self, message: object) -> None:
        self._message = message

    def get(self, name: str) -> object:
        if isinstance(self._message, Mapping):
            return self._message.get(name)
        return getattr(self._message, name, None)

    def text(self, name: str) -> str:
        return _text(self.get(name))


def _take(found: Transcript, message: _Fields) -> None:
    kind, role = message.text("type"), message.text("role")
    role = role or _ROLES.get(kind, kind)
    at = _when(message)
    if kind == "function_call":
        call = message.text("call_id") or message.text("id")
        found.calls.append(_call(call, message.get("name"), message.get("arguments"), ""))
    elif kind == "function_call_output":
        _add(found, message.text("call_id"), message.get("output"), failed=False, at=at)
    elif role == "tool":
        failed = message.text("status") == "error"
        _add(found, message.text("tool_call_id"), message.get("content"), failed=failed, at=at)
    elif role == "assistant":
        found.calls += _calls(message)
    elif role == "user":
        _from_user(found, message, at)
    elif role not in ("system", "developer", "reasoning"):
        raise ValueError(f"it has no role that is known ({role or 'none'!r})")


def _calls(message: _Fields) -> Iterator[Call]:
    said = message.text("content")
    for raw in _list(message.get("tool_calls")):
        one = _Fields(raw)
        function = _Fields(one.get("function") or {})
        name = function.get("name") or one.get("name")
        arguments = function.get("arguments") or one.get("args") or one.get("arguments")
        yield _call(one.text("id"), name, arguments, said)
    for block in _blocks(message, "tool_use"):
        yield _call(block.text("id"), block.get("name"), block.get("input"), said)


def _from_user(found: Transcript, message: _Fields, at: int | None) -> None:
    for block in _blocks(message, "tool_result"):
        failed = block.get("is_error") is True
        _add(found, block.text("tool_use_id"), block.get("content"), failed=failed, at=at)
    said = message.text("content")
    if said.strip():
        found.request, found.requested_at = said, at


def _add(found: Transcript, call: str, content: object, *, failed: bool, at: int | None) -> None:
    text = _text(content)
    found.results[call] = Result(call, text, failed or _says_error(text), at)


def _call(id: str, name: object, arguments: object, said: str) -> Call:
    if not isinstance(name, str) or not name:
        raise ValueError("a tool call has no name")
    if isinstance(arguments, str):
        arguments = strict_loads((arguments or "{}").encode())
    if not isinstance(arguments, dict | None):
        raise TypeError(f"the arguments of {name} are no object")
    # Once through the strict reader, so that what goes into a brief has one meaning only.
    kept = strict_loads(json.dumps(arguments or {}).encode())
    if not isinstance(kept, dict):
        raise TypeError(f"the arguments of {name} are no object")
    return Call(id, name, kept, said)


def _says_error(text: str) -> bool:
    """Tools without a status say it in their first word, or as JSON."""
    start = text.lstrip()[:40].lower()
    if start.startswith(("error", "exception", "traceback")):
        return True
    try:
        loaded = json.loads(text)
    except ValueError:
        return False
    return isinstance(loaded, dict) and bool(loaded.get("error") or loaded.get("is_error"))


def _blocks(message: _Fields, kind: str) -> list[_Fields]:
    found = [_Fields(one) for one in _list(message.get("content"))]
    return [one for one in found if one.get("type") == kind]


def _text(value: object) -> str:
    """Plain text of a string, of blocks, or of whatever a tool returned."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # Half of a pair is no text.
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return "\n".join(filter(None, (_block_text(one) for one in value)))
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _block_text(block: object) -> str:
    if not isinstance(block, Mapping):
        return _text(block)
    if "type" not in block:
        return json.dumps(block, ensure_ascii=False, default=str)
    return _text(block.get("text"))


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _when(message: _Fields) -> int | None:
    for name in _TIMES:
        value = message.get(name)
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float):
            # Seconds until the year 5138, milliseconds from 1973 on.
            return round(value if value > 1e11 else value * 1000)
        if isinstance(value, str):
            return _parsed(value)
    return None


def _parsed(text: str) -> int | None:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    return round(aware.timestamp() * 1000)
