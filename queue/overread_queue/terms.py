"""On whose terms an answer counts: the policy of the submission, and the one in force as well.

Who can write the database can name any tier, pool or earlier policy there. The received bytes, the
trust folder and the time inside an escalation's id are out of their reach, so the rules are read
off those once more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from overread_briefs import Brief
from overread_briefs.decision import Envelope
from overread_queue.asking.dossier import Trusted
from overread_queue.asking.proposing import asked_in, facts_of
from overread_queue.clock import made_at
from overread_queue.errors import InvalidRequest, Tampered
from overread_queue.policy.evaluate import evaluate
from overread_queue.policy.model import Policy
from overread_queue.states import EscalationKind, Tier
from overread_queue.store.rows import EscalationRow
from overread_queue.trust.envelope import Expectation, check_role


@dataclass(frozen=True, slots=True)
class Terms:
    """Both policies: a laxer earlier one is no way around the one in force."""

    trusted: Trusted
    policy: Policy
    """The one that the escalation was submitted under."""
    found: EscalationRow

    def takes_two(self, action_type: str) -> bool:
        """Whether either policy asks for two people."""
        policies = (self.policy, self.trusted.policy())
        return any(one.duty(action_type, self.found.tier).two_people for one in policies)

    def narrowed(self, decided: Brief, envelope: Envelope, expect: Expectation) -> Expectation:
        """What an approval has to meet before anybody begins with it, and with what is to be done.

        Raises `Tampered` for the tier, `Forged` for the role.
        """
        now = self.trusted.policy()
        for policy in (self.policy, now):
            check_tier(policy, self.found, decided)
        roles = now.deciding_roles(decided.action.type, self.found.tier)
        check_role(envelope, roles)
        return replace(expect, roles=roles if expect.roles is None else roles & expect.roles)


def check_tier(policy: Policy, found: EscalationRow, brief: Brief) -> None:
    """Raises `Tampered` where a policy asks for more than the tier stored beside a brief.

    What raised a tier beyond the bytes, a breaker or an earlier proposal, the agent's pin knows.
    """
    least = _least(policy, found, brief)
    if least.severity > found.tier.severity:
        raise Tampered(
            f"escalation {found.id} is handled as {found.tier}, but the policy asks for {least}; "
            "submit the brief again"
        )


def check_change(policy: Policy, found: EscalationRow, changed: Brief) -> None:
    """Raises `InvalidRequest` for a change to something that the policy handles more strictly."""
    least = _least(policy, found, changed)
    if least.severity > found.tier.severity:
        raise InvalidRequest(
            f"the policy asks for {least} with these parameters, and this is {found.tier}; "
            "reject it, and say what the agent should ask for"
        )


def _least(policy: Policy, found: EscalationRow, brief: Brief) -> Tier:
    """By the bytes alone. What was done already is looked at whatever the policy says of it."""
    if found.kind is EscalationKind.AUDIT:
        return found.tier
    try:
        at = made_at(found.id)
    except ValueError as error:
        raise Tampered(f"{found.id!r} is no name that a desk gives an escalation") from error
    return evaluate(policy, facts_of(asked_in(brief, at=at), agent=found.agent, at=at)).tier
