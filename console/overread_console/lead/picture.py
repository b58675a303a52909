"""A picture of the screen as a file, for a report or a message."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from overread_queue.errors import InvalidRequest

_FONTS = re.compile(r"@font-face\s*\{[^}]*\}")


def picture_name(page: str, now: int) -> str:
    """`overread-health-2026-11-22-1311.svg`."""
    at = dt.datetime.fromtimestamp(now / 1000).astimezone()
    return f"overread-{page}-{at:%Y-%m-%d-%H%M}.svg"


def save_picture(svg: str, name: str) -> Path:
    """Write it where nothing is yet. Raises `InvalidRequest`.

    Fonts that it would fetch from elsewhere are left out, so that who looks at it tells nobody, and
    blanks are kept where a viewer would drop those at the beginning of a text.
    """
    path = Path(name).expanduser().absolute()
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_FONTS.sub("", svg).replace("<svg ", '<svg xml:space="preserve" ', 1))
    except FileExistsError:
        raise InvalidRequest(f"{path} is there already; choose another name") from None
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be written: {error.strerror}") from error
    return path
