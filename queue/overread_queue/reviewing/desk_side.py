"""What the whole of the reviewers' door stands on: one reviewer, one desk, what is seen."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from overread_briefs.fields import Parameters
from overread_queue.asking.submission import depths
from overread_queue.door import Door
from overread_queue.errors import Halted, IntegrityError, LeaseLost, MoveRefused, OverreadError
from overread_queue.ground import Ground
from overread_queue.models import Glass, Halt, Notice, Overview, Receipt, Row, SessionSummary
from overread_queue.moves import Mover
from overread_queue.policy.model import Policy
from overread_queue.probing.noticed import month_of
from overread_queue.reviewing.attention import Watch
from overread_queue.reviewing.deciding import Desk, Held
from overread_queue.reviewing.entrance import signer_of
from overread_queue.reviewing.looking import View
from overread_queue.reviewing.noticing import notices, reveal
from overread_queue.routing.pressure import Depth
from overread_queue.searching.asking import search
from overread_queue.stopping.halting import standing_halts
from overread_queue.store.rows import EscalationRow
from overread_queue.store.search import Hit
from overread_queue.sweep import Sweep
from overread_queue.trust.people import Reviewer


class DeskSide(Door):
    """Closing, looking, and what time does. `ReviewDesk` adds everything that a reviewer does."""

    def __init__(self, ground: Ground, reviewer: Reviewer) -> None:
        super().__init__(ground)
        self._reviewer = reviewer
        self._signer = signer_of(ground, reviewer)
        self._view = View(ground, reviewer, random.Random())  # noqa: S311 - only breaks ties
        self._watch = Watch()
        self._claimed: dict[str, int] = {}
        """Fencing tokens of what this door claimed: another console's claims are not ours."""
        self._held: dict[str, Held] = {}
        self._noticed: set[str] = set()
        """Sessions after which this door was told whether anything looked like a test."""

    def close(self) -> None:
        """Release what is due and give the rest back.

        What is still inside its undo window stays held until its lease lapses; then it waits
        again, with the draft kept.
        """
        try:
            with self._at_work() as desk:
                self._watch.write_down(desk.mover.tx)
                desk.give_back(lambda row: self._claimed.get(row.id) == row.fence)
            self.release_due()
        finally:
            super().close()

    # -- who and where

    @property
    def name(self) -> str:
        return self._reviewer.name

    @property
    def label(self) -> str:
        return self._reviewer.label

    @property
    def roles(self) -> tuple[str, ...]:
        return self._reviewer.roles

    @property
    def pools(self) -> tuple[tuple[str, str], ...]:
        """Name and label of every pool that this reviewer works."""
        return tuple(self._view.pools().items())

    @property
    def single_operator(self) -> bool:
        """Whether this desk lets people decide for agents that act for them."""
        return self._ground.roster().single_operator

    @property
    def desk_name(self) -> str:
        return self._ground.roster().desk.name

    @property
    def heartbeat_seconds(self) -> int:
        """How often `heartbeat` should be called."""
        return self._ground.policy().settings.heartbeat

    # -- looking at the desk

    def overview(self) -> Overview:
        with self._ground.store.read() as tx:
            return self._view.overview(tx)

    def waiting_ids(self, text: str = "") -> tuple[str, ...]:
        """What this reviewer could claim, in the order to work; `text` filters what is shown."""
        with self._ground.store.read() as tx:
            return self._view.waiting_ids(tx, text)

    def rows(self, ids: Sequence[str]) -> tuple[Row, ...]:
        """One page of a list; ids that are gone are left out."""
        with self._ground.store.read() as tx:
            return self._view.rows(tx, ids)

    def search(self, text: str, *, since: int = 0, most: int = 50) -> tuple[Hit, ...]:
        """The newest escalations of this reviewer's pools that have every word of `text`; see
        `SearchSide.search`."""
        pools = self._view.pools()
        return search(self._ground, text, pools=pools, since=since, most=most)

    def version(self) -> int:
        """A number that changes whenever anything on the desk does."""
        return self._ground.store.version()

    def notices(self) -> tuple[Notice, ...]:
        """What agents did and told of in this reviewer's pools, newest first."""
        with self._ground.store.read() as tx:
            return notices(self._ground, tx, frozenset(self._view.pools()))

    def unmask_notice(self, proposal: str) -> Parameters:
        """The masked parameters of a notice, for this reviewer, now. Written down as an event."""
        with self._at_work() as desk:
            return reveal(desk.mover, proposal)

    def policy(self, sha256: str | None = None) -> Policy:
        """The policy in force, or the version of that digest. Anybody may read it."""
        if sha256 is None:
            return self._ground.policy()
        return self._ground.policy_of(sha256)

    def depths(self) -> dict[str, Depth]:
        """What every pool still has to do; a pool with nothing is left out."""
        with self._ground.store.read() as tx:
            return depths(tx)

    def glass(self) -> tuple[Glass, ...]:
        """What leads decided alone, or are about to, and no other lead has looked at."""
        with self._ground.store.read() as tx:
            return tx.glass.broken()

    def halts(self) -> tuple[Halt, ...]:
        """What is stopped now, oldest first."""
        with self._ground.store.read() as tx:
            return standing_halts(self._ground, tx)

    # -- blind tests

    def looked_like_a_test(self, summary: SessionSummary, *, seemed: bool) -> None:
        """Say, after a session that had a test, whether anything in it looked like one.

        It is counted once for each session, without a name; another time changes nothing.
        """
        if not summary.tests or summary.id in self._noticed:
            return
        with self._ground.store.write() as tx:
            tx.folds.notice(month_of(self._ground.clock.now()), seemed=seemed)
        self._noticed.add(summary.id)

    # -- time

    def sweep(self) -> int:
        """Do what time does. Any console may, as often as it likes."""
        return Sweep(self._ground).run()

    def release_due(self) -> tuple[Receipt, ...]:
        """Sign and release every approval that this door held and whose window is over.

        What another process held is its own to sign: its lease lapses, and the item waits again.
        One that cannot be signed keeps none of the others waiting; its refusal is raised last.
        Raises `Halted` for an agent that was stopped meanwhile: the item waits again, unsigned,
        and remembers what was chosen.
        """
        now = self._ground.clock.now()
        with self._ground.store.read() as tx:
            due = tx.escalations.held_by(self.name, now=now)
        over = {id for id, held in self._held.items() if held.until <= now}
        receipts: list[Receipt] = []
        refused: list[OverreadError] = []
        for row in (one for one in due if one.id in over):
            try:
                with self._at_work(about=row.id) as desk:
                    receipts.append(desk.release(row))
            except (LeaseLost, MoveRefused):
                pass
            except IntegrityError as refusal:
                refused.append(refusal)
            except Halted as refusal:
                refused.append(refusal)
                self._let_wait(row)
            except OverreadError as refusal:
                refused.append(refusal)
                continue  # still held: this may pass before the lease lapses
            self._held.pop(row.id, None)
        if refused:
            raise refused[0]
        return tuple(receipts)

    # -- inside

    def _let_wait(self, row: EscalationRow) -> None:
        """What was held for a stopped agent goes back, unless somebody moved it first."""
        with suppress(LeaseLost, MoveRefused), self._at_work(about=row.id) as desk:
            desk.mover.stopped(row)

    @contextmanager
    def _at_work(self, *, about: str | None = None) -> Iterator[Desk]:
        actor = f"reviewer:{self.name}"
        with self._ground.write(actor, about=about) as tx:
            mover = Mover(tx, actor, self._ground.clock.now())
            yield Desk(self._ground, mover, self._signer, self._held)
