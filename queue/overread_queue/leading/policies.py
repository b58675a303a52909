"""The leads' door to the policy: checked, signed, put into force, replayed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from overread_briefs.fields import Parameters
from overread_queue.errors import NotAllowed
from overread_queue.files import replace_file
from overread_queue.leading.side import OfficeSide
from overread_queue.policy.diff import PolicyDiff, diff
from overread_queue.policy.load import keep_policy
from overread_queue.policy.model import Policy
from overread_queue.policy.prove import proven_policy
from overread_queue.policy.replay import RecordedAction, Replay, simulate
from overread_queue.reviewing.entrance import signer_of
from overread_queue.store.events import Event
from overread_queue.store.truths import TruthRow, settled
from overread_queue.trust.signoff import Signoff, Statement, sign_off, signoffs_for


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a policy still needs before it may come into force."""

    policy: Policy
    difference: PolicyDiff
    """Against the policy in force."""
    signed: tuple[Signoff, ...]
    missing: tuple[str, ...]
    """Roles that have not signed yet."""

    @property
    def one_person(self) -> bool:
        """Whether several roles signed, and all of them by the same hand."""
        return len(self.signed) > 1 and len({one.statement.reviewer for one in self.signed}) == 1


class PolicySide(OfficeSide):
    """One lead at the policy. Anybody in the roster may look; changing needs sign-offs."""

    def policy(self) -> Policy:
        """The policy in force."""
        return self._ground.policy()

    def readiness(self, data: bytes, *, source: str) -> Readiness:
        """Check a candidate, and say who must still sign it.

        Raises `InvalidPolicy` for one that does not hang together or cannot be proven, and `Forged`
        for a sign-off that is not genuine.
        """
        roster, now = self._ground.roster(), self._ground.clock.now()
        held = {role for one in roster.reviewers.values() for role in one.roles}
        policy, _ = proven_policy(data, source=source, roles=held)
        active = self._ground.policy()
        difference = diff(active, policy)
        # The policy in force says who must agree to its successor, not the successor itself.
        needed = dict.fromkeys(active.signoff.activate)
        if difference.loosens:
            needed |= dict.fromkeys(active.signoff.loosen)
        signed = signoffs_for(
            self._ground.places, roster, policy.sha256, replaces=active.sha256, now=now
        )
        have = {one.statement.role for one in signed}
        missing = tuple(role for role in needed if role not in have)
        return Readiness(policy, difference, tuple(signed), missing)

    def sign(self, data: bytes, *, role: str, source: str) -> Signoff:
        """Stand in a role for exactly these bytes, in place of the ones in force.

        Raises `NotAllowed`, `InvalidPolicy`.
        """
        key = signer_of(self._ground, self._reviewer).key
        with self._ground.write(self._actor) as tx:
            now = self._ground.clock.now()
            statement = Statement(
                desk=self._ground.desk_id,
                policy_sha256=self.readiness(data, source=source).policy.sha256,
                replaces=self.policy().sha256,
                role=role,
                reviewer=self._reviewer.name,
                signed_at=now,
            )
            detail: Parameters = {"policy_sha256": statement.policy_sha256, "role": role}
            tx.events.add(Event("policy_signed", self._actor, now, detail=detail))
            return sign_off(self._ground.places, statement, self._reviewer, key)

    def activate(self, data: bytes, *, source: str) -> Readiness:
        """Put a policy into force.

        Raises `NotAllowed` while a sign-off is missing, or where all are by one person.
        """
        with self._ground.write(self._actor) as tx:
            self._need_lead()
            ready = self.readiness(data, source=source)
            if ready.missing:
                raise NotAllowed(
                    f"{', '.join(ready.missing)} must sign this policy first: "
                    f"`overread policy sign {source} --role ROLE`"
                )
            self._need_two(ready)
            now, after = self._ground.clock.now(), ready.policy.sha256
            detail: Parameters = {
                "before": self._ground.policy().sha256,
                "after": after,
                "loosened": len(ready.difference.loosened),
            }
            tx.desk.add_policy(after, data, now=now)
            tx.events.add(Event("policy_activated", self._actor, now, detail=detail))
            # The one before, too: it may have been put in place by hand.
            for body in (self._ground.policy().body, data):
                keep_policy(self._ground.places.policies, body)
            # Last, so that a policy that cannot be put in place leaves no event that says it was.
            replace_file(self._ground.places.policy_file, data)
        return ready

    def simulate(self, data: bytes, *, source: str, since: int) -> Replay:
        """Replay what was proposed since a moment, and is over, under another policy."""
        candidate, _ = proven_policy(data, source=source)
        with self._ground.store.read() as tx:
            rows = tx.actions.recorded(since=since, now=self._ground.clock.now())
            words = tx.truths.of_proposals(since=since)
        kept = [
            RecordedAction(one.id, json.loads(one.inputs), _bad(words.get(one.id, ())))
            for one in rows
            if one.inputs
        ]
        return simulate(candidate, self._ground.policy(), kept)

    # -- inside

    def _need_two(self, ready: Readiness) -> None:
        """Several roles are there so that several people look; a single operator has no second."""
        if ready.one_person and not self._ground.roster().single_operator:
            alone = ready.signed[0].statement.reviewer
            raise NotAllowed(
                f"{alone} signed in every role; somebody else must sign in one of them"
            )


def _bad(words: Iterable[TruthRow]) -> bool | None:
    """None where nobody knows."""
    truth = settled(words)
    return None if truth is None else truth == "wrong"
