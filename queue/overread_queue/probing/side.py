"""The leads' door to blind tests."""

from __future__ import annotations

from contextlib import suppress

from overread_queue.errors import InvalidRequest, NotAllowed, StoreError
from overread_queue.health.following import follow
from overread_queue.health.shares import Ratio
from overread_queue.leading.side import OfficeSide
from overread_queue.probing.making import Probe, get, make, note, seen
from overread_queue.probing.marks import seen_mark
from overread_queue.probing.mutations import Mutation
from overread_queue.probing.noticed import month_of, noticed
from overread_queue.probing.plan import Plan, plan
from overread_queue.probing.releasing import release_due, standing
from overread_queue.probing.results import (
    NO_ONE_PERSON,
    ProbeResults,
    metrics,
    released_at,
)
from overread_queue.states import Tier
from overread_queue.store import Transaction
from overread_queue.store.probes import ProbeRow

_DAY = 86_400_000
_PLAN_DAYS = 28


class ProbeSide(OfficeSide):
    """One lead at the library of tests, and at what may be told of them."""

    # -- the library, for leads only: whoever knows a test cannot be tested by it

    def make_probe(self, escalation: str, mutation: Mutation) -> Probe:
        """Make a test of a closed question; nobody meets it before it was found realistic.

        Raises `NotAllowed` without the role, `NotFound`, `Erased`, `InvalidRequest`, `Unsuited`.
        """
        with self._ground.write(self._actor, about=escalation) as tx:
            self._need_lead()
            made = make(self._mover(tx), escalation, mutation, by=self._reviewer.name)
            self._remember(tx, made.row.id)
            return made

    def probes(self) -> tuple[ProbeRow, ...]:
        """Every test that was made, oldest first. Raises `NotAllowed` without the role."""
        self._need_lead()
        with self._ground.store.read() as tx:
            return tuple(tx.probes.all())

    def probe(self, id: str) -> Probe:
        """One of them, to be read; whoever has read it never meets it among their own work.

        Raises `NotAllowed` without the role, `NotFound`.
        """
        with self._ground.write(self._actor) as tx:
            self._need_lead()
            found = seen(tx, get(tx, id))
            self._remember(tx, id)
            return found

    def check_probe(self, id: str, *, realistic: bool) -> ProbeRow:
        """Say whether people could tell it from real work; if not, nobody meets it.

        A later word takes the earlier one's place. Raises `NotAllowed` without the role,
        `NotFound`, and `InvalidRequest` for one that was retired or erased.
        """
        with self._ground.write(self._actor) as tx:
            self._need_lead()
            row, now = get(tx, id), self._ground.clock.now()
            if row.retired_at is not None or row.body is None:
                raise InvalidRequest(f"the test {id} was retired or erased; make another one")
            tx.probes.check(id, realistic=realistic, by=self._reviewer.name, now=now)
            note(self._mover(tx), "probe_checked", row)
            self._remember(tx, id)
            return get(tx, id)

    def retire_probe(self, id: str) -> ProbeRow:
        """Nobody meets it again. Doing it twice changes nothing.

        Raises `NotAllowed` without the role, `NotFound`.
        """
        with self._ground.write(self._actor) as tx:
            self._need_lead()
            row = get(tx, id)
            if tx.probes.retire(id, now=self._ground.clock.now()):
                note(self._mover(tx), "probe_retired", row)
            return get(tx, id)

    # -- what they say

    def probe_results(self) -> ProbeResults:
        """What may be told by now. Anybody in the roster may look: there is nobody in it."""
        # A disk that is full keeps nobody from reading what was told before.
        with suppress(StoreError):
            release_due(self._ground)
        with self._ground.store.read() as tx:
            wrong, good = standing(tx, "wrong"), standing(tx, "good")
            months = tx.folds.noticed(before=month_of(self._ground.clock.now()))
        return ProbeResults(
            metrics=metrics(wrong, good),
            noticed=noticed(Ratio(*month) for month in months),
            released=released_at(wrong, good),
            remarks=(NO_ONE_PERSON,),
            single_operator=self.single_operator,
        )

    def probe_plan(self) -> Plan:
        """When figures can be expected, by the policy and by what came in lately."""
        with suppress(StoreError):
            follow(self._ground)
        today = self._ground.clock.now() // _DAY
        days = (today - _PLAN_DAYS, today - 1)
        with self._ground.store.read() as tx:
            works, busy = tx.works.between(*days), tx.works.days(*days)
        hard = sum(one.items for one in works if one.tier is Tier.HARD_APPROVAL)
        return plan(
            share=self._ground.policy().friction.probe_fraction,
            items_a_day=hard / max(busy, 1),
            people=self._able(),
        )

    # -- inside

    def _remember(self, tx: Transaction, probe: str) -> None:
        """That this lead knows a test, without the name."""
        key = self._ground.probe_key()
        if key is None:
            raise NotAllowed(
                "who has met which test is kept under the desk's key, which cannot be read here; "
                "run this as the user who keeps the desk"
            )
        tx.folds.saw(seen_mark(key, self._reviewer.name, probe))

    def _able(self) -> int:
        """How many people hold a role that some pool asks for."""
        roles = {pool.role for pool in self._ground.policy().pools.values()}
        now = self._ground.clock.now()
        people = self._ground.roster().reviewers.values()
        return sum(1 for one in people if one.in_force(now) and roles & {*one.roles})
