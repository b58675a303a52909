"""The leads' door: the policy, oversight's health, blind tests, the truth, exports, records."""

from __future__ import annotations

from pathlib import Path

from overread_queue.exporting.side import ExportSide
from overread_queue.health.alarm_side import AlarmSide
from overread_queue.health.crew_side import CrewSide
from overread_queue.health.side import HealthSide
from overread_queue.keeping.records import RecordsSide
from overread_queue.leading.audit_key import AuditKeySide
from overread_queue.leading.policies import PolicySide
from overread_queue.models import Halt, Lifted
from overread_queue.policy.controls import Mark, load_controls, mark
from overread_queue.probing.side import ProbeSide
from overread_queue.reviewing.entrance import signer_of
from overread_queue.searching.side import SearchSide
from overread_queue.stopping.breaker import Breaker, breakers
from overread_queue.stopping.breaking import break_glass, look_at
from overread_queue.stopping.halting import lift, standing_halts, stop
from overread_queue.store.records import BreachRow, VerdictRow
from overread_queue.store.rows import Unclaimed
from overread_queue.telemetry.side import TelemetrySide
from overread_queue.truth.side import TruthSide


class LeadOffice(
    PolicySide,
    AuditKeySide,
    AlarmSide,
    HealthSide,
    CrewSide,
    ProbeSide,
    TruthSide,
    ExportSide,
    SearchSide,
    TelemetrySide,
    RecordsSide,
):
    """One lead's side of a desk. Anybody in the roster may look; changing needs the role."""

    # -- what went wrong

    def breaches(self, *, since: int = 0) -> tuple[BreachRow, ...]:
        """Missed deadlines by workflow and action type, most first."""
        with self._ground.store.read() as tx:
            return tuple(tx.records.breaches(since=since))

    def verdicts(self, *, since: int = 0) -> tuple[VerdictRow, ...]:
        """What was answered, by action type, once the session is over; `timed_out` stands beside
        `reject`, never in it."""
        with self._ground.store.read() as tx:
            return tuple(tx.records.verdicts(since=since, now=self._ground.clock.now()))

    def breakers(self) -> tuple[Breaker, ...]:
        """Circuit breakers, the open ones and the lifted ones."""
        with self._ground.store.read() as tx:
            return breakers(self._ground, tx)

    def undelivered(self, *, older_than_seconds: float = 0) -> tuple[Unclaimed, ...]:
        """Approvals that no agent has carried out, and answers that none could be told, of sessions
        that are over; oldest first."""
        now = self._ground.clock.now()
        before = now - round(older_than_seconds * 1000)
        with self._ground.store.read() as tx:
            return tuple(tx.decisions.waiting_for_agent(before=before, now=now))

    def halt(self, agent: str | None, *, reason: str = "") -> Halt:
        """Stop an agent, or the whole desk for None. Anybody in the roster may."""
        if agent is not None:
            self._ground.roster().agent(agent)
        with self._ground.write(self._actor) as tx:
            name = self._reviewer.name
            halt = stop(self._ground, self._mover(tx), agent, by=name, reason=reason)
        self._ground.witness()
        return halt

    def halts(self) -> tuple[Halt, ...]:
        """What is stopped now, oldest first."""
        with self._ground.store.read() as tx:
            return standing_halts(self._ground, tx)

    def lift(self, agent: str | None) -> Lifted:
        """Trust an agent again, or the desk for None: its halt and its circuit breaker end.

        It is signed with this lead's key. Raises `InvalidRequest` where neither is there to lift,
        `NotAllowed` for who is no lead, or cannot sign.
        """
        with self._ground.write(self._actor) as tx:
            self._need_lead()
            signer = signer_of(self._ground, self._reviewer)
            return lift(self._ground, self._mover(tx), agent, signer)

    # -- what could not wait

    def break_glass(self, escalation: str, *, reason: str) -> None:
        """Decide alone, at this lead's own desk, on an open escalation that others would decide.

        Raises `NotAllowed` without the role or where the policy has no `break_glass`,
        `SelfApproval`, `InvalidRequest` without a reason. Everybody is told, and the desk shows it
        until another lead calls `look_at`.
        """
        with self._ground.write(self._actor, about=escalation) as tx:
            self._need_lead()
            break_glass(
                self._ground, self._mover(tx), self._reviewer.name, escalation, reason=reason
            )

    def look_at(self, escalation: str) -> None:
        """Another lead's glass was looked at. Raises `NotFound`, and `NotAllowed` for one's own."""
        with self._ground.write(self._actor, about=escalation) as tx:
            self._need_lead()
            look_at(self._mover(tx), self._reviewer.name, escalation)

    # -- for auditors

    def evidence(self, *, since: int, until: int, controls: Path | None = None) -> tuple[Mark, ...]:
        """Each control as evidenced, partial, or without data in the period, by what is over."""
        self._catch_up()
        with self._ground.store.read() as tx:
            now = self._ground.clock.now()
            counts = tx.records.counts(since=since, until=until, now=now)
        return mark(load_controls(controls), counts)
