"""From the store's rows to the records of an export, one at a time."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from overread_queue.errors import Tampered
from overread_queue.exporting.columns import Cell, Record, columns
from overread_queue.exporting.discretion import Case, case_of
from overread_queue.exporting.wish import Wish
from overread_queue.ground import Ground
from overread_queue.store import Transaction
from overread_queue.store.exports import Cells
from overread_queue.store.table import Value

Row = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Source:
    """What a wish comes to inside one picture of the desk."""

    total: int
    rows: Iterator[Cells]
    told: Callable[[Cells], Row]
    """A row by the names of its columns."""


def source(ground: Ground, tx: Transaction, wish: Wish) -> Source:
    """Nothing is read before the rows are asked for, and one row at a time then."""
    teller, period = _Teller(ground, wish), {"since": wish.since, "until": wish.until}
    here = tx.exports
    match wish.what:
        case "sessions":
            total = here.count_sessions(**period)
            return Source(total, here.sessions(**period), teller.session)
        case "decisions":
            total = here.count_decisions(**period)
            return Source(total, here.decisions(**period), teller.decision)
        case "escalations":
            total = here.count_escalations(**period)
            return Source(total, here.escalations(**period), teller.escalation)
        case "events":
            return Source(here.count_events(**period), here.events(**period), _plain)


def records(found: Source, wish: Wish, *, single_operator: bool) -> Iterator[Record]:
    """Each row as its columns stand."""
    names = [column.name for column in columns(wish.what)]
    for cells in found.rows:
        row = found.told(cells) | {"single_operator": single_operator}
        yield tuple(row[name] for name in names)


@dataclass(frozen=True, slots=True)
class _Teller:
    ground: Ground
    wish: Wish
    people: dict[str, str] = field(default_factory=dict)
    """Name → what stands for it in this file."""

    def session(self, cells: Cells) -> Row:
        row = _plain(cells)
        if not self.wish.names:
            number = len(self.people) + 1
            row["reviewer"] = self.people.setdefault(str(row["reviewer"]), f"person-{number}")
        return row | _seconds(row, "wall", "active", "break")

    def decision(self, cells: Cells) -> Row:
        row = _plain(cells)
        told = self._case(cells, row)
        quoted = told is not None and told.may_quote
        return row | {
            **_seconds(row, "waited", "active"),
            "followed": None if row["recommended"] is None else row["option"] == row["recommended"],
            "reason": row["reason"] if quoted else None,
            "left_out": not quoted and row["reason"] is not None,
            "envelope": _bytes(cells["envelope"]).decode(errors="backslashreplace"),
            "signature": base64.b64encode(_bytes(cells["signature"])).decode(),
        }

    def escalation(self, cells: Cells) -> Row:
        row = _plain(cells)
        row |= _seconds(row, "sla", "waited", "active")
        told = self._case(cells, row)
        if told is None:
            return row | dict.fromkeys(_OF_A_BRIEF)
        evidence = told.brief.evidence
        return row | {
            "sensitivity": told.sensitivity,
            "evidence": len(evidence),
            "contradicting": sum(one.stance == "contradicts" for one in evidence),
            "question": told.question,
            "parameters": told.parameters,
            "left_out": told.left_out,
        }

    def _case(self, cells: Cells, row: Row) -> Case | None:
        """None where its brief was erased."""
        brief, policy = cells["brief"], str(row["policy_sha256"])
        if brief is None:
            return None
        return case_of(self.ground, _bytes(brief), policy, sensitive=self.wish.sensitive)


_OF_A_BRIEF = ("sensitivity", "evidence", "contradicting", "question", "parameters", "left_out")


def _plain(cells: Cells) -> Row:
    return {name: value for name, value in cells.items() if not isinstance(value, bytes)}


def _bytes(value: Value) -> bytes:
    if not isinstance(value, bytes):
        raise Tampered("the records hold what is none; `overread audit verify` finds it")
    return value


def _seconds(row: Row, *names: str) -> Row:
    return {f"{name}_seconds": _in_seconds(row[f"{name}_ms"]) for name in names}


def _in_seconds(value: Cell) -> float | None:
    return value / 1000 if isinstance(value, int) else None
