"""The measures once more, from the raw tables, the slow and obvious way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median_low

from journey import raw
from overread_queue.health.facts import OVERRIDES

Row = dict[str, object]
Shares = dict[str, tuple[int, int]]
AFTERWARDS = {"approve": "confirmed", "reject": "disagreed"}


class Naive:
    """Everything that a desk's file holds, by table."""

    def __init__(self, path: Path) -> None:
        with raw(path) as db:
            self.escalations = rows(db, "SELECT * FROM escalation ORDER BY id")
            self.untold = [row for row in self.escalations if is_untold(row)]
            ids = [row["id"] for row in self.untold]
            self.actions = [
                row for row in rows(db, "SELECT * FROM action") if row["escalation"] not in ids
            ]
            self.reviews = rows(
                db,
                "SELECT r.*, e.kind, e.tier, e.action_type, d.verdict, p.brief FROM review AS r"
                " JOIN escalation AS e ON e.id = r.escalation"
                " LEFT JOIN decision AS d ON r.outcome = 'decided' AND d.escalation = r.escalation"
                " JOIN payload AS p ON p.escalation = r.escalation"
                " WHERE r.outcome IN ('decided', 'opinion', 'handed_on')",
            )
            self.judgements = rows(db, "SELECT * FROM judgement")
            self.challenges = rows(db, "SELECT * FROM challenge")
            self.deliveries = rows(
                db,
                "SELECT e.action_type, d.outcome FROM delivery AS d"
                " JOIN escalation AS e ON e.id = d.escalation WHERE d.outcome IS NOT NULL",
            )
            self.events = rows(db, "SELECT * FROM event ORDER BY seq")

    # -- shares, as (count, n) by part

    def escalation_rate(self) -> Shares:
        """An agent that may act and asks all the same has proposed twice."""
        asking = ("soft_review", "hard_approval", "hard_stop")
        found = [
            (row["action_type"], row["asked"] or row["tier"] in asking) for row in self.actions
        ]
        return shares(found)

    def override_rate(self) -> Shares:
        return shares(
            (row["action_type"], answer(row) in OVERRIDES)
            for row in self.reviews
            if row["tier"] != "hard_stop"
        )

    def fast_reviews(self) -> Shares:
        return whole(shares(("", number(row["active_ms"]) < 5_000) for row in self.reviews))

    def challenge_rate(self) -> Shares:
        return shares(
            (row["action_type"], self._own_challenge(row) is True)
            for row in self.reviews
            if row["tier"] == "hard_approval" and answer(row) in ("approve", "modify")
        )

    def boilerplate_rate(self) -> Shares:
        kept = [(row["action_type"], self._own_challenge(row)) for row in self.reviews]
        return shares((part, own is False) for part, own in kept if own is not None)

    def anchoring(self) -> Shares:
        return shares(
            (row["action_type"], row["option"] == advice(row))
            for row in self.reviews
            for judged in self.judgements
            if judged["escalation"] == row["escalation"] and judged["option"] != advice(row)
        )

    def transition_errors(self) -> Shares:
        refused = ("MoveRefused", "LeaseLost", "LeaseHeld", "Conflict")
        found = []
        for event in filter(self._is_told, self.events):
            error = str(event["kind"]).removeprefix("refused:")
            if error in refused:
                found.append(("", True))
            elif "to" in json.loads(str(event["detail"])):
                found.append(("", False))
        return whole(shares(found))

    def action_success(self) -> Shares:
        return shares((row["action_type"], row["outcome"] == "ok") for row in self.deliveries)

    def sla(self, now: int) -> Shares:
        """Answered in time, of all but what was taken back in time."""
        found = []
        for row in self.waited_for():
            due, closed = number(row["created_at"]) + number(row["sla_ms"]), row["closed_at"]
            late = (now if closed is None else number(closed)) >= due
            moot = row["state"] in ("WITHDRAWN", "SUPERSEDED") and not late
            met = row["state"] == "DECIDED" and not late
            if not moot:
                found.append((row["tier"], met))
        return shares(found)

    # -- counts by part

    def fallbacks(self) -> Counter[str]:
        breached = [event for event in self.events if event["kind"] == "breached"]
        pools = [json.loads(str(event["detail"]))["pool"] for event in breached]
        return Counter({"": len(pools)}) + Counter(pools)

    def depth(self) -> Counter[str]:
        pools = [str(row["pool"]) for row in self.escalations if row["closed_at"] is None]
        return Counter({"": len(pools)}) + Counter(pools)

    # -- times in seconds

    def review_times(self) -> list[float]:
        return sorted(number(row["active_ms"]) / 1000 for row in self.reviews)

    def waits(self, first: Callable[[str], bool], now: int) -> list[tuple[float, bool]]:
        """Until the first event of a kind, of what somebody waits for; and whether one came."""
        found = []
        for row in self.waited_for():
            events = [one for one in self.events if one["escalation"] == row["id"]]
            at = next((number(one["at"]) for one in events if first(str(one["kind"]))), None)
            if at is not None and row in self.untold:
                continue
            end = at or row["closed_at"] or now
            found.append(((number(end) - number(row["created_at"])) / 1000, at is not None))
        return found

    def waited_for(self) -> list[Row]:
        return [row for row in self.escalations if row["kind"] != "audit"]

    def _is_told(self, event: Row) -> bool:
        """Events of a run name no escalation."""
        ids = [row["id"] for row in self.untold]
        runs = [(row["agent"], row["run"]) for row in self.untold]
        if event["escalation"] is None:
            return (event["agent"], event["run"]) not in runs
        return event["escalation"] not in ids

    def _own_challenge(self, review: Row) -> bool | None:
        for one in self.challenges:
            if (one["escalation"], one["reviewer"]) == (review["escalation"], review["reviewer"]):
                return one["boilerplate"] is None
        return None


def is_untold(row: Row) -> bool:
    """Whether a blind test may be like it: no figure tells of it while it is open."""
    return row["closed_at"] is None and row["tier"] == "hard_approval" and row["timeouts"] == 0


def rows(db: object, statement: str) -> list[Row]:
    return [dict(row) for row in db.execute(statement)]  # type: ignore[attr-defined]


def number(value: object) -> int:
    assert isinstance(value, int)
    return value


def answer(row: Row) -> str:
    if row["outcome"] == "handed_on":
        return "handed_on"
    verdict = str(row["verdict"])
    return verdict if row["kind"] == "approval" else AFTERWARDS[verdict]


def advice(row: Row) -> str | None:
    said = json.loads(bytes(row["brief"])).get("recommendation")  # type: ignore[call-overload]
    return said["option"] if said else None


def shares(found: Iterable[tuple[object, object]]) -> Shares:
    """(count, n) of every part, and of the whole under an empty name."""
    pairs = [(str(part), bool(hit)) for part, hit in found]
    every = pairs + [("", hit) for part, hit in pairs if part]
    parts = {part for part, _ in every}
    return {
        part: (sum(hit for one, hit in every if one == part), sum(one == part for one, _ in every))
        for part in parts
    }


def whole(found: Shares) -> Shares:
    return {"": found[""]}


def middle(waits: list[tuple[float, bool]]) -> float | None:
    """When half of all had got there, those that never do counting as later than everything."""
    times = sorted(time if came else float("inf") for time, came in waits)
    found = median_low(times)
    return None if found == float("inf") else found
