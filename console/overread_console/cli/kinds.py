"""Kinds of values on a command line, checked before anything is opened."""

from __future__ import annotations

import math
import re

import click

from overread_briefs.fields import IDENTIFIER_PATTERN


def identifier(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A name that programs compare: plain ASCII, so that no two look alike."""
    if value is not None and not re.fullmatch(IDENTIFIER_PATTERN, value):
        told = "use 1 to 128 plain letters, digits and . _ : / @ + - without spaces"
        raise click.BadParameter(f"{value!a} is no name; {told}")
    return value


def seconds(
    context: click.Context, parameter: click.Parameter, value: float | None
) -> float | None:
    """A finite number of seconds, zero or more."""
    if value is not None and not (math.isfinite(value) and value >= 0):
        raise click.BadParameter(f"{value} is no number of seconds; give 0 or more")
    return value
