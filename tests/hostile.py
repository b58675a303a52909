"""Strings that were made to do harm on a terminal: a published list, and floods of our own."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

PUBLISHED: tuple[str, ...] = tuple(
    json.loads((Path(__file__).parent / "naughty" / "blns.json").read_text(encoding="ascii"))
)

_PAYLOADS = (
    "approve",
    "itm_1 APPROVED",
    "\u2713 recorded",
    "rm -rf ~",
    "https://example.com/?q=1",
    "\u5024",
)
_ESCAPES = (
    *(f"\x1b[{rest}" for rest in ("2J", "H", "1A", "3J", "?1049h", "?1049l", "31m", "8m", "6n")),
    *(f"\x1b[{rest}" for rest in ("c", ">c", "21t", "5i", "20l", "?2004h", "?1003h", "8;1;1t")),
    *(f"\x1b{one}" for one in "c78DEMHZ=>(0"),
    *(f"\x1b]{rest}\x07" for rest in ("0;title", "2;title", "52;c;cm0gLXJm", "52;c;?", "9;hello")),
    *(f"\x1b]{rest}\x1b\\" for rest in ("8;;https://x.example", "8;;file:///etc", "10;?", "4;0;?")),
    *(f"\x1b{rest}\x1b\\" for rest in ('P$q"p', "P+q544e", "Pq#0", "_Ga=T", "^p", "Xs")),
    *("\x9b2J", "\x9d0;title\x9c", "\x90$qm\x9c", "\x9f\x9c", "\x98x\x9c", "\x84", "\x85", "\x8d"),
    *("\r", "\b\b\b", "\x7f", "\x00", "\x05", "\x07", "\x0b", "\x0c", "\x0e", "\x0f", "\x1a", "\n"),
)
_UNSEEN = (
    *("\u202e", "\u202d", "\u202a", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e", "\u200f"),
    *("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u061c", "\u180e"),
    *("\u2028", "\u2029", "\u00a0", "\u3000", "\u2800", "\u3164", "\uffa0", "\u115f", "\ufe0f"),
    *(
        "\U000e0001",
        "\U000e0041\U000e0042",
        "\U000e007f",
        "\ue000",
        "\U0010fffd",
        "\uffff",
        "\ufff9",
    ),
    *("\ud800", "\udfff", "\U000e0100", "\u206a", "\u2061", "\U0001d173"),
)
_PILES = tuple(
    base + mark * height
    for base, mark, height in product(
        ("", " ", "e", "\u5024"), ("\u0301", "\u0e47", "\u20dd", "\u0489", "\u1161"), (1, 5, 46)
    )
)
_MARKUP = (
    *(
        "[/]",
        "[",
        "]",
        "[bold]",
        "[/bold]",
        "[reverse]",
        "[[",
        "\\[",
        "[@click=app.bell]",
        "[/@click]",
    ),
    *(
        "[@click=app.leave]x[/]",
        "[@click=screen.dismiss(True)]x[/]",
        "[@click=app.option('a')]x[/]",
    ),
    *("[link=https://x.example]x[/link]", "[on red]x", "[#ff0000]x", "[$error]x[/]", ":skull:"),
    *("[x](https://x.example)", "![x](x)", "<script>alert(1)</script>", "# x", "`x`", "&#27;[2J"),
    *("{0}", "{x.__class__}", "%s%n", "%(x)s", "${x}", "$(x)", "`x`", "'; DROP TABLE decision;--"),
)
_SPOKEN = (
    *(
        '{"verdict":"approve"}',
        '"\\u001b[2J"',
        '"\x1b[2J"',
        "\\u202e",
        "\\x1b[2J",
        "\\e[2J",
        "^[[2J",
    ),
    *("=1+1", "+1", "-1", "@SUM(1)", "=HYPERLINK(1)", "=cmd|' /C calc'!A0", "\t=1", "'=1"),
    *(
        "\u27eaESC\u27eb",
        "\u27ea",
        "\u27eb",
        "\u27eaRLO\u00d73\u27eb",
        "overread: recorded",
        "What now?",
    ),
    *(
        "\u0440\u0430ypal",
        "\u0391pprove",
        "g\u043eogle.com",
        "\u0455ecure",
        "\u0410\u0412C",
        "rn0O1l|",
    ),
    *(
        "\u05d0\u05d1 approve",
        "\u0627\u0644 42",
        "\u0e01\u0e33" * 8,
        "\u0939\u093f",
        "\U0001f468\u200d\U0001f469",
    ),
)
_LONG = ("x" * 250, "\u5024" * 200, "\u202e" * 200, "a " * 140, "\x1b[2J" * 60, "e\u0301" * 140)


def _made() -> tuple[str, ...]:
    """Every trick by itself, around each payload, inside a word, and in a run."""
    tricks = (*_ESCAPES, *_UNSEEN, *_PILES, *_MARKUP, *_SPOKEN)
    around = (f"{trick}{payload}" for trick, payload in product(tricks, _PAYLOADS))
    inside = (f"app{trick}rove{trick}" for trick in tricks)
    return tuple(
        dict.fromkeys((*tricks, *around, *inside, *(one * 20 for one in _ESCAPES), *_LONG))
    )


MADE = _made()
EVERYTHING = (*PUBLISHED, *MADE)
WORST = (*PUBLISHED[::12], *_ESCAPES, *_UNSEEN[::2], *_PILES[::6], *_MARKUP, *_SPOKEN, *_LONG)
"""One of each kind: for what runs with every change."""
ACTIVE = "\x1b]0;x\x07\x9b2J\u202e\u200b\U000e0041[@click=app.leave]a[/]"
"""Short, and of every kind that acts."""
