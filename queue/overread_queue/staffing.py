"""Who may decide and who may ask, changed by those who may change it, and written down."""

from __future__ import annotations

import getpass
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from overread_briefs.fields import Parameters
from overread_queue.clock import Clock
from overread_queue.door import Door, opened
from overread_queue.errors import InvalidRequest, NotAllowed
from overread_queue.ground import Ground
from overread_queue.reviewing.entrance import reviewer_at, signer_of
from overread_queue.states import OPEN
from overread_queue.store import Transaction
from overread_queue.store.events import Event
from overread_queue.trust.keys import blob_of, fingerprint, generate, replace_private
from overread_queue.trust.lending import Loan, lend
from overread_queue.trust.people import LEAD, Agent, Reviewer
from overread_queue.trust.roster import Roster, drop_agent, put_agent, put_reviewer


class Staff(Door):
    """The rosters of a desk, behind a lead. A desk that has no lead yet lets whoever keeps it in.

    Every change is one event and one replaced file, and a change that cannot be put in place
    leaves no event.
    """

    def __init__(self, ground: Ground, reviewer: Reviewer | None) -> None:
        super().__init__(ground)
        self._reviewer = reviewer
        self._actor = f"lead:{reviewer.name}" if reviewer else f"user:{getpass.getuser()}"

    @classmethod
    def open(
        cls, path: str | Path, *, reviewer: str | None = None, clock: Clock | None = None
    ) -> Self:
        """The door of `reviewer`, or of whoever runs this program. Raises `NotAllowed`."""
        return opened(path, clock, lambda ground: cls(ground, _keeper(ground, reviewer)))

    # -- people

    def add_reviewer(self, new: Reviewer) -> Reviewer:
        """Let somebody decide. Without a public key of theirs, one is made on this machine.

        Raises `InvalidRequest` where the name, or one that looks the same, is taken.
        """
        with self._changing() as change:
            self._need_lead()
            roster = change.roster
            _check_new(new.name, {*roster.reviewers, *roster.agents})
            for line in new.keys:
                _check_free(line, roster)
            if not new.keys:
                line = generate(self._ground.places.key(new.name), new.name)
                new = new.model_copy(update={"keys": (line,)})
            change.note(
                "reviewer_added", {"reviewer": new.name, "roles": list(new.roles), **_keys(new)}
            )
            put_reviewer(self._ground.places, new)
        return new

    def revoke(self, name: str, *, compromised: bool = False) -> tuple[str, ...]:
        """From now on this person decides nothing, and no approval of theirs is acted on any more.

        What else they signed still verifies, unless their keys are `compromised`. Gives the roles
        that the policy needs and nobody holds after this. Raises `NotAllowed` for the last lead.
        """
        with self._changing() as change:
            self._need_lead()
            old, now = change.roster.reviewer(name), change.now
            if leads(change.roster, now) == {name}:
                raise NotAllowed(f"{name} is the last lead; make somebody else one first")
            gone = old.model_copy(update={"revoked_at": now}) if not old.revoked(now) else old
            if compromised:
                gone = gone.retire_keys(now, compromised=True)
            change.note(
                "reviewer_revoked", {"reviewer": name, "compromised": compromised, **_keys(old)}
            )
            put_reviewer(self._ground.places, gone)
        return self.unheld_roles()

    def rotate(self, name: str, *, line: str | None = None, compromised: bool = False) -> Reviewer:
        """Another key in place of all earlier ones: `line`, or one made on this machine.

        What the earlier ones signed still verifies, unless they are `compromised`. Everybody may
        rotate their own. The private half that lay beside the desk is gone afterwards.
        """
        kept = self._ground.places.key(name)
        fresh = kept.with_name(f"{kept.name}.next")
        with self._changing() as change:
            old = change.roster.reviewer(name)
            if self._reviewer is None or self._reviewer.name != name:
                self._need_lead()
            if line is not None:
                _check_free(line, change.roster)
            replace_private(fresh, None)  # what a rotation that failed left behind
            new = old.retire_keys(change.now, compromised=compromised)
            new = new.model_copy(update={"keys": (line or generate(fresh, name),)})
            change.note("key_rotated", {"reviewer": name, "compromised": compromised, **_keys(new)})
            put_reviewer(self._ground.places, new)
        replace_private(kept, None if line else fresh)
        return new

    def lend(self, role: str, *, to: str, until: int) -> Loan:
        """Let a colleague decide in a role of one's own, until a moment (UTC milliseconds).

        It never counts for an agent of either of the two. Lending again moves the end; an end
        that has passed ends it now. Raises `NotAllowed` for a role that is not one's own.
        """
        me = self._reviewer
        if me is None or role not in me.roles:
            raise NotAllowed(f"only somebody who holds the role {role!r} can lend it, in person")
        with self._changing() as change:
            found = change.roster.reviewer(to)
            if found.name == me.name or not found.in_force(change.now):
                raise InvalidRequest(f"{to} cannot borrow it: somebody else who may decide now can")
            running = change.roster.lent_to(to, change.now)
            earlier = [one.since for one in running if (one.lender, one.role) == (me.name, role)]
            if not earlier and until <= change.now:
                raise InvalidRequest("a loan ends in the future")
            loan = Loan(
                desk=self._ground.desk_id,
                role=role,
                lender=me.name,
                borrower=to,
                since=min(earlier, default=change.now),
                until=max(until, change.now),
            )
            change.note("role_lent", loan.model_dump(exclude={"desk"}))
            lend(self._ground.places, loan, signer_of(self._ground, me).key)
        return loan

    def unheld_roles(self) -> tuple[str, ...]:
        """Roles that some pool needs and nobody holds who can sign now."""
        now, people = self._ground.clock.now(), self._ground.roster().reviewers.values()
        held = {role for one in people if one.keys and one.in_force(now) for role in one.roles}
        return tuple(sorted(self._ground.policy().roles - held))

    # -- agents

    def add_agent(self, new: Agent) -> None:
        """Let a program ask. Raises `InvalidRequest` as `add_reviewer` does."""
        with self._changing() as change:
            self._need_lead()
            _check_new(new.name, {*change.roster.agents, *change.roster.reviewers})
            change.note(
                "agent_added", {"agent": new.name, "actions": list(new.actions), **_key(new)}
            )
            put_agent(self._ground.places, new)

    def remove_agent(self, name: str) -> None:
        """It may not ask any more, and no decision for it verifies any more.

        Raises `InvalidRequest` while it has open questions.
        """
        with self._changing() as change:
            self._need_lead()
            change.roster.agent(name)
            self._need_none_open(change.tx, name)
            change.note("agent_removed", {"agent": name})
            drop_agent(self._ground.places, name)

    def key_agent(self, name: str, line: str | None) -> None:
        """From now on only submissions signed with this key count; None lets unsigned ones in.

        Raises `InvalidRequest` while it has open questions: they were handed in under the rule
        that this replaces, and nobody could open them.
        """
        with self._changing() as change:
            self._need_lead()
            old = change.roster.agent(name)
            self._need_none_open(change.tx, name)
            if line is not None:
                _check_free(line, change.roster)
            new = Agent.model_validate({**old.model_dump(), "name": name, "key": line})
            change.note("agent_keyed", {"agent": name, **_key(new)})
            put_agent(self._ground.places, new)

    # -- inside

    @contextmanager
    def _changing(self) -> Iterator[Change]:
        """One change at a time, of all programs: a roster is read, recorded and replaced under the
        database's own write lock."""
        with self._ground.write(self._actor) as tx:
            yield Change(tx, self._actor, self._ground.clock.now(), self._ground.roster())

    def _need_lead(self) -> None:
        if self._reviewer is not None and LEAD not in self._reviewer.roles:
            raise NotAllowed(f"{self._reviewer.name} does not hold the role {LEAD!r}; ask a lead")

    def _need_none_open(self, tx: Transaction, name: str) -> None:
        for state in OPEN:
            if tx.escalations.newest(state, most=1, agent=name):
                raise InvalidRequest(
                    f"{name} has open questions; let them be answered, or withdraw them, first"
                )


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a roster, inside one transaction."""

    tx: Transaction
    actor: str
    now: int
    roster: Roster

    def note(self, kind: str, detail: Parameters) -> None:
        """Before the file is replaced, so that one that cannot be leaves no event."""
        self.tx.events.add(Event(kind, self.actor, self.now, detail=detail))


def _keeper(ground: Ground, name: str | None) -> Reviewer | None:
    if name is None and not leads(ground.roster(), ground.clock.now()):
        return None
    return reviewer_at(ground, name)


def leads(roster: Roster, at: int) -> frozenset[str]:
    """Who may change things for everybody."""
    people = roster.reviewers.values()
    return frozenset(one.name for one in people if LEAD in one.roles and one.in_force(at))


def _check_new(name: str, taken: Collection[str]) -> None:
    """Names are compared without case: `Ana` and `ana` would be one person to every reader."""
    for other in taken:
        if other.lower() == name.lower():
            raise InvalidRequest(f"{other} is on this desk already; choose another name")


def _check_free(line: str, roster: Roster) -> None:
    """A key proves who signed only while it is, and was, nobody else's and nothing else's."""
    programs = {blob_of(one.key) for one in roster.agents.values() if one.key}
    if blob_of(line) in {*roster.signers, *roster.desk_keys, *programs}:
        raise InvalidRequest(f"{fingerprint(line)} is or was a key of this desk; give another one")


def _keys(reviewer: Reviewer) -> Parameters:
    return {"keys": [fingerprint(line) for line in reviewer.keys]}


def _key(agent: Agent) -> Parameters:
    return {"key": fingerprint(agent.key) if agent.key else None}
