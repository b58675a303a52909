"""The review flow: one object that both faces drive, and that knows no terminal.

Every method may be called from any thread and may take a few milliseconds, as it talks to the
store. What a face shows is `scene`, replaced as a whole after each call and never changed.
"""

from __future__ import annotations

from dataclasses import replace

from overread_briefs.fields import Parameters
from overread_briefs.visible import visible
from overread_console.flow.card import numbered_evidence
from overread_console.flow.care import FlowCare
from overread_console.flow.diff import action_lines
from overread_console.flow.held import Held
from overread_console.flow.panes import (
    Pane,
    comments_pane,
    evidence_pane,
    reasons_pane,
    steps_pane,
)
from overread_console.flow.scene import NOTHING_MASKED, News
from overread_console.flow.spans import Line
from overread_console.flow.summary import is_long
from overread_queue.errors import (
    InvalidRequest,
)
from overread_queue.models import (
    Comment,
    Draft,
    Notice,
    Receipt,
    SessionSummary,
)

SWEEP_MS = 10_000
ACTIVITY_MS = 1_000


class ReviewFlow(FlowCare):
    """A reviewer's way through sessions. See `scene` for what is on show."""

    # ── sessions ─────────────────────────────────────────────────────────────

    def start(self, *, max_items: int | None = None) -> None:
        """Claim a batch and open its first item. No session where nothing waits."""
        with self._starting():
            self._begin(self.desk.start_session(max_items=max_items))

    def take(self, id: str) -> None:
        """Claim one item now, outside the order, in a session of its own."""
        with self._starting():
            session = self._session = self.desk.start_session(max_items=0)
            item = self.desk.claim(id)
            expected = item.expected_seconds
            self._begin(replace(session, items=(item,), expected_seconds=expected))

    def end(self) -> SessionSummary | None:
        """Give back what is left. Held approvals stay held, and `tick` releases them in time."""
        with self._changing():
            self._wind_up()
            return self._summary

    def bring_urgent(self) -> None:
        """Claim the most urgent item and put it right after the one at hand; the batch stays."""
        with self._changing():
            urgent = self.desk.overview().urgent
            if not urgent:
                raise InvalidRequest("nothing else is urgent now")
            self.bring(urgent[0].id)

    def bring(self, id: str) -> None:
        """Claim an item that waits and put it right after the one at hand; the batch stays."""
        with self._changing():
            session = self._session
            if session is None:
                raise InvalidRequest("no session is open; start one first")
            item = self.desk.claim(id)
            self._queue.insert(0, item)
            expected = session.expected_seconds + item.expected_seconds
            self._session = replace(session, expected_seconds=expected)
            if self._review is None:
                self._next(first=True)
            else:
                self._tell(f"right after this one: {visible(item.question)}")

    def tell_owner(self) -> None:
        """Of the item that took longest in the session that has ended."""
        with self._changing():
            if self._summary is not None and is_long(self._summary):
                self.desk.tell_owner(self._summary)
                self._tell("its owner is told that the brief took long to read")

    def looked_like_a_test(self, seemed: bool) -> None:
        """Whether anything did in the session that has ended."""
        with self._changing():
            if self._summary is not None and self._summary.tests:
                self.desk.looked_like_a_test(self._summary, seemed=seemed)
                self._tell("thank you; that is counted once, without your name")

    def close(self) -> None:
        """End the session and leave the desk."""
        try:
            self.end()
        finally:
            self.desk.close()

    # ── deciding ─────────────────────────────────────────────────────────────

    def preview(self, option_key: str, parameters: Parameters) -> tuple[Line, ...]:
        """The action these parameters would release; an InvalidRequest says what is wrong."""
        with self._changing():
            review = self._at_hand()
            executed = self.desk.preview(review, option_key, parameters)
            return action_lines(review, executed)

    def choose(
        self,
        option_key: str,
        *,
        parameters: Parameters | None = None,
        reason: str = "",
        token: str = "",
    ) -> Receipt:
        """Decide the item at hand and open the next one. `token` is what was typed of a prompt's.

        Raises what the desk refuses, and `InvalidRequest` for a token that is not exact.
        """
        with self._deciding() as review:
            option = self._option(option_key)
            self._check_token(option, parameters, token)
            # Kept before the desk is asked: a refusal must not cost the reviewer their words.
            self._review = replace(review, draft=Draft(option_key, parameters, reason))
            receipt = self.desk.decide(
                review, option=option_key, parameters=parameters, reason=reason
            )
            label, question = visible(option.label), visible(review.brief.question)
            self._tell_of(receipt, Held(receipt, label, question, review.session or ""))
            self._next()
            return receipt

    def snooze(self, until: int, reason: str) -> None:
        """Put the item back until a moment inside its deadline (UTC milliseconds)."""
        with self._deciding() as review:
            self.desk.snooze(review.item, until=until, reason=reason)
            self._tell("snoozed; it comes back by itself")
            self._next()

    def skip(self) -> None:
        """Give the item back and open the next one."""
        with self._changing():
            review = self._at_hand(even_lost=True)
            if not self._lost:
                self.desk.release(review.item)
                self._tell("given back; it is waiting for whoever comes next")
            self._next()

    def comment(self, text: str) -> None:
        """Add a note that travels with the item."""
        with self._deciding() as review:
            self.desk.comment(review.item, text)
            note = Comment(self.desk.name, self._clock.now(), text)
            self._review = replace(review, comments=(*review.comments, note))
            self._tell("note added; it travels with the item")

    def undo(self) -> None:
        """Take back the last approval that is still held, and put it on show again."""
        with self._changing():
            held = self._held.top()
            if self._session is None:
                self._undo_afterwards(held)
                return
            item = self._taken_back(held)
            if self._review is not None:
                self._queue.insert(0, self._review.item)
            self._queue.insert(0, item)
            self._done = max(self._done - 1, 0)
            self._next(first=True)

    # ── reading ──────────────────────────────────────────────────────────────

    def read(self, number: int, *, unasked: bool = False) -> None:
        """Open a piece of evidence by its number.

        `unasked`: it stands beside the card because there is room, which is no sign that anybody
        reads it, so the desk does not count it as opened.
        """
        with self._changing():
            review = self._at_hand(even_lost=True)
            pane = evidence_pane(review, number, self._clock.now(), unmasked=self._unmasked)
            if pane is None:
                raise InvalidRequest(f"there is no evidence {number} on this item")
            self._reading, self._evidence_at = pane, number
            if not unasked:
                self.desk.evidence_opened(review, numbered_evidence(review.brief)[number - 1].id)
                self._look_again()

    def unmask(self) -> None:
        """Show what is masked in the pane, of parameters the next one. The desk records it."""
        with self._changing():
            review, pane, at = self._at_hand(), self._reading, self._evidence_at
            if pane is not None and pane.parameter is not None:
                self._renew(self.desk.unmask_parameter(review, pane.parameter))
                self._read_beside(self._reasons())
                return
            if at is None or pane is None or pane.masked is None:
                raise InvalidRequest(NOTHING_MASKED)
            self._unmasked[pane.masked] = self.desk.unmask(review, pane.masked)
            self._reading = evidence_pane(review, at, self._clock.now(), unmasked=self._unmasked)

    def read_steps(self) -> None:
        """Show what the agent has done so far."""
        with self._changing():
            self._read_beside(steps_pane(self._at_hand(even_lost=True)))

    def read_reasons(self) -> None:
        """Show every reason in full."""
        with self._changing():
            self._read_beside(self._reasons())

    def _reasons(self) -> Pane:
        review, now = self._at_hand(even_lost=True), self._clock.now()
        policy = self.desk.policy(review.handling.policy_sha256)
        return reasons_pane(review, policy, now, overloaded=self._overloaded)

    def read_comments(self) -> None:
        """Show the notes of colleagues."""
        with self._changing():
            review = self._at_hand(even_lost=True)
            self._read_beside(comments_pane(review, self._clock.now()))

    def stop_reading(self) -> None:
        """Put the pane away."""
        with self._changing():
            self._read_beside(None)

    def object(self, notice: Notice, reason: str) -> None:
        """Hold something against what an agent told of. The agent gets the reason."""
        with self._changing():
            self.desk.object(notice, reason=reason)
            self._tell(f"objected; {visible(notice.agent)} gets your reason", "good")

    # ── time ─────────────────────────────────────────────────────────────────

    def active(self) -> None:
        """The reviewer did something. Call it as often as you like."""
        with self._lock:
            now = self._clock.now()
            if self._review is not None and now - self._active_at >= ACTIVITY_MS:
                back = self._paused(now)
                self._active_at = now
                self.desk.active(self._review)
                if back:
                    self._look_again()

    def looked_away(self, *, lost: bool) -> None:
        """The terminal lost or regained the focus."""
        with self._lock:
            if self._review is not None:
                self.desk.focus(self._review, lost=lost)
                self._look_again()
                self._away = lost

    def tick(self) -> None:
        """What time does: release what is due, keep the leases, sweep. Call it every second."""
        with self._changing():
            self._release_due()
            now = self._clock.now()
            if self._session is not None and now - self._beat_at >= self._beat_ms:
                self._beat_at = now
                self._keep(self._session)
            if self._queue and self._review is None:
                self._next(first=True)
            if now - self._swept_at >= SWEEP_MS:
                self._swept_at = now
                self.desk.sweep()
                self._look_again()

    def take_news(self) -> tuple[News, ...]:
        """What happened since the last call, oldest first. For a face that speaks in turns."""
        with self._lock:
            news, self._news = tuple(self._news), []
            return news
