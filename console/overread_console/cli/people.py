"""The people and programs that a command line names."""

from __future__ import annotations

import getpass
import re
from contextlib import suppress
from typing import TypeVar

import click
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._@+-]")


def os_user() -> str:
    """The operating-system user; a container may have none by name."""
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return "you"


def reviewer_name(user: str) -> str:
    """A user's name as far as it can name a reviewer and a key file."""
    return _NOT_IN_A_NAME.sub("", user).lstrip("._@+-")[:64] or "you"


def entry(model: type[Model], **values: object) -> Model:
    """An entry of a roster, or a matter of usage that says what to change."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = [
            f"{one['loc'][0]}: {one['msg'].removeprefix('Value error, ')}" for one in error.errors()
        ]
        raise click.UsageError("; ".join(faults)) from error
