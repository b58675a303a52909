"""What the desk's side tells agents, as files: all that the chain of events has brought since.

The database stays the record. A crash between a commit and its papers loses nothing: whoever comes
next on the desk's side finds the same events, and writes the same papers again.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from overread_queue.asking.dossier import Dossier, dossier
from overread_queue.asking.submission import asked_depths
from overread_queue.asking.tentative import objections
from overread_queue.errors import IntegrityError, NotFound
from overread_queue.ground import Ground
from overread_queue.mailbox.layout import Layout
from overread_queue.mailbox.outbox import put, put_once
from overread_queue.mailbox.papers import (
    Answer,
    Board,
    DecisionPaper,
    Feed,
    Paper,
    RunPaper,
    Standing,
)
from overread_queue.mailbox.sealing import seal, unseal
from overread_queue.routing.workload import shut_pools
from overread_queue.states import EscalationKind
from overread_queue.stopping.breaker import open_breakers
from overread_queue.stopping.halting import standing_halts
from overread_queue.store import Transaction
from overread_queue.store.outbox import News, Told
from overread_queue.store.rows import EscalationRow
from overread_queue.trust.keys import load_private
from overread_queue.trust.people import DESK

BATCH = 200
REFRESH_MS = 30_000
"""How often the board says that the desk is alive, while it has nothing new to say."""


class Publisher:
    """The one writer of the outbox at a time. Raises `NotAllowed` where it may not sign."""

    def __init__(self, ground: Ground, layout: Layout) -> None:
        self._ground = ground
        self._layout = layout

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return load_private(self._ground.places.key(DESK))

    def publish(self) -> int:
        """Write every paper that is due; the number of papers."""
        written = 0
        with self._alone():
            while True:
                with self._ground.store.read() as tx:
                    news = tx.outbox.news(most=BATCH)
                    written += self._write_news(tx, news) if news else 0
                if news is None:
                    return written + self._write_board(force=written > 0)
                with self._ground.store.write() as tx:
                    tx.outbox.told(news)

    def _write_news(self, tx: Transaction, news: News) -> int:
        for id in dict.fromkeys(one.escalation for one in news.touched if one.escalation):
            found = tx.escalations.get(id)
            if found is not None and found.kind is not EscalationKind.AUDIT:
                # What was altered in the database stays untold, and keeps nothing else untold.
                with suppress(IntegrityError, NotFound):
                    self._write_escalation(tx, found)
        for agent, run in dict.fromkeys((one.agent, one.run) for one in news.touched):
            if agent and run:
                self._write_run(tx, agent, run)
        for agent in dict.fromkeys(one.agent for one in news.touched if one.agent):
            self._write_feed(tx, agent)
        for answered in news.answers:
            self._write_answer(answered)
        return len(news.touched) + len(news.answers)

    def _write_escalation(self, tx: Transaction, found: EscalationRow) -> None:
        """The answer first: whoever reads that there is one finds it."""
        there = dossier(self._ground, tx, found)
        if there.answered is not None:
            self._write_decision(there)
        row, delivery = tx.escalations.row(found.id), tx.decisions.delivery(found.id, found.attempt)
        paper = Standing(
            desk=self._ground.desk_id,
            at=self._ground.clock.now(),
            found=_without_reviewers(found),
            question=row.question if row else "",
            successor=there.successor,
            delivery=delivery.state if delivery else None,
        )
        put(self._layout.paper(found.agent, found.id), self._sealed(paper))

    def _write_decision(self, there: Dossier) -> None:
        answered, found = there.answered, there.found
        if answered is None:
            return
        paper = DecisionPaper(
            desk=self._ground.desk_id,
            at=self._ground.clock.now(),
            decision=answered.decision,
            payload=answered.payload,
            opinions=answered.opinions,
        )
        write = put_once if answered.payload.erased_at is None else put
        write(self._layout.decision(found.agent, found.id, found.attempt), self._sealed(paper))

    def _write_run(self, tx: Transaction, agent: str, run: str) -> None:
        found = tx.runs.get(agent, run)
        if found is not None:
            paper = RunPaper(
                desk=self._ground.desk_id,
                at=self._ground.clock.now(),
                agent=agent,
                run=run,
                state=found.state,
            )
            put(self._layout.run(agent, run), self._sealed(paper))

    def _write_feed(self, tx: Transaction, agent: str) -> None:
        feed = Feed(
            desk=self._ground.desk_id,
            at=self._ground.clock.now(),
            agent=agent,
            rollbacks=tuple(row.id for row in tx.decisions.rollbacks(agent)),
            objections=objections(tx, agent, since=0),
        )
        put(self._layout.feed(agent), self._sealed(feed))

    def _write_answer(self, answered: Told) -> None:
        body = Answer.model_validate_json(answered.paper)
        put(self._layout.answer(answered.agent, answered.name), self._sealed(body))

    def _write_board(self, *, force: bool) -> int:
        """Also when nothing happened, so that agents know that somebody is there."""
        now = self._ground.clock.now()
        if not force and self._told_lately(now):
            return 0
        with self._ground.store.read() as tx:
            board = Board(
                desk=self._ground.desk_id,
                at=now,
                halts=standing_halts(self._ground, tx),
                breakers=tuple(sorted(open_breakers(self._ground, tx))),
                depths={pool: (one.items, one.seconds) for pool, one in asked_depths(tx).items()},
                reviewers=tx.desk.open_sessions(),
                shut=shut_pools(self._ground, tx, self._ground.policy().pools, now=now),
            )
        put(self._layout.board, self._sealed(board))
        return 1

    def _told_lately(self, now: int) -> bool:
        try:
            words = unseal(self._layout.board.read_bytes(), self._ground.roster(), source="")
            return abs(now - Board.model_validate_json(words).at) < REFRESH_MS
        except (OSError, IntegrityError, ValidationError):
            return False  # Whatever stands there now, a new one replaces it.

    def _sealed(self, paper: Paper) -> bytes:
        return seal(paper.model_dump_json(), self._key)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two writers could put an older paper over a newer one."""
        handle = os.open(self._layout.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _without_reviewers(found: EscalationRow) -> EscalationRow:
    """Who looks at it, and how the desk orders its work, is no agent's business."""
    return replace(
        found,
        reviewer=None,
        session=None,
        fence=0,
        lease_until=None,
        held_until=None,
        expected_seconds=0,
        stake=1,
        hops=0,
    )
