"""Processes that all do everything to the same few escalations, and write down what they heard.

Each line is a call or its answer, written at once: a call without an answer is one whose process
was killed in the middle of it.
"""

from __future__ import annotations

import json
import mmap
import random
import struct
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from factories import brief
from fast_clock import FastClock
from linearizable import REFUSED, Answer
from nursery import serve
from overread_queue import AgentQueue, ReviewDesk
from overread_queue.asking.delivery import Resumption
from overread_queue.errors import (
    LeaseHeld,
    LeaseLost,
    MoveRefused,
    NotApproved,
    Replayed,
    StillPending,
)
from overread_queue.models import Item, Receipt, Review
from planted_bugs import BUGS

TIMES = 20
"""How much faster time passes: an undo window of 2 s is over in a tenth of one."""
AT_ONCE = 4
"""Items that are worked on at the same time."""
CALLS_EACH = 40
"""About how often each is called, before the next one takes its place."""
COUNTER = "calls"
"""Name of the file in which they are counted."""
TEMPLATE = brief().to_bytes().decode()
REFUSALS = (LeaseHeld, LeaseLost, MoveRefused, NotApproved, Replayed, StillPending)
WEIGHTS = {
    "claim": 4,
    "open": 4,
    "approve": 5,
    "reject": 1,
    "release": 2,
    "undo": 1,
    "sign": 2,
    "withdraw": 0.2,
    "poll": 3,
    "take": 2,
    "give_back": 2,
    "complete": 2,
}
"""How often each is called, whatever went before."""
FOLLOWS = {
    "submit": ("claim",),
    "claim": ("open", "open", "open", "approve"),
    "open": ("approve", "approve", "approve", "reject", "release"),
    "release": ("claim",),
    "approve": ("sign", "sign", "undo"),
    "undo": ("open",),
    "sign": ("take",),
    "poll": ("take",),
    "take": ("complete", "give_back"),
}
"""What somebody who means to get on calls next, once the call before it has worked."""
PURPOSE = 0.6
"""How often a process means to get on."""


T = TypeVar("T")


class Interrupted(Exception):
    """An agent that stops in the middle of its action."""


@dataclass
class Handles:
    """What this process has got for one item. None of it is thrown away when it is stale."""

    id: str
    claims: list[Item] = field(default_factory=list)
    looks: list[Review] = field(default_factory=list)
    taking: str = ""
    resumption: Resumption | None = None
    last: str = "submit"
    """What was called last, if it worked."""


def some(handles: Sequence[T]) -> Sequence[T]:
    """One of the last two, where there is any: mostly a stale one and a fresh one."""
    return random.sample(handles[-2:], 1) if handles else ()


