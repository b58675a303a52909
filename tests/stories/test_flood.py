"""A flooded desk, step by step: more questions than two people can answer, on a real store.

Time is a clock that the story moves; everything else is the queue as it runs in earnest.
"""

from __future__ import annotations

import getpass
import json
import random
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from factories import House
from journey import assert_chain_whole, events, pass_time, raw
from overread_briefs import Brief
from overread_queue import AgentQueue, ReviewDesk
from overread_queue.errors import Backpressure, LeaseLost, MoveRefused
from overread_queue.models import Item, Review, Session, Ticket
from overread_queue.setup import add_reviewer
from overread_queue.states import EscalationKind, Tier
from overread_queue.trust.people import Reviewer
from tier_desks import asking, erase, flush, hide, mail, policy, refund, tier_house

STEP = 120
"""Seconds: as often as somebody sweeps."""
BATCH = 4
"""Small, so that there is much to pass over."""
SESSION_MS = 25 * 60_000
LIMITS = """
[limits]
day_items = 100000
day_minutes = 480
[audit]
rate = 0.2
new_rate = 0.2
[breaker]
failures = 100000
rejections = 100000
"""


@dataclass(frozen=True)
class Waiting:
    """What may be claimed in a pool, as the file itself says."""

    id: str
    pool: str
    severity: int
    deadline_at: int
    seconds: int
    stake: int

    @property
    def latest_start(self) -> int:
        return self.deadline_at - self.seconds * 1000

    @property
    def queue(self) -> tuple[str, int]:
        return self.pool, self.severity

    @property
    def worth(self) -> float:
        return self.stake / self.seconds


@dataclass
class Person:
    """A reviewer who works batch after batch, and is away for three hours after the flood began."""

    desk: ReviewDesk
    dice: random.Random
    session: Session | None = None
    ahead: deque[Item] = field(default_factory=deque)
    reading: Review | None = None
    done_at: int = 0


