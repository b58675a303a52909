"""What several parts of the page are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from overread_console.report.html import Html, join, tag

_SHORT = 6
"""Rows that stay on one page."""


def section(title: str, *children: str) -> Html:
    """A part of the page under its name."""
    return tag("section", tag("h2", title), *children)


def paragraph(told: str, kind: str = "") -> Html:
    """A sentence or more; nothing where there is none."""
    if not told:
        return Html()
    return tag("p", told, class_=kind) if kind else tag("p", told)


def facts(pairs: Iterable[tuple[str, str]]) -> Html:
    """Names and what stands behind each."""
    return tag("dl", *(join(tag("dt", name), tag("dd", value)) for name, value in pairs))


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Collection[int] = ()
) -> Html:
    """Rows under their head; columns in `numbers` stand to the right."""

    def cells(kind: str, row: Sequence[str]) -> Html:
        return tag("tr", *(_cell(kind, one, at in numbers) for at, one in enumerate(row)))

    body = [cells("td", row) for row in rows]
    shown = tag("thead", cells("th", head)), tag("tbody", *body)
    return tag("table", *shown, class_="kept" if len(body) <= _SHORT else "long")


def _cell(kind: str, told: str, is_number: bool) -> Html:
    return tag(kind, told, class_="number") if is_number else tag(kind, told)
