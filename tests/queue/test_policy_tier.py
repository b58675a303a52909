"""Which tier an action gets, and why."""

from pathlib import Path

import pytest

from overread_briefs.action import Reversibility
from overread_queue.policy import Policy, load_policy, tier_of
from overread_queue.policy.model import IMPACTS, REVERSIBILITIES
from overread_queue.states import Tier


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(Path(__file__).parents[2] / "sample_data" / "policy.toml")


def test_a_refund_waits_for_an_approval(policy: Policy) -> None:
    found = tier_of(policy, "payments.refund", "irreversible")
    assert found.tier is Tier.HARD_APPROVAL
    assert (found.pool, found.sla_seconds, found.expected_seconds) == ("refunds", 14_400, 180)
    assert found.latency_tolerance_seconds == 1800
    assert (found.label, found.on_silence) == ("Refund a customer", "senior refunds takes over")
    (why,) = found.triggers
    assert (why.kind, why.rule, why.signal) == ("policy", "risk-map", "payments.refund")
    assert why.observed == "high impact, irreversible"


def test_an_agent_can_make_it_stricter(policy: Policy) -> None:
    found = tier_of(policy, "account.address_change", "irreversible")
    assert found.tier is Tier.HARD_APPROVAL
    assert found.reversibility == "irreversible"
    cell, worse = found.triggers
    assert cell.observed == "medium impact, irreversible"
    assert (worse.rule, worse.observed, worse.threshold) == (
        "agent-says-worse",
        "irreversible",
        "compensable",
    )


def test_an_agent_cannot_make_it_looser(policy: Policy) -> None:
    assert tier_of(policy, "data.erase", "reversible") == tier_of(
        policy, "data.erase", "irreversible"
    )
    assert tier_of(policy, "data.erase", "reversible").tier is Tier.HARD_STOP


@pytest.mark.parametrize("said", REVERSIBILITIES)
def test_an_unknown_action_waits_for_the_owner(policy: Policy, said: Reversibility) -> None:
    found = tier_of(policy, "payments.refnd", said)
    assert found.tier is Tier.HARD_APPROVAL
    assert (found.pool, found.sla_seconds) == ("desk-owner", 14_400)
    assert (found.impact, found.reversibility) == ("critical", "irreversible")
    (why,) = found.triggers
    assert (why.rule, why.signal, why.observed) == (
        "unknown-action",
        "payments.refnd",
        "not in the policy",
    )
    assert found.on_silence == "it fails; nothing happens"


def test_saying_worse_never_loosens(policy: Policy) -> None:
    for action_type in policy.actions:
        tiers = [tier_of(policy, action_type, said).tier.severity for said in REVERSIBILITIES]
        assert tiers == sorted(tiers)


def test_every_cell_of_the_map_is_reachable(policy: Policy) -> None:
    for impact in IMPACTS:
        for reversibility in REVERSIBILITIES:
            row = getattr(policy.risk, impact)
            assert policy.risk.tier(impact, reversibility) is getattr(row, reversibility)
