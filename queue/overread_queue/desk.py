"""The reviewers' door: claim a batch, look, decide. It has no way to submit or to act."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol, overload

from overread_briefs import Action, action_sha256
from overread_briefs.fields import Parameters
from overread_queue.clock import Clock, new_id
from overread_queue.door import opened
from overread_queue.errors import (
    InvalidRequest,
    LeaseLost,
    NotFound,
    OverreadError,
)
from overread_queue.models import (
    Draft,
    Halt,
    Item,
    Notice,
    Receipt,
    Review,
    Session,
    SessionSummary,
)
from overread_queue.probing.folding import fold
from overread_queue.probing.releasing import practice
from overread_queue.reviewing.deciding import Desk, Seen, draft_of
from overread_queue.reviewing.desk_judging import JudgingSide
from overread_queue.reviewing.entrance import reviewer_at
from overread_queue.reviewing.judging import begin, differing
from overread_queue.reviewing.looking import escalation, in_hand, own_review
from overread_queue.reviewing.masking import Classes, check_unmasked, masked_action, unmasking
from overread_queue.reviewing.noticing import object_to
from overread_queue.reviewing.options import AFTERWARDS, changes, chosen, edited
from overread_queue.reviewing.owner_word import tell_owner
from overread_queue.reviewing.snapshot import (
    case_of,
    hidden_in,
    item_now,
    options_of,
    review_of,
    sensitive_in,
)
from overread_queue.reviewing.summary import summary_of
from overread_queue.routing.order import batch
from overread_queue.states import EscalationState
from overread_queue.stopping.halting import stop
from overread_queue.store.rows import Ready

MAX_COMMENT = 2000

ItemLike = Item | str


class _OpensDesk(Protocol):
    def __call__(
        self, path: str | Path, *, reviewer: str | None = None, clock: Clock | None = None
    ) -> ReviewDesk: ...


class _Open:
    """`ReviewDesk.open(path, …)` opens the door; `desk.open(item)` opens an item behind it."""

    @overload
    def __get__(self, desk: None, owner: type[ReviewDesk]) -> _OpensDesk: ...
    @overload
    def __get__(
        self, desk: ReviewDesk, owner: type[ReviewDesk]
    ) -> Callable[[ItemLike], Review]: ...
    def __get__(
        self, desk: ReviewDesk | None, owner: type[ReviewDesk]
    ) -> _OpensDesk | Callable[[ItemLike], Review]:
        return functools.partial(_open_desk, owner) if desk is None else desk._open_item


class ReviewDesk(JudgingSide):
    """One reviewer's side of a desk. Safe to call from several threads; calls take milliseconds."""

    open = _Open()

    # -- sessions and claims

    def start_session(
        self, max_items: int | None = None, max_minutes: float | None = None
    ) -> Session:
        """Claim a batch of what is waiting, which may be empty: never more than the policy,
        the rest of the day and the time until a break have room for.

        Raises `CapReached` at a limit of the day. A session of the same reviewer that is still
        open, here or in another console, ends: its items come back and its decisions are refused
        from now on.
        """
        self._release_what_can_be()
        with self._at_work() as desk:
            tx, now = desk.mover.tx, desk.mover.now
            self._watch.write_down(tx)
            desk.load().check()
            desk.end_open_session()
            session = new_id(now)
            tx.desk.add_session(session, self.name, now=now)
            rows = [
                desk.claim(escalation(tx, one.id), session)
                for one in self._fitting(desk, max_items, max_minutes)
            ]
            self._claimed |= {row.id: row.fence for row in rows}
            items = tuple(item_now(tx, row) for row in rows)
            expected = sum(desk.expected_seconds(row) for row in rows)
        return Session(session, self.name, now, items, expected)

    def claim(self, id: str) -> Item:
        """Claim one item now, such as an urgent one.

        Raises `LeaseLost` where somebody else has it, `MoveRefused` where it is closed,
        `CapReached` at a limit of the day or of the session, `SelfApproval` and `NotAllowed`.
        """
        with self._at_work(about=id) as desk:
            tx = desk.mover.tx
            row = escalation(tx, id)
            self._view.check_may_claim(tx, row)
            self._watch.write_down(tx)
            session = tx.desk.open_session(self.name)
            desk.load().check(session.active_ms if session else 0)
            claimed = desk.claim(row, session.id if session else None)
            self._claimed[id] = claimed.fence
            return item_now(tx, claimed)

    def heartbeat(self, session: Session) -> tuple[Item, ...]:
        """Keep the leases of a session; gives the items that are still this reviewer's."""
        with self._at_work() as desk:
            self._watch.write_down(desk.mover.tx)
            tx, until = desk.mover.tx, desk.lease_until()
            mine = [r for r in tx.escalations.leased_by(self.name) if r.session == session.id]
            kept = [tx.escalations.extend(desk.leased(row), lease_until=until) for row in mine]
            return tuple(item_now(tx, row) for row in kept if row is not None)

    def end_session(self, session: Session) -> SessionSummary:
        """Give back what was not decided, and say what the session came to, its tests included."""
        self._release_what_can_be()
        summary = self._sum_up(session)
        with suppress(OverreadError):  # The next sweep folds what cannot be folded now.
            fold(self._ground)
        return summary

    # -- one escalation

    def _open_item(self, item: ItemLike) -> Review:
        """The snapshot to decide on.

        Raises `LeaseLost` unless it is claimed by this reviewer, and `CapReached` for an item that
        was not open yet where the session has had its time.
        """
        id = _id(item)
        with self._at_work(about=id) as desk:
            tx, now = desk.mover.tx, desk.mover.now
            self._watch.write_down(tx)
            if in_hand(tx, item, self.name).state is not EscalationState.CLAIMED:
                raise LeaseLost("escalation", id)
            case = case_of(self._ground, tx, id)
            before = tx.reviews.latest(id, self.name)
            review = before
            if review is None or review.closed_at is not None:
                desk.check_session(case.row)
                review = begin(self._ground, desk.mover, case, before)
            self._watch.start(review, now)
            return review_of(self._ground, tx, case, review, draft_of(before))

    def unmask(self, review: Review, evidence: str) -> str:
        """Sensitive content, for this reviewer, now. Written down as an event.

        Raises `LeaseLost` unless they have the escalation in hand.
        """
        with self._at_work(about=review.item.id) as desk:
            in_hand(desk.mover.tx, review.item, self.name)
            case = case_of(self._ground, desk.mover.tx, review.item.id)
            found = next((one for one in case.brief.evidence if one.id == evidence), None)
            if found is None or found.content is None:
                raise NotFound("evidence content", evidence)
            desk.mover.note("unmasked", case.row, {"evidence": evidence})
            self._watch.unmasked(review.id, evidence)
            return found.content

    def unmask_parameter(self, review: Review, name: str) -> Review:
        """The review with a masked value shown, for this look. Written down as an event.

        Raises `NotFound` for what is not masked, and `LeaseLost` unless the escalation is in hand.
        """
        with self._in_review(review) as (desk, case, stored):
            if name not in sensitive_in(case):
                raise NotFound("masked parameter", name)
            desk.mover.note("unmasked", case.row, {"parameter": name})
            shown = unmasking(stored, name)
            desk.mover.tx.reviews.seen(shown, more_ms=0)
            return self._as_it_is(desk, case, shown)

    def comment(self, item: ItemLike, text: str) -> None:
        """Leave a note that travels with the escalation."""
        _check_words(text, "a comment")
        with self._at_work(about=_id(item)) as desk:
            desk.comment(escalation(desk.mover.tx, _id(item)), text)

    # -- deciding

    def preview(self, review: Review, option: str, parameters: Parameters | None = None) -> Action:
        """The exact action that this choice would execute, its masked values masked. Raises
        `InvalidRequest`, also for a change to what is masked."""
        executed, hidden = self._would_execute(review, option, parameters)
        return masked_action(executed, hidden)

    def digest(self, review: Review, option: str, parameters: Parameters | None = None) -> str:
        """Digest of that action, whole. Raises `InvalidRequest`."""
        executed, _ = self._would_execute(review, option, parameters)
        return action_sha256(executed)

    def decide(
        self,
        review: Review,
        *,
        option: str,
        parameters: Parameters | None = None,
        reason: str = "",
    ) -> Receipt:
        """Choose. Approve and modify are held for the undo window; the rest is recorded at once.

        `parameters` are those to replace. Raises `InvalidRequest`, `LeaseLost` for a stale console,
        `MoveRefused` for an escalation that is closed, `Tampered` where the database no longer says
        what the review showed. Approve and modify also raise what `standing` names: a `NotYet`,
        `CapReached`, or `Halted` where the agent is stopped.
        """
        self.active(review)
        with self._at_work(about=review.item.id) as desk:
            tx = desk.mover.tx
            self._watch.write_down(tx)
            stored = own_review(tx, review.id, self.name)
            return desk.settle(
                stored,
                Draft(option, parameters, reason),
                Seen.of(review),
                latest_at=self._watch.latest_at(review.id),
            )

    def confirm(self, what: Review | ItemLike, *, reason: str = "") -> Receipt:
        """What an agent did, tentatively or by itself, was right. Claim it first."""
        return self._afterwards(what, 0, reason)

    def disagree(self, what: Review | ItemLike, *, reason: str) -> Receipt:
        """It was wrong: a tentative action is taken back, an audited one is counted."""
        return self._afterwards(what, 1, reason)

    def undo(self, receipt: Receipt) -> Item:
        """Take a held approval back; the item is this reviewer's again. Raises `LeaseLost` after
        the window."""
        with self._at_work(about=receipt.escalation) as desk:
            tx = desk.mover.tx
            item = item_now(tx, desk.undo(escalation(tx, receipt.escalation)))
        # Otherwise a row that somebody sets back to held would be signed after all.
        self._held.pop(receipt.escalation, None)
        return item

    def hand_on(self, item: ItemLike, *, reason: str) -> Receipt:
        """To the senior pool; the second time to the policy's owner."""
        _check_words(reason, "the reason, which the next person reads first,")
        with self._at_work(about=_id(item)) as desk:
            self._watch.write_down(desk.mover.tx)
            case = case_of(self._ground, desk.mover.tx, in_hand(desk.mover.tx, item, self.name).id)
            return desk.hand_on(case, reason)

    def object(self, notice: Notice | str, *, reason: str) -> None:
        """Hold something against an action that an agent told of. Its agent gets the reason.

        Raises `NotFound`, and `InvalidRequest` for what is no notice.
        """
        _check_words(reason, "the reason, which the agent gets,")
        with self._at_work() as desk:
            id = notice if isinstance(notice, str) else notice.proposal
            object_to(desk.mover, id, reviewer=self.name, reason=reason)

    def tell_owner(self, summary: SessionSummary) -> None:
        """Tell the agent's owner that the brief read longest in a session was hard to read."""
        with self._at_work() as desk:
            tell_owner(desk.mover, summary.longest_item, reviewer=self.name)

    def snooze(self, item: ItemLike, *, until: int, reason: str) -> None:
        """Put it away until a moment before its deadline (UTC milliseconds)."""
        _check_words(reason, "the reason, which the next person reads first,")
        with self._at_work(about=_id(item)) as desk:
            self._watch.write_down(desk.mover.tx)
            desk.snooze(in_hand(desk.mover.tx, item, self.name), until, reason)

    def release(self, item: ItemLike) -> None:
        """Give it back undecided."""
        with self._at_work(about=_id(item)) as desk:
            self._watch.write_down(desk.mover.tx)
            desk.put_back("released", in_hand(desk.mover.tx, item, self.name))

    # -- stopping

    def stop(self, agent: str | None, *, reason: str = "") -> Halt:
        """Stop an agent, or the whole desk for None, until a lead lifts it; once is enough.

        Nothing that anybody asked or decided is lost: no approval reaches a stopped agent, and
        every call of its own says so. Raises `NotAllowed` for an agent that is not registered.
        """
        if agent is not None:
            self._ground.roster().agent(agent)
        with self._at_work() as desk:
            halt = stop(self._ground, desk.mover, agent, by=self.name, reason=reason)
        self._ground.witness()
        return halt

    # -- inside

    def _sum_up(self, session: Session) -> SessionSummary:
        with self._at_work() as desk:
            tx, now = desk.mover.tx, desk.mover.now
            self._watch.write_down(tx)
            desk.give_back(lambda row: row.session == session.id)
            tx.desk.end_session(session.id, now=now)
            stored = tx.desk.session(session.id)
            if stored is None:
                raise NotFound("session", session.id)
            tests = tx.probes.answered_in(session.id)
            overloaded = self._view.overloaded(tx, self._view.ready(tx))
            return summary_of(
                stored,
                tx.reviews.in_session(session.id),
                ended_at=now,
                differing=differing(tx, stored),
                tests=len(tests),
                practice=practice(tx, tests[0].mutation) if tests else "",
                break_seconds=desk.load().break_seconds(overloaded=overloaded),
            )

    def _release_what_can_be(self) -> None:
        """An approval that is refused its release is written down, and keeps no session open."""
        with suppress(OverreadError):
            self.release_due()

    def _would_execute(
        self, review: Review, option: str, parameters: Parameters | None
    ) -> tuple[Action, Classes]:
        """The action, and what of it is hidden from this reviewer."""
        with self._ground.store.read() as tx:
            case = case_of(self._ground, tx, review.item.id)
            hidden = hidden_in(case, own_review(tx, review.id, self.name))
        selected = chosen(options_of(case), option)
        check_unmasked(changes(selected, parameters), hidden)
        return edited(case.brief.action, selected, parameters), hidden

    def _fitting(self, desk: Desk, max_items: int | None, max_minutes: float | None) -> list[Ready]:
        """What the session that begins now takes, in order."""
        tx, load, friction = desk.mover.tx, desk.load(), self._ground.policy().friction
        ready = self._view.ready(tx)
        items = (friction.session_items, load.items_left(), max_items)
        left = load.seconds_left(overloaded=self._view.overloaded(tx, ready)) / 60
        minutes = (friction.session_minutes, left, max_minutes)
        return batch(
            ready,
            max_items=min(most for most in items if most is not None),
            max_minutes=min(most for most in minutes if most is not None) / load.multiplier,
        )

    def _afterwards(self, what: Review | ItemLike, at: int, reason: str) -> Receipt:
        """Choose the first or the second of the two answers to what was done already."""
        review = what if isinstance(what, Review) else self._open_item(what)
        answers = AFTERWARDS.get(review.handling.kind)
        if answers is None:
            raise InvalidRequest(f"{review.item.id} was not done yet: decide() it")
        return self.decide(review, option=answers[at].key, reason=reason)


def _open_desk(
    owner: type[ReviewDesk],
    path: str | Path,
    *,
    reviewer: str | None = None,
    clock: Clock | None = None,
) -> ReviewDesk:
    return opened(path, clock, lambda ground: owner(ground, reviewer_at(ground, reviewer)))


def _check_words(text: str, what: str) -> None:
    if not 0 < len(text.strip()) <= len(text) <= MAX_COMMENT:
        raise InvalidRequest(f"{what} has 1 to {MAX_COMMENT} characters")


def _id(item: ItemLike) -> str:
    return item if isinstance(item, str) else item.id
