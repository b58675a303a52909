"""TOML files that people write: policy and rosters. Faults come back with a line and a remedy."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TypeVar, get_args

import tomli_w
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from overread_queue.errors import InvalidPolicy

Table = dict[str, object]
Key = Sequence[str | int]
Model = TypeVar("Model", bound=BaseModel)

_FEW = 12
_KEY_LINE = re.compile(r"""\s*("[^"]+"|'[^']+'|[A-Za-z0-9_-]+)\s*[.=]""")


class TomlText:
    """The text of a file beside its content, so that a fault can be shown where it stands."""

    def __init__(self, data: bytes, *, source: str) -> None:
        """Raises `InvalidPolicy` where `data` is not TOML."""
        self.source = source
        try:
            self._text = data.decode("utf-8")
            self.table: Table = tomllib.loads(self._text)
        except UnicodeDecodeError as error:
            raise InvalidPolicy(f"{source}: byte {error.start} is not UTF-8") from error
        except tomllib.TOMLDecodeError as error:
            raise InvalidPolicy(f"{source} is not TOML: {error}") from error

    def read(self, model: type[Model], **known: object) -> Model:
        """The content as `model`, with what is `known` from elsewhere; or all that is wrong."""
        try:
            return model.model_validate({**self.table, **known})
        except ValidationError as error:
            details = error.errors(include_url=False)
            faults = [self.fault(one["loc"], _sentence(model, one)) for one in details]
            raise InvalidPolicy("\n".join(faults)) from error

    def with_entry(self, path: tuple[str, str], entry: Table | None) -> bytes:
        """The file with the table at `path` written anew, or taken out where `entry` is None.

        Comments outside that table stay. A file that spells its tables in a way that this cannot
        edit is written anew as a whole.
        """
        whole = tomli_w.dumps(_replaced(self.table, path, entry))
        spliced = self._spliced(path, entry)
        with suppress(tomllib.TOMLDecodeError):
            if tomllib.loads(spliced) == tomllib.loads(whole):
                return spliced.encode()
        return whole.encode()

    def _spliced(self, path: tuple[str, str], entry: Table | None) -> str:
        lines = self._text.splitlines(keepends=True)
        own = [tuple(_header(x)[:2]) if x.lstrip().startswith("[") else () for x in lines]
        begin = next((at for at, header in enumerate(own) if header == path), len(lines))
        others = (at for at in range(begin, len(lines)) if own[at] not in (path, ()))
        end = next(others, len(lines))
        while end > begin and lines[end - 1].strip()[:1] in ("", "#"):
            end -= 1  # what stands right before the next table belongs to that one
        group, name = path
        new = [] if entry is None else [tomli_w.dumps({group: {name: entry}})]
        if new and begin == len(lines):
            new.insert(0, "\n" if not lines or lines[-1].endswith("\n") else "\n\n")
        return "".join([*lines[:begin], *new, *lines[end:]])

    def fault(self, key: Key, problem: str) -> str:
        """One line for people: file, line where it is known, key, problem."""
        line = self._line_of(list(key))
        place = f"{self.source}:{line}" if line else self.source
        return f"{place}: {_dotted(key)}: {problem}" if key else f"{place}: {problem}"

    def _line_of(self, key: list[str | int]) -> int | None:
        """The line of the longest part of `key` that the file spells out."""
        best: tuple[int, int | None] = (0, None)
        table: list[str | int] = []
        seen: Counter[str] = Counter()
        for number, line in enumerate(self._text.split("\n"), start=1):
            if line.lstrip().startswith("["):
                table = _opened(line, seen) or table
                path = table
            elif found := _KEY_LINE.match(line):
                path = [*table, found[1].strip("\"'")]
            else:
                continue
            size = min(len(path), len(key))
            if size > best[0] and path[:size] == key[:size]:
                best = size, number
        return best[1]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or the few there are to choose from, or nothing."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; there is {', '.join(names)}" if 0 < len(names) <= _FEW else ""


def _replaced(table: Table, path: tuple[str, str], entry: Table | None) -> Table:
    group, name = path
    found = table.get(group)
    entries = {**found} if isinstance(found, dict) else {}
    if entry is None:
        entries.pop(name, None)
    else:
        entries[name] = entry
    return {**table, group: entries}


def toml_bytes(content: BaseModel) -> bytes:
    """A model as the bytes of a TOML file; what is None is left out."""
    return tomli_w.dumps(content.model_dump(by_alias=True, exclude_none=True)).encode()


def _opened(line: str, seen: Counter[str]) -> list[str | int]:
    """The path of a header; an entry of a list of tables, `[[rules]]`, ends in its number."""
    path: list[str | int] = [*_header(line)]
    if not path or not line.lstrip().startswith("[["):
        return path
    name = "\0".join(map(str, path))
    seen[name] += 1
    return [*path, seen[name] - 1]


def _header(line: str) -> list[str]:
    """The path that `[a."b.c"]` opens; empty where the line only looks like a header."""
    with suppress(tomllib.TOMLDecodeError):
        return _path(tomllib.loads(line))
    return []


def _path(value: object) -> list[str]:
    if isinstance(value, list) and value:
        return _path(value[0])
    if isinstance(value, dict) and len(value) == 1:
        ((name, inner),) = value.items()
        return [str(name), *_path(inner)]
    return []


def _dotted(key: Key) -> str:
    parts = [str(part) for part in key if part != "[key]"]
    return ".".join(f'"{part}"' if "." in part else part for part in parts)


def _sentence(model: type[BaseModel], detail: ErrorDetails) -> str:
    match detail["type"]:
        case "missing":
            return "is missing; write it"
        case "extra_forbidden":
            word, known = str(detail["loc"][-1]), _keys(_model_at(model, detail["loc"]))
            return f"is not a key here{did_you_mean(word, known)}"
        case "value_error":
            return str(detail["ctx"]["error"])
        case _:
            message = detail["msg"][0].lower() + detail["msg"][1:]
            return f"{message}, not {_short(detail['input'])}"


def _model_at(model: type[BaseModel], loc: Key) -> type[BaseModel]:
    """The model whose key stands last in `loc`; names of table entries are passed over."""
    for part in loc[:-1]:
        field = model.model_fields.get(str(part))
        model = (field and _inner_model(field.annotation)) or model
    return model


def _inner_model(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_inner_model, get_args(annotation))), None)


def _keys(model: type[BaseModel]) -> list[str]:
    fields = model.model_fields.items()
    return [field.alias or name for name, field in fields if not field.exclude]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