class Counter:
    """Calls made by everybody. A count that gets lost does no harm."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 8)

    def next(self) -> int:
        (count,) = struct.unpack_from("q", self._shared)
        struct.pack_into("q", self._shared, 0, count + 1)
        return int(count)


class Worker:
    """One agent and one reviewer in one process."""

    def __init__(self, name: str, db: Path, folder: Path, reviewer: str) -> None:
        clock = FastClock(TIMES)
        self._name = name
        self._queue = AgentQueue.open(db, agent="refund-agent", clock=clock)
        self._desk = ReviewDesk.open(db, reviewer=reviewer, clock=clock)
        self._log = (folder / f"{name}.{reviewer}.history").open("ab", buffering=0)
        self._known: dict[str, Handles] = {}
        self._held: set[str] = set()
        self._takings = 0

    def work_on(self, key: str) -> None:
        """One call about an item, whichever."""
        if key not in self._known:
            self._call(key, "submit", "", partial(self._submit, key))
            return
        mine = self._known[key]
        if mine.last in FOLLOWS and random.random() < PURPOSE:
            name = random.choice(FOLLOWS[mine.last])
        else:
            name = random.choices(list(WEIGHTS), WEIGHTS.values())[0]
        getattr(self, f"_{name}")(key, mine)

    def _call(self, key: str, name: str, given: str | int, act: partial[Answer]) -> None:
        self._say(key, name, given)
        try:
            answer = act()
        except REFUSALS:
            answer = REFUSED
        self._known[key].last = "" if answer in (REFUSED, None) else name
        self._say(key, name, given, answer)

    def _say(self, *words: Answer) -> None:
        self._log.write(json.dumps([time.monotonic(), *words]).encode() + b"\n")

    def _submit(self, key: str) -> Answer:
        ticket = self._queue.submit(TEMPLATE.replace("A-1009", key), key=key)
        self._known[key] = Handles(ticket.id)
        return "new" if ticket.created else "known"

    def _claim(self, key: str, mine: Handles) -> None:
        self._call(key, "claim", "", partial(self._claimed, mine))

    def _claimed(self, mine: Handles) -> Answer:
        mine.claims.append(self._desk.claim(mine.id))
        return mine.claims[-1].fence

    def _open(self, key: str, mine: Handles) -> None:
        for item in some(mine.claims):
            self._call(key, "open", item.fence, partial(self._opened, mine, item))

    def _opened(self, mine: Handles, item: Item) -> Answer:
        mine.looks.append(self._desk.open(item))
        return "ok"

    def _release(self, key: str, mine: Handles) -> None:
        for item in some(mine.claims):
            self._call(key, "release", item.fence, partial(self._released, item))

    def _released(self, item: Item) -> Answer:
        self._desk.release(item)
        return "ok"

    def _approve(self, key: str, mine: Handles) -> None:
        for look in some(mine.looks):
            self._call(
                key, "approve", look.item.fence, partial(self._decided, look, "approve", key)
            )

    def _reject(self, key: str, mine: Handles) -> None:
        for look in some(mine.looks):
            self._decide(key, look, "reject")

    def _decide(self, key: str, look: Review, option: str) -> None:
        self._call(key, option, look.item.fence, partial(self._decided, look, option, key))

    def _decided(self, look: Review, option: str, key: str) -> Answer:
        receipt = self._desk.decide(look, option=option, reason="as the policy says")
        if receipt.state == "held":
            self._held.add(key)
        return receipt.state

    def _undo(self, key: str, mine: Handles) -> None:
        """Also what another console of the same reviewer holds, which is not this one's to undo."""
        self._call(key, "undo", "", partial(self._undone, mine))

    def _undone(self, mine: Handles) -> Answer:
        self._desk.undo(Receipt(mine.id, 1, "approve", "approve", "held", 0))
        return "ok"

    def _sign(self, key: str, mine: Handles) -> None:
        """Whatever this console holds and may sign by now."""
        asked = sorted(self._held | {key})
        for one in asked:
            self._say(one, "sign", "")
        signed = {receipt.escalation for receipt in self._desk.release_due()}
        for one in asked:
            done = self._known[one].id in signed
            self._known[one].last = "sign" if done else self._known[one].last
            self._say(one, "sign", "", "ok" if done else REFUSED)
        self._held = {one for one in self._held if self._known[one].id not in signed}

    def _withdraw(self, key: str, mine: Handles) -> None:
        self._call(key, "withdraw", "", partial(self._withdrawn, mine))

    def _withdrawn(self, mine: Handles) -> Answer:
        self._queue.withdraw(mine.id)
        return "ok"

    def _poll(self, key: str, mine: Handles) -> None:
        self._call(key, "poll", "", partial(self._polled, mine))

    def _polled(self, mine: Handles) -> Answer:
        decision = self._queue.poll(mine.id)
        return decision.verdict if decision else None

    def _take(self, key: str, mine: Handles) -> None:
        self._takings += 1
        taking = f"{self._name}-{self._takings}"
        self._call(key, "take", taking, partial(self._taken, mine, taking))

    def _taken(self, mine: Handles, taking: str) -> Answer:
        mine.resumption = self._queue.resume(mine.id)
        mine.taking = taking
        return "ok"

    def _give_back(self, key: str, mine: Handles) -> None:
        if mine.resumption is not None:
            self._call(key, "give_back", mine.taking, partial(self._given_back, mine.resumption))
            mine.resumption = None

    def _given_back(self, resumption: Resumption) -> Answer:
        with suppress(Interrupted), resumption:
            raise Interrupted
        return "ok"

    def _complete(self, key: str, mine: Handles) -> None:
        """Also after it was given back, when somebody else may have it."""
        if mine.taking:
            self._call(key, "complete", mine.taking, partial(self._completed, mine))

    def _completed(self, mine: Handles) -> Answer:
        self._queue.complete(mine.id)
        return "ok"


def work(name: str, db: str, folder: str, reviewer: str, bug: str = "") -> None:
    """Without end, on the few items that it is time for; where there is a bug to find, on one."""
    at_once = 1 if bug else AT_ONCE
    if bug:
        BUGS[bug]()
    worker = Worker(name, Path(db), Path(folder), reviewer)
    count = Counter(Path(folder) / COUNTER)
    while True:
        turn = count.next() // (CALLS_EACH * at_once)
        worker.work_on(f"{turn}-{random.randrange(at_once)}")


if __name__ == "__main__":
    serve(work)
