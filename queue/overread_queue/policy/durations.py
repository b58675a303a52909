"""Lengths of time as people write them: `10s`, `30m`, `4h`, `7d`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_WRITTEN = re.compile(r"(0|[1-9][0-9]{0,8})([smhd])")


def seconds(text: object) -> int:
    """Raises `ValueError` with the right way to write it."""
    found = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(
            f'must be a whole number and a unit, such as "30m" (s m h d), not {text!r}'
        )
    return int(found[1]) * _UNITS[found[2]]


Pause = Annotated[int, BeforeValidator(seconds), Field(ge=0, le=366 * 86_400)]
"""Seconds, possibly none."""
Duration = Annotated[int, BeforeValidator(seconds), Field(ge=1, le=366 * 86_400)]
"""Seconds, at least one."""
LongTime = Annotated[int, BeforeValidator(seconds), Field(ge=1, le=100 * 366 * 86_400)]
"""Seconds, at least one; up to a century."""
