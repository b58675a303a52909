"""The policy in force, a page at a time: read it, never change it here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from overread_briefs.visible import visible
from overread_briefs.width import cells, wrap
from overread_console.flow import policy_tables as tables
from overread_console.flow.policy_tables import Row
from overread_console.flow.spans import BLANK, Line, Span
from overread_queue.desk import ReviewDesk
from overread_queue.policy.model import Policy
from overread_queue.routing.pressure import Depth

_GAP = 2
_LEAST = 12
"""Cells that a last column keeps, even where the others leave less."""


@dataclass(frozen=True, slots=True)
class Block:
    """A table under a title. Without column names, the first column names the second."""

    title: str
    head: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One screen of the viewer."""

    name: str
    blocks: tuple[Block, ...]


def pages_of(desk: ReviewDesk) -> tuple[Page, ...]:
    """The policy in force, with what waits in every pool now."""
    return policy_pages(desk.policy(), desk.depths())


def policy_pages(policy: Policy, depths: Mapping[str, Depth]) -> tuple[Page, ...]:
    """Tiers, people, pools, rules, and what policy this is."""
    return (
        _page(
            "tiers",
            _block("tiers by impact and reversibility", tables.RISK_HEAD, tables.risk_rows(policy)),
            _block("actions", tables.ACTIONS_HEAD, tables.action_rows(policy)),
        ),
        _page("people", _block("who answers", tables.MATRIX_HEAD, tables.matrix_rows(policy))),
        _page(
            "pools",
            _block("what waits now", ("pool", "waits", "room"), tables.now_rows(policy, depths)),
            _block("limits and where work goes", tables.POOLS_HEAD, tables.pool_rows(policy)),
        ),
        _page(
            "rules",
            _block("rules, of which the most severe that holds counts", (), _rules(policy)),
            _block("exemptions, one tier each", (), tables.exemption_rows(policy)),
        ),
        _page("about", _block("the policy in force", (), tables.about_rows(policy))),
    )


def page_lines(page: Page, width: int) -> Iterator[Line]:
    """A page as lines of at most `width` cells."""
    for at, block in enumerate(page.blocks):
        if at:
            yield BLANK
        yield (Span(block.title, "question"),)
        yield from _block_lines(block, width)


def page_sentences(page: Page) -> Iterator[str]:
    """A page without columns: one row a line, every cell with its name."""
    for block in page.blocks:
        yield f"{block.title[:1].upper()}{block.title[1:]}:"
        for first, *rest in block.rows:
            names = [f"{name} " for name in block.head[1:]] or [""] * len(rest)
            told = (f"{name}{cell}" for name, cell in zip(names, rest, strict=True))
            yield f"{first}: {', '.join(told)}."


def _page(name: str, *blocks: Block) -> Page:
    return Page(name, tuple(block for block in blocks if block.rows))


def _block(title: str, head: Row, rows: Iterator[Row] | tuple[Row, ...]) -> Block:
    return Block(title, head, tuple(tuple(map(visible, row)) for row in rows))


def _rules(policy: Policy) -> tuple[Row, ...]:
    return tables.rule_rows(policy) or (("none", "the tier is the one to begin with"),)


def _block_lines(block: Block, width: int) -> Iterator[Line]:
    rows = (block.head, *block.rows) if block.head else block.rows
    widths = [max(map(cells, column)) + _GAP for column in zip(*rows, strict=True)][:-1]
    if sum(widths) + _LEAST > width:
        yield from _stacked(block, width)
        return
    if block.head:
        yield from _columns(block.head, widths, width, head=True)
    for row in block.rows:
        yield from _columns(row, widths, width)


def _columns(row: Row, widths: Sequence[int], width: int, *, head: bool = False) -> Iterator[Line]:
    """A row with its last cell broken where the line ends."""
    start = sum(widths)
    first, *more = wrap(row[-1], max(width - start, _LEAST)) or ("",)
    before = "".join(cell + " " * (room - cells(cell)) for cell, room in zip(row, widths))  # noqa: B905
    yield (Span(before + first, "muted" if head else "text"),)
    for text in more:
        yield (Span(" " * start + text),)


def _stacked(block: Block, width: int) -> Iterator[Line]:
    """Where columns do not fit: a name, and under it every cell with its own; same names once."""
    named = ""
    for first, *rest in block.rows:
        if first != named:
            yield (Span(first, "strong"),)
            named = first
        told = zip(block.head[1:], rest, strict=True) if block.head else (("", rest[0]),)
        yield from _filled([f"{name} {cell}".strip() for name, cell in told], width)


def _filled(parts: Sequence[str], width: int) -> Iterator[Line]:
    """Parts side by side while they fit, so that lines break between them."""
    line = ""
    for part in parts:
        longer = f"{line} · {part}" if line else part
        if line and cells(longer) > width - 2:
            yield (Span(f"  {line}"),)
            longer = part
        line = longer
    for at, text in enumerate(wrap(line, width - 4)):
        yield (Span(("    " if at else "  ") + text),)