@dataclass
class Flood:
    """The desk, its agent, its people, and what was seen on the way."""

    house: House
    bot: AgentQueue
    people: list[Person]
    dice: random.Random
    to_ask: deque[tuple[str, Brief]] = field(default_factory=deque)
    back_at: int = 0
    tickets: dict[str, Ticket] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def now(self) -> int:
        return self.house.clock.now()

    # -- the agent

    def arrive(self, per_hour: int) -> None:
        """A step's worth of questions, and of actions that ask nobody."""
        for _ in range(per_hour * STEP // 3600):
            number = self.seen["wanted"]
            self.seen["wanted"] += 1
            self.to_ask.append((f"case-{number}", self.question(number)))
            if number % 3 == 0:
                self.bot.propose(flush(number=number))

    def question(self, number: int) -> Brief:
        kinds = (refund(1 + number), hide(f"L-{number}"), mail(f"C-{number}"), erase())
        (action,) = self.dice.choices(kinds, weights=(5, 4, 2, 1))
        return asking(action, confidence=round(self.dice.uniform(0.5, 1), 2))

    def ask(self) -> None:
        """Hand in what there is to ask, until the desk says when to come back."""
        while self.to_ask and self.back_at <= self.now:
            key, brief = self.to_ask[0]
            try:
                self.tickets[key] = self.bot.submit(brief, key=key)
                self.to_ask.popleft()
            except Backpressure as full:
                self.seen["told to come back"] += 1
                self.back_at = self.now + full.retry_after * 1000

    # -- the people

    def work(self, person: Person) -> None:
        """One step of a reviewer: decide what is read, go on to the next, or get a batch."""
        person.desk.release_due()
        if person.session is not None:
            person.desk.heartbeat(person.session)
        while person.done_at <= self.now:
            if person.reading is not None:
                self.decide(person, person.reading)
            if not person.ahead and not self.start(person):
                return
            self.read(person, person.ahead.popleft())

    def read(self, person: Person, item: Item) -> None:
        took = item.expected_seconds * person.dice.uniform(0.5, 1.8)
        person.done_at = max(person.done_at, self.now - STEP * 1000) + round(took * 1000)
        try:
            person.reading = person.desk.open(item)
        except LeaseLost:
            self.seen["moved away while claimed"] += 1
            person.reading, person.done_at = None, self.now

    def decide(self, person: Person, review: Review) -> None:
        person.reading = None
        try:
            choose(person, review)
        except (LeaseLost, MoveRefused):
            self.seen["moved away while read"] += 1

    def start(self, person: Person) -> bool:
        if person.session is not None:
            person.desk.end_session(person.session)
            person.session = None
        waiting = self.ready(person)
        if not waiting:
            return False
        person.session = person.desk.start_session(max_items=BATCH)
        person.ahead.extend(person.session.items)
        self.check_order({item.id for item in person.session.items}, waiting)
        return bool(person.ahead)

    # -- what must hold

    def ready(self, person: Person) -> list[Waiting]:
        pools = json.dumps([name for name, _ in person.desk.pools])
        with raw(self.house.path) as connection:
            rows = connection.execute(
                "SELECT id, pool, severity, deadline_at, expected_seconds, stake FROM escalation"
                " WHERE state = 'WAITING' AND claimable_at <= ?"
                " AND pool IN (SELECT value FROM json_each(?))",
                (self.now, pools),
            ).fetchall()
        return [Waiting(*row) for row in rows]

    def check_order(self, claimed: set[str], waiting: list[Waiting]) -> None:
        """Nobody's deadline is passed over for a later one, unless not all can be met."""
        taken = [one for one in waiting if one.id in claimed]
        left = [one for one in waiting if one.id not in claimed]
        assert len(taken) == len(claimed)
        if self.overloaded(waiting):
            self.seen["overloaded sessions"] += 1
            dearest = max((one.worth for one in left), default=0)
            assert all(one.worth >= dearest for one in taken)
            return
        self.seen["calm sessions"] += 1
        urgent = [one for one in left if one.deadline_at < self.now + SESSION_MS]
        for late in urgent:
            beside = [one for one in taken if one.queue == late.queue]
            assert all(one.latest_start <= late.latest_start for one in beside)

    def overloaded(self, waiting: list[Waiting]) -> bool:
        """Earliest deadline first, shared by everybody with an open session, is still too late."""
        with raw(self.house.path) as connection:
            sql = "SELECT count(*) FROM session WHERE ended_at IS NULL"
            (reviewers,) = connection.execute(sql).fetchone()
        free_at: float = self.now
        for one in sorted(waiting, key=lambda one: one.deadline_at):
            free_at += one.seconds * 1000 / reviewers
            if free_at > one.deadline_at:
                return True
        return False

    def check_deadlines(self) -> None:
        """No deadline is further in the past than one interval of the sweep."""
        with raw(self.house.path) as connection:
            (unhandled,) = connection.execute(
                "SELECT count(*) FROM escalation WHERE state IN ('WAITING', 'CLAIMED')"
                " AND deadline_at <= ?",
                (self.now - STEP * 1000,),
            ).fetchone()
        assert unhandled == 0

    def open(self) -> int:
        with raw(self.house.path) as connection:
            sql = "SELECT count(*) FROM escalation WHERE closed_at IS NULL"
            return int(connection.execute(sql).fetchone()[0])


def choose(person: Person, review: Review) -> None:
    roll = person.dice.random()
    if review.handling.kind is not EscalationKind.APPROVAL:
        if roll < 0.8:
            person.desk.confirm(review)
        else:
            person.desk.disagree(review, reason="not like this")
    elif roll < 0.05 and review.handling.senior_label:
        person.desk.hand_on(review.item, reason="above me")
    elif review.handling.tier is Tier.HARD_STOP:
        person.desk.decide(review, option="take-over")
    elif roll < 0.8:
        person.desk.decide(review, option="approve")
    else:
        person.desk.decide(review, option="reject", reason="not like this")


def play(flood: Flood) -> None:
    """An hour as planned, two of flood, three with nobody there, then until all is done."""
    for step in range(48 * 3600 // STEP):
        hour = step * STEP / 3600
        if hour < 3:
            flood.arrive(30 if hour < 1 else 120)
        flood.ask()
        if not 2.5 <= hour < 5.5:
            for person in flood.people:
                flood.work(person)
        flood.check_deadlines()
        flood.people[0].desk.sweep()
        pass_time(flood.house, STEP)
        if hour > 3 and not flood.to_ask and not flood.open():
            return
    pytest.fail("the desk was never empty again")


@pytest.mark.soak
def test_a_flooded_desk_loses_nothing_and_passes_nobody_over(tmp_path: Path) -> None:
    house = tier_house(
        tmp_path, policy(first="max_items = 90", second="max_items = 40", more=LIMITS)
    )
    otto = Reviewer(name="otto", label="Otto", roles=("owner", "first"), user=(getpass.getuser(),))
    add_reviewer(house.places, otto)
    with house.agent("bot") as bot, house.desk("ana") as ana, house.desk("otto") as second:
        people = [Person(desk, random.Random(seed)) for seed, desk in enumerate((ana, second))]
        flood = Flood(house, bot, people, random.Random(7))
        play(flood)
        check_all_answered(flood)
    check_every_breach_has_its_fallback(house)
    assert_chain_whole(house.path)
    for thing in ("told to come back", "overloaded sessions", "calm sessions"):
        assert flood.seen[thing] > 0, thing


def check_all_answered(flood: Flood) -> None:
    """Every question ever asked has one signed answer, and every refused one came through."""
    with raw(flood.house.path) as connection:
        sql = (
            "SELECT count(*), sum(kind = 'audit') FROM escalation JOIN decision ON escalation = id"
        )
        answered, audits = connection.execute(sql).fetchone()
    assert answered - audits == len(flood.tickets)
    assert audits > 0
    assert len(flood.tickets) == flood.seen["wanted"] > 200
    decisions = [flood.bot.poll(ticket) for ticket in flood.tickets.values()]
    verdicts = Counter(one.verdict if one else "pending" for one in decisions)
    assert verdicts["pending"] == 0
    assert min(verdicts[name] for name in ("approve", "reject", "timed_out", "taken_over")) > 0
    soft = [one for one in flood.tickets.values() if one.tier is Tier.SOFT_REVIEW]
    unconfirmed = {one.id for one in soft if flood.bot.status(one).verdict != "approve"}
    assert {one.id for one in flood.bot.rollback_due()} == unconfirmed != set()


def check_every_breach_has_its_fallback(house: House) -> None:
    """In the same moment: moved on, or answered by the desk that nobody did."""
    chain = [one for one in events(house.path) if one.escalation]
    breaches = [one for one in chain if one.kind == "breached"]
    ends = {(one.escalation, one.at) for one in chain if one.kind in ("rerouted", "timed_out")}
    assert breaches
    assert {(one.escalation, one.at) for one in breaches} == ends
    assert {one.actor for one in breaches} == {"desk"}
