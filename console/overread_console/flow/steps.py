"""What a flow remembers, and the steps that its calls are made of."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from overread_briefs.brief import Option
from overread_briefs.visible import visible
from overread_console.flow.card import card_of
from overread_console.flow.friction import Look, lock_words, may_challenge
from overread_console.flow.held import Held, HeldShelf
from overread_console.flow.panes import (
    Pane,
    evidence_list,
)
from overread_console.flow.prompt import ChallengeWords
from overread_console.flow.scene import News, Scene
from overread_console.flow.spans import Role
from overread_console.flow.words import count, pace
from overread_queue.clock import Clock
from overread_queue.desk import ReviewDesk
from overread_queue.errors import (
    CapReached,
    InvalidRequest,
    LeaseLost,
    MoveRefused,
    NotAllowed,
    NotFound,
    NotYet,
    OverreadError,
    StoreError,
)
from overread_queue.models import (
    Halt,
    Item,
    Receipt,
    Review,
    Session,
    SessionSummary,
    Standing,
)
from overread_queue.reviewing.attention import IDLE_MS

NEWS_MS = 15_000
"""How long news stays in sight."""

_GONE = "this item is no longer yours, so nothing was written; n goes on to the next"


class FlowSteps:
    """One session's state, behind one lock. `ReviewFlow` is what a face calls."""

    def __init__(self, desk: ReviewDesk, clock: Clock) -> None:
        self.desk = desk
        self.scene = Scene()
        self._clock = clock
        self._lock = threading.RLock()
        self._session: Session | None = None
        self._queue: list[Item] = []
        self._done = 0
        self._overloaded = False
        self._summary: SessionSummary | None = None
        self._ended = ""
        self._review: Review | None = None
        self._lost = ""
        self._reading: Pane | None = None
        self._evidence_at: int | None = None
        self._unmasked: dict[str, str] = {}
        self._held = HeldShelf()
        self._news: list[News] = []
        self._latest: News | None = None
        self._look = Look(Standing(), clock.now())
        self._typed = ChallengeWords()
        self._halts: tuple[Halt, ...] = ()
        self._away = False
        self._beat_at = self._swept_at = clock.now()
        self._active_at = 0
        self._beat_ms = desk.heartbeat_seconds * 1000

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            finally:
                self.scene = self._picture()

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """A start that fails leaves no session behind, whose leases `tick` would keep."""
        with self._changing():
            self._overloaded = self.desk.overview().overloaded
            try:
                yield
            except BaseException:
                self._abandon()
                raise

    def _abandon(self) -> None:
        session, self._session = self._session, None
        self._put_away()
        self._queue.clear()
        if session is not None:
            with suppress(OverreadError):
                self.desk.end_session(session)

    @contextmanager
    def _deciding(self) -> Iterator[Review]:
        """The item at hand; a lease that turns out to be lost locks it instead of hiding it."""
        with self._changing():
            try:
                yield self._at_hand()
            except (LeaseLost, MoveRefused):
                self._lost = _GONE
                raise
            except (NotYet, NotAllowed):
                self._look_again()
                raise

    def _begin(self, session: Session) -> None:
        self._session, self._summary, self._done = session, None, 0
        self._queue = list(session.items)
        self._beat_at = self._clock.now()
        self._next(first=True)
        if self._review is None and self._session is not None:
            self._session = None
            self.desk.end_session(session)
            if not session.items:
                self._tell("nothing is waiting for you now")

    def _next(self, *, first: bool = False) -> None:
        """Open the next item that can be opened; say so about those that cannot."""
        self._done += 0 if first else 1
        self._put_away()
        self._open_next()

    def _open_next(self) -> None:
        while self._queue and self._review is None:
            self._open(self._queue[0])

    def _open(self, item: Item) -> None:
        """One that cannot be opened goes back; a store that fails leaves it for the next tick.

        A session that has had its time ends here, between two items.
        """
        review = None
        try:
            review = self.desk.open(item)
        except StoreError:
            raise
        except CapReached as reached:
            self._wind_up(f"this session is over, and what is left went back: {reached.what}")
            return
        except (LeaseLost, MoveRefused, NotFound):
            self._tell(f"no longer yours to decide: {visible(item.question)}", "warning")
        except OverreadError as error:
            with suppress(OverreadError):
                self.desk.release(item)
            self._tell(f"given back, it cannot be opened: {visible(str(error))}", "danger")
        self._queue.pop(0)
        if review is None:
            self._done += 1
        else:
            self._show(review)

    def _wind_up(self, why: str = "") -> None:
        """End the session, giving back what is left of it, and sum it up."""
        self._ended = why
        session, self._session = self._session, None
        self._put_away()
        self._queue.clear()
        try:
            self._release_due()
        except OverreadError as refusal:
            self._tell(visible(str(refusal)), "danger")
        self._summary = self._summed_up(session) if session else None

    def _summed_up(self, session: Session) -> SessionSummary:
        """Counts what is still held as well: it is recorded in a few seconds."""
        summary = self.desk.end_session(session)
        held = self._held.verdicts(session.id, after=summary.ended_at)
        return replace(summary, verdicts=dict(held + Counter(summary.verdicts)))

    def _taken_back(self, held: Held) -> Item:
        item = self.desk.undo(held.receipt)
        self._held.drop(held)
        self._tell(f"taken back, nothing was sent: {held.words}")
        return item

    def _undo_afterwards(self, held: Held) -> None:
        """In a session of its own, so that what was read and written of it still counts.

        Where a limit allows no session, the approval is taken back all the same.
        """
        with self._starting():
            try:
                session = self._session = self.desk.start_session(max_items=0)
            except CapReached:
                self.desk.release(self._taken_back(held))
                raise
            item = self._taken_back(held)
            expected = item.expected_seconds
            self._begin(replace(session, items=(item,), expected_seconds=expected))

    def _show(self, review: Review) -> None:
        self._put_away()
        self._review, self._active_at = review, self._clock.now()
        if review.judgement is not None and review.recommendation is None:
            self._review = self.desk.reveal(review)
        self._look_again()

    def _paused(self, now: int) -> bool:
        """Whether nobody knows that anybody is reading: no time counts now."""
        return self._away or now > self._read_until(now)

    def _read_until(self, now: int) -> int:
        """Up to when time counts, if nothing more is pressed."""
        return min(now, self._active_at + IDLE_MS)

    def _look_again(self) -> None:
        """Ask the desk what an approval still waits for, and who is stopped."""
        self._halts = self.desk.halts()
        if self._review is not None and not self._lost:
            self._look = Look(self.desk.standing(self._review), self._clock.now())

    def _put_away(self) -> None:
        self._review, self._lost, self._unmasked = None, "", {}
        self._look, self._typed = Look(Standing(), self._clock.now()), ChallengeWords()
        self._away = False
        self._read_beside(None)

    def _read_beside(self, pane: Pane | None) -> None:
        self._reading, self._evidence_at = pane, None

    def _release_due(self) -> None:
        for receipt in self.desk.release_due():
            self._tell(f"recorded: {self._held.released(receipt)}", "good")

    def _keep(self, session: Session) -> None:
        ours = {item.id for item in self.desk.heartbeat(session)}
        gone = sum(item.id not in ours for item in self._queue)
        if gone:
            self._queue = [item for item in self._queue if item.id in ours]
            self._done += gone
            self._tell(f"{count(gone, 'item')} of this session went to somebody else", "warning")
        if self._review is not None and self._review.item.id not in ours:
            self._lost = _GONE

    def _tell_of(self, receipt: Receipt, held: Held) -> None:
        if receipt.state == "held":
            self._held.put(held)
            self._latest = None
        elif receipt.state == "handed_on":
            self._tell(f"handed on: {held.question}", "good")
        else:
            self._tell(f"recorded: {held.words}", "good")

    def _tell(self, text: str, role: Role = "text") -> None:
        self._latest = News(text, self._clock.now(), role)
        self._news.append(self._latest)

    def _at_hand(self, *, even_lost: bool = False) -> Review:
        if self._review is None:
            raise InvalidRequest("no item is open; start a session first")
        if self._lost and not even_lost:
            raise InvalidRequest(self._lost)
        return self._review

    def _option(self, key: str) -> Option:
        for option in self._at_hand().options:
            if option.key == key:
                return option
        raise InvalidRequest(f"this item has no option {key!r}; its letters are on the card")

    def _picture(self) -> Scene:
        now, review = self._clock.now(), self._review
        paused = self._paused(now)
        standing = self._look.live(self._look.at if self._away else self._read_until(now))
        return Scene(
            in_session=self._session is not None,
            position=self._done + 1,
            pace=pace(self._session, now) if self._session else "",
            total=self._done + len(self._queue) + (review is not None),
            review=review,
            card=card_of(review, now, shut=standing.shut) if review else None,
            pane=self._reading,
            evidence=evidence_list(review, now, at=self._evidence_at) if review else (),
            evidence_at=self._evidence_at,
            held=self._held.view(now),
            news=self._latest if self._latest and now - self._latest.at < NEWS_MS else None,
            summary=self._summary,
            ended=self._ended,
            lost=self._lost,
            lock=lock_words(standing, review, paused=paused) if review else "",
            challengeable=standing.challenge and may_challenge(standing),
            halts=self._halts,
        )
