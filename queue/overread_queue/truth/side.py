"""The leads' door to what was really right."""

from __future__ import annotations

from collections.abc import Iterable

from overread_queue.errors import NotAllowed
from overread_queue.leading.audit_key import AuditKeys
from overread_queue.leading.side import OfficeSide
from overread_queue.store import Transaction
from overread_queue.store.truths import Source, Truth, TruthRow, Unjudged
from overread_queue.truth.calibrating import SETTLING_DAYS, Advice, advise
from overread_queue.truth.choosing import first_few, place
from overread_queue.truth.drafting import with_threshold
from overread_queue.truth.sampling import samples
from overread_queue.truth.sight import sight_of
from overread_queue.truth.words import Known, known, write_down

DAY_MS = 86_400_000


class TruthSide(OfficeSide):
    """One lead at the truth. Looking is for everybody in the roster, judging for leads."""

    def adjudicate(
        self,
        escalation: str,
        truth: Truth,
        source: Source,
        *,
        harmful: bool = False,
        loss: float | None = None,
        note: str = "",
    ) -> Known:
        """Say whether what the agent proposed was right, whatever people made of it.

        A later word of the same source takes the earlier one's place; both are kept. Raises
        `NotAllowed` without the role, `NotFound`, and `InvalidRequest` for what is still open.
        """
        with self._ground.write(self._actor, about=escalation) as tx:
            self._need_lead()
            now, by = self._ground.clock.now(), self._reviewer.name
            word = TruthRow(escalation, truth, source, harmful, loss, now, by, note)
            write_down(self._mover(tx), word)
            return known(tx, escalation)

    def truth_of(self, escalation: str) -> Known:
        """What is known of one escalation. Raises `NotFound`."""
        with self._ground.store.read() as tx:
            return known(tx, escalation)

    def truths(self, since: int = 0) -> tuple[TruthRow, ...]:
        """The words said since a moment that still stand, oldest first."""
        with self._ground.store.read() as tx:
            return tuple(tx.truths.since(since))

    def worth_adjudicating(self, *, since: int = 0, most: int = 20) -> tuple[Unjudged, ...]:
        """What to find out next, in an order that nobody chooses.

        Raises `NotAllowed` where this process may not read the audit key.
        """
        with self._ground.store.read() as tx:
            keys = self._order_keys(tx)
            return first_few(
                keys, tx.truths.unjudged(since=since, now=self._ground.clock.now()), most=most
            )

    # -- what it says of the policy

    def calibration(self, *, since: int = 0) -> tuple[Advice, ...]:
        """What the truth about actions since a moment says of the policy's thresholds, one for each
        type of action. Nothing follows from it by itself. Raises `NotAllowed` as above."""
        policy = self._ground.policy()
        with self._ground.store.read() as tx:
            keys = self._order_keys(tx)
            ruling = tx.truths.ruling_since(policy.sha256)
            words = tx.truths.of_proposals(since=since)
            found = samples(
                tx.truths.population(since=since, now=self._ground.clock.now()),
                words,
                lambda one: place(keys, one.escalation or "", one.asked_at or 0),
            )
            sight = sight_of(tx, (label for one in found for label in one.labels))
        age = self._ground.clock.now() - (ruling or 0)
        fresh = age < SETTLING_DAYS * DAY_MS
        return tuple(advise(one, policy, sight, fresh=fresh) for one in found)

    def calibrated(self, advices: Iterable[Advice]) -> bytes:
        """The policy's file as it would be with this advice: a draft for `readiness` and `sign`."""
        policy = self._ground.policy()
        for one in advices:
            if one.to is not None:
                policy = with_threshold(policy, one.action_type, one.to)
        return policy.body

    # -- inside

    def _order_keys(self, tx: Transaction) -> AuditKeys:
        key = self._ground.audit_key(tx)
        if key is None:
            raise NotAllowed(
                "the order is drawn with the audit key, which cannot be read here; "
                "run this as the user who keeps the desk"
            )
        return AuditKeys.of(tx, key)
