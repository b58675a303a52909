"""Blind tests: what there is to put among real work, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from overread_briefs.decision import Verdict
from overread_queue.models import Sureness
from overread_queue.states import Tier
from overread_queue.store.rows import Stored
from overread_queue.store.table import Table, Value

Sort = Literal["wrong", "good"]
Load = Literal["light", "heavy"]
Minutes = Literal["first", "later"]


@dataclass(frozen=True, slots=True)
class ProbeRow(Stored):
    """A test that was made. It may be put among real work once it was found realistic."""

    id: str
    sort: Sort
    """Whether letting its action through would be a mistake."""
    mutation: str
    """What was done to the brief of `source`; `none` for one that is good as it is."""
    explanation: str
    """What is wrong with it, for leads."""
    source: str
    """The closed escalation that it was made from."""
    action_type: str
    body: bytes | None
    """Its brief, with the times of its source; None once that was erased."""
    made_at: int
    made_by: str
    checked_at: int | None = None
    checked_by: str | None = None
    realistic: int | None = None
    retired_at: int | None = None
    escalation: str | None = None
    """What people know it by while it is among their work."""
    answer: str | None = None
    """What somebody answered there; None while nobody has."""
    load: Load | None = None


@dataclass(frozen=True, slots=True)
class Arrival(Stored):
    """A real question that came onto the desk, and where it came."""

    id: str
    pool: str


@dataclass(frozen=True, slots=True)
class ResultRow(Stored):
    """What came of one test, without anything that could say whose it was."""

    id: str
    """Random: it says nothing about when or where."""
    sort: Sort
    mutation: str
    action_type: str
    tier: Tier
    pool: str
    answer: str
    """A verdict, or `handed_on`."""
    caught: int
    """Whether the action was not let through as it was: a hit where it was wrong, and a false alarm
    where it was good."""
    confidence: Sureness | None
    """Of the first judgement, where there was one."""
    load: Load
    """How much was waiting in its pool then, against the policy's warning."""
    minutes: Minutes
    """Whether it was opened in the first part of a session."""
    hour: int
    """UTC milliseconds of the hour in which it was folded."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tier", Tier(self.tier))


class Probes(Table):
    file = "probe"

    # -- made by leads

    def add(self, new: ProbeRow) -> None:
        """A new one, which nobody has checked."""
        self._all(
            "add",
            {
                "id": new.id,
                "sort": new.sort,
                "mutation": new.mutation,
                "explanation": new.explanation,
                "source": new.source,
                "action_type": new.action_type,
                "body": new.body,
                "made_at": new.made_at,
                "made_by": new.made_by,
            },
        )

    def get(self, id: str) -> ProbeRow | None:
        row = self._one("get", {"id": id})
        return ProbeRow.of(row) if row else None

    def all(self) -> list[ProbeRow]:
        """Oldest first, retired ones too."""
        return [ProbeRow.of(row) for row in self._all("all", {})]

    def ids(self) -> list[str]:
        """Of all that were ever made."""
        return [row["id"] for row in self._all("ids", {})]

    def check(self, id: str, *, realistic: bool, by: str, now: int) -> bool:
        """A lead's word on whether it could be told from real work. False for one that is none."""
        values: dict[str, Value] = {"id": id, "realistic": int(realistic), "by": by, "now": now}
        return self._one("check", values) is not None

    def retire(self, id: str, *, now: int) -> bool:
        """It is put among real work no more. False where it was retired before."""
        return self._one("retire", {"id": id, "now": now}) is not None

    # -- among real work

    def is_live(self, escalation: str) -> bool:
        """Whether an escalation is a test."""
        return self._one("is_live", {"escalation": escalation}) is not None

    def live(self) -> list[ProbeRow]:
        """Those that people see among their work, or have answered there in this session."""
        return [ProbeRow.of(row) for row in self._all("live", {})]

    def usable(self) -> list[ProbeRow]:
        """Those that may be put there now."""
        return [ProbeRow.of(row) for row in self._all("usable", {})]

    def put_in(self, id: str, escalation: str) -> bool:
        """From now on `escalation`, which comes in this transaction, is this test."""
        return self._one("put_in", {"id": id, "escalation": escalation}) is not None

    def answer(self, escalation: str, *, answer: str, load: Load) -> None:
        self._all("answer", {"escalation": escalation, "answer": answer, "load": load})

    def verdict(self, escalation: str) -> Verdict | None:
        """What somebody answered there, where that would be a decision on real work."""
        row = self._one("verdict", {"escalation": escalation})
        return row["verdict"] if row else None

    def answered_in(self, session: str) -> list[ProbeRow]:
        """Those of a session that came to an answer, or are held for one."""
        return [ProbeRow.of(row) for row in self._all("answered_in", {"session": session})]

    def knows_source(self, probe: ProbeRow, reviewer: str) -> bool:
        """Whether somebody has looked at what it was made from."""
        values = {"source": probe.source, "reviewer": reviewer}
        return self._one("knows_source", values) is not None

    # -- when one is put there

    def arrivals(self, *, after: int) -> list[Arrival]:
        """Real approvals asked for since event `after`."""
        return [Arrival.of(row) for row in self._all("arrivals", {"after": after})]

    def drawn_to(self) -> int:
        """The last event whose arrivals were drawn for; 0 before there was one."""
        row = self._one("drawn_to", {})
        return row["seq"] if row else 0

    def draw_to(self, seq: int) -> None:
        self._all("draw_to", {"seq": seq})

    # -- what came of it

    def results(self) -> list[ResultRow]:
        """All of them, in no order that means anything."""
        return [ResultRow.of(row) for row in self._all("results", {})]

    def crowd(self, cut: str, sort: Sort) -> int:
        """How many different people, at the least, the results of a cut rest on. `cut` is `all`,
        `mutation:KIND`, `action:TYPE` or `tier:TIER`."""
        return int(self._all("crowd", {"cut": cut, "sort": sort})[0]["people"])

    def crowd_in(self, period: str, cut: str, sort: Sort) -> int:
        """The same of one period alone."""
        values: dict[str, Value] = {"period": period, "cut": cut, "sort": sort}
        return int(self._all("crowd_in", values)[0]["people"])
