"""Static SQL from `queries/*.sql`, by name. Nothing is ever assembled."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@functools.cache
def load(file: str) -> Mapping[str, str]:
    """The statements of one file: each follows its `-- name:` line."""
    text = resources.files(__package__).joinpath("queries", f"{file}.sql").read_text("utf-8")
    parts = _NAME.split(text)[1:]
    names, bodies = parts[::2], parts[1::2]
    if len(set(names)) != len(names):
        raise ValueError(f"{file}.sql names a statement twice")
    return MappingProxyType({name: body.strip() for name, body in zip(names, bodies, strict=True)})
