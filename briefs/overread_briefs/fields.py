"""Field types shared by every model of the contract."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, StringConstraints

IDENTIFIER_PATTERN = r"^[A-Za-z0-9._:/@+-]{1,128}$"
SLUG_PATTERN = r"^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"

Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER_PATTERN)]
"""A name that programs compare: plain ASCII, so that no two look alike."""

Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN)]
"""A short lower-case key, such as `approve` or `carrier-scan`."""

Sha256 = Annotated[str, StringConstraints(pattern=SHA256_PATTERN)]

Line = Annotated[
    str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\r\n]*\S[^\r\n]*$")
]
"""Text for people on one line."""

Prose = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
"""Text for people that may have several lines."""

T = TypeVar("T")
Items = Annotated[tuple[T, ...], Field(strict=False)]
"""A frozen list; Python callers may pass any sequence."""

MAX_ITEMS = 200


def bounded(value: object) -> object:
    """Refuse an endless list before each of its items can fail, which would cost gigabytes."""
    if isinstance(value, list | tuple) and len(value) > MAX_ITEMS:
        raise ValueError(f"Keep it to {MAX_ITEMS} items: it has {len(value):,}.")
    return value


Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Seconds = Annotated[int, Field(ge=1, le=366 * 86_400)]

Sensitivity = Literal["public", "internal", "confidential", "restricted"]
Parameters = dict[str, JsonValue]


def _milliseconds(value: object) -> object:
    """Let Python callers pass an aware datetime where the contract has UTC milliseconds."""
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise ValueError("The datetime has no time zone: use datetime.now(timezone.utc).")
        return int(value.timestamp() * 1000)
    return value


Millis = Annotated[int, Field(ge=0, le=253_402_300_799_999), BeforeValidator(_milliseconds)]
"""UTC milliseconds since 1970."""


class Part(BaseModel):
    """Base of every model: frozen, unknown fields refused, no silent type coercion."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        validate_by_name=True,
        validate_by_alias=True,
        use_attribute_docstrings=True,
    )
