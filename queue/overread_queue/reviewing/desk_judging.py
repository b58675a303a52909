"""What a reviewer does before an approval: look, judge, be shown the recommendation, challenge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from overread_queue.errors import NotFound
from overread_queue.friction.standing import standing
from overread_queue.models import Challenge, Review, Standing, Sureness, Workload
from overread_queue.reviewing.challenging import put_challenge, weakest_point
from overread_queue.reviewing.deciding import Desk, draft_of
from overread_queue.reviewing.desk_side import DeskSide
from overread_queue.reviewing.judging import commit, reveal
from overread_queue.reviewing.looking import own_review
from overread_queue.reviewing.readiness import facts_of
from overread_queue.reviewing.snapshot import Case, case_of, review_of
from overread_queue.routing.workload import load_of
from overread_queue.store.rows import ReviewRow


class JudgingSide(DeskSide):
    """Everything that an approval asks for beforehand. Saying no never needs any of it."""

    # -- what is measured

    def active(self, review: Review) -> None:
        """The reviewer did something: only time between such signs counts as review."""
        self._watch.active(review.id, self._ground.clock.now())

    def focus(self, review: Review, *, lost: bool) -> None:
        """The terminal lost or regained the focus."""
        self._watch.focus(review.id, self._ground.clock.now(), lost=lost)

    def evidence_opened(self, review: Review, evidence: str) -> None:
        """The reviewer opened one piece of evidence. Raises `NotFound` where there is no such."""
        if all(one.id != evidence for one in review.brief.evidence):
            raise NotFound("evidence", evidence)
        self._watch.active(review.id, self._ground.clock.now(), evidence=evidence)

    # -- what is asked

    def standing(self, review: Review) -> Standing:
        """What an approval of this review still asks for at this moment. Changes nothing."""
        now = self._ground.clock.now()
        with self._ground.store.read() as tx:
            seen = self._watch.seen(own_review(tx, review.id, self.name), now=now)
            case = case_of(self._ground, tx, seen.escalation)
            return standing(facts_of(self._ground, tx, case, seen, now=now))

    def judge(self, review: Review, *, option: str, confidence: Sureness) -> Review:
        """Commit to a first judgement where the recommendation is withheld. It never changes.

        Raises `InvalidRequest` where nothing is withheld or a judgement is there already.
        """
        with self._in_review(review) as (desk, case, stored):
            commit(desk, case, stored, option=option, confidence=confidence)
            return self._as_it_is(desk, case, stored)

    def reveal(self, review: Review) -> Review:
        """The review with its recommendation. Raises `JudgementFirst` where it is withheld yet."""
        with self._in_review(review) as (desk, case, stored):
            reveal(self._ground, desk.mover, case, stored)
            return self._as_it_is(desk, case, stored)

    def challenge(
        self, review: Review, *, weakest: str, wrong_if: str, changed: str = "", keep: bool = False
    ) -> Review:
        """Hold against one's own approval what speaks against it most.

        `weakest` is the id of a piece of evidence, or `missing: …` and what is missing. `changed`
        says what did since the first judgement. Raises `Boilerplate` for words that say nothing
        about this case; `keep` insists on those that may be kept.
        """
        with self._in_review(review) as (desk, case, stored):
            evidence, missing = weakest_point(case.brief, weakest)
            said = Challenge(wrong_if, evidence, missing, changed)
            put_challenge(desk, case, stored, said, keep=keep)
            return self._as_it_is(desk, case, stored)

    def workload(self) -> Workload:
        """This reviewer's day so far, against the policy's limits."""
        now = self._ground.clock.now()
        with self._ground.store.read() as tx:
            overloaded = self._view.overloaded(tx, self._view.ready(tx))
            return load_of(self._ground, tx, self.name, now=now).workload(overloaded=overloaded)

    # -- inside

    @contextmanager
    def _in_review(self, review: Review) -> Iterator[tuple[Desk, Case, ReviewRow]]:
        """Raises `LeaseLost` unless the review goes on and its reviewer has the item in hand."""
        self.active(review)
        with self._at_work(about=review.item.id) as desk:
            self._watch.write_down(desk.mover.tx)
            stored = own_review(desk.mover.tx, review.id, self.name)
            case = case_of(self._ground, desk.mover.tx, stored.escalation)
            desk.check_claimed(case.row, stored)
            yield desk, case, stored

    def _as_it_is(self, desk: Desk, case: Case, stored: ReviewRow) -> Review:
        return review_of(self._ground, desk.mover.tx, case, stored, draft_of(stored))
