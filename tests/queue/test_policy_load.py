"""A policy file is read whole, or refused with a line and what to write instead."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overread_queue.errors import InvalidPolicy
from overread_queue.policy import Fallback, Policy, PolicyFile, load_policy, parse_policy
from overread_queue.states import Tier

SAMPLE = Path(__file__).parents[2] / "sample_data" / "policy.toml"

SMALL = b"""\
schema = "overread/policy/1"
name = "Small desk"
owner = "lead"

[risk.low]
reversible = "autonomous"
compensable = "notify"
irreversible = "soft_review"
[risk.medium]
reversible = "notify"
compensable = "soft_review"
irreversible = "hard_approval"
[risk.high]
reversible = "soft_review"
compensable = "hard_approval"
irreversible = "hard_approval"
[risk.critical]
reversible = "hard_approval"
compensable = "hard_approval"
irreversible = "hard_stop"

[pools.refunds]
label = "Refunds"
role = "refunds"
next = "accounts"
senior = "lead"

[pools.accounts]
label = "Accounts"
role = "accounts"

[pools.lead]
label = "Lead"
role = "lead"

[actions."payments.refund"]
label = "Refund a customer"
impact = "high"
reversibility = "irreversible"
pool = "refunds"
sla = "4h"
minutes = 3
fallback = "senior"
on_silence = "the lead takes over"
"""


def small(old: str = "", new: str = "") -> bytes:
    """The small policy with one thing written otherwise."""
    assert old.encode() in SMALL
    return SMALL.replace(old.encode(), new.encode(), 1)


def refusal(data: bytes, **more: frozenset[str]) -> str:
    with pytest.raises(InvalidPolicy) as refused:
        parse_policy(data, source="policy.toml", **more)
    return str(refused.value)


def test_a_small_policy_has_sensible_settings() -> None:
    policy = parse_policy(SMALL, source="policy.toml")
    assert policy.settings.undo == 10
    assert policy.settings.decision_valid == 86_400
    assert policy.settings.lease == 300
    assert policy.settings.heartbeat == 30
    assert policy.settings.brief_budget == "refuse"
    assert policy.actions["payments.refund"].sla == 14_400
    assert policy.actions["payments.refund"].latency_tolerance == 1800
    assert policy.roles == {"refunds", "accounts", "lead"}
    assert policy.pools_of("accounts") == ("accounts",)


def test_settings_are_read() -> None:
    data = small(
        "[risk.low]", '[settings]\nundo = "0s"\nlease = "2m"\nbrief_budget = "warn"\n[risk.low]'
    )
    settings = parse_policy(data, source="policy.toml").settings
    assert (settings.undo, settings.lease, settings.brief_budget) == (0, 120, "warn")


def test_the_digest_is_of_the_exact_bytes() -> None:
    policy = parse_policy(SMALL, source="policy.toml")
    assert policy.body == SMALL
    assert policy.sha256 == hashlib.sha256(b"overread.policy.v1\0" + SMALL).hexdigest()
    assert parse_policy(SMALL + b"# hello\n", source="policy.toml").sha256 != policy.sha256


def test_the_sample_policy_hangs_together() -> None:
    policy = load_policy(SAMPLE)
    assert policy.name == "Payments and support"
    assert policy.deciding_roles("payments.refund", Tier.HARD_APPROVAL) == {
        "refunds",
        "senior-refunds",
        "accounts",
        "lead",
    }
    assert policy.deciding_roles("infra.apply", Tier.HARD_APPROVAL) == {"platform", "lead"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("minutes =", "minuts =", 'policy.toml:42: actions."payments.refund".minuts: '
         "is not a key here; did you mean 'minutes'?"),
        ("minutes =", "minuts =", 'policy.toml:36: actions."payments.refund".minutes: is missing'),
        ('role = "refunds"', 'rle = "refunds"', "did you mean 'role'?"),
        ("[risk.low]", '[settings]\nund = "1s"\n[risk.low]', "did you mean 'undo'?"),
        ("owner =", "ownr =", "policy.toml:3: ownr: is not a key here; did you mean 'owner'?"),
        ('name = "Small desk"', 'sha256 = "00"', "sha256: is not a key here"),
        ('name = "Small desk"', 'body = "00"', "body: is not a key here"),
        ("policy/1", "policy/9", "policy.toml:1: schema: input should be 'overread/policy/1'"),
        ('impact = "high"', 'impact = "hgh"', "'low', 'medium', 'high' or 'critical', not 'hgh'"),
        ('impact = "high"', 'impact = "HIGH"', "not 'HIGH'"),
        ('"irreversible"\npool', '"final"\npool', "'reversible', 'compensable' or 'irreversible'"),
        ('fallback = "senior"', 'fallback = "seniors"', "'next_pool', 'senior', 'fail'"),
        ('reversible = "autonomous"', "", "policy.toml:5: risk.low.reversible: is missing"),
        ("[risk.critical]", "[risk.extreme]", "risk.critical: is missing"),
        ('"autonomous"', '"free"', "policy.toml:6: risk.low.reversible: input should be"),
        ('sla = "4h"', "sla = 4", 'policy.toml:41: actions."payments.refund".sla: must be a whole'),
        ('sla = "4h"', 'sla = "0h"', "greater than or equal to 1"),
        ('sla = "4h"', 'sla = "900d"', "less than or equal to"),
        ("minutes = 3", "minutes = 0", "greater than 0"),
        ("minutes = 3", "minutes = nan", "finite number"),
        ("minutes = 3", 'minutes = "3"', "valid number"),
        ('[actions."payments.refund"]', '[actions."refund it"]', 'actions.refund it'),
        ('label = "Refunds"', 'label = "a\\nb"', "policy.toml:23: pools.refunds.label"),
        ('owner = "lead"', 'owner = "leed"', "owner: there is no pool 'leed'; did you mean 'lead'"),
        ('next = "accounts"', 'next = "acounts"', "pools.refunds.next: there is no pool 'acounts'"),
        ('senior = "lead"', 'senior = "boss"', "pools.refunds.senior: there is no pool 'boss'; "
         "there is accounts, lead, refunds"),
        ('pool = "refunds"', 'pool = "refund"', 'policy.toml:40: actions."payments.refund".pool: '
         "there is no pool 'refund'; did you mean 'refunds'?"),
        ('senior = "lead"', "", 'policy.toml:43: actions."payments.refund".fallback: pool '
         "'refunds' has no `senior`"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_where_it_stands(old: str, new: str, message: str) -> None:
    assert message in refusal(small(old, new))


def test_a_next_pool_must_exist() -> None:
    data = small('fallback = "senior"', 'fallback = "next_pool"').replace(b'next = "accounts"', b"")
    assert "has no `next`, so nobody would take over" in refusal(data)


def test_every_mistake_is_said_at_once() -> None:
    data = small('sla = "4h"', 'sla = "soon"').replace(b"impact =", b"impct =")
    assert len(refusal(data).splitlines()) == 3


@pytest.mark.parametrize("key", ["next", "senior"])
def test_pools_never_hand_on_in_a_circle(key: str) -> None:
    data = small('role = "accounts"', f'role = "accounts"\n{key} = "refunds"')
    data = data.replace(b'senior = "lead"', b'senior = "accounts"')
    assert f"pools.refunds.{key}: goes in a circle (refunds → accounts → refunds)" in refusal(data)


def test_a_pool_is_not_its_own_senior() -> None:
    data = small('senior = "lead"', 'senior = "refunds"')
    assert "goes in a circle (refunds → refunds)" in refusal(data)


def test_a_pool_that_nobody_can_work_is_refused_where_roles_are_known() -> None:
    message = refusal(SMALL, roles=frozenset({"refund", "accounts", "lead"}))
    assert "policy.toml:24: pools.refunds.role: no reviewer holds the role 'refunds'" in message
    assert "did you mean 'refund'?" in message
    assert parse_policy(SMALL, source="policy.toml", roles={"refunds", "accounts", "lead"})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "schema: is missing"),
        (b"\xff\xfe", "byte 0 is not UTF-8"),
        (b"name = \n", "is not TOML"),
        (SMALL + b'[pools.lead]\nlabel = "Again"\n', "is not TOML"),
        (b"pools = 3\n" + SMALL.split(b"[pools", 1)[0], "pools"),
    ],
)
def test_what_is_no_policy_is_refused(data: bytes, message: str) -> None:
    assert message in refusal(data)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_by_name_or_still_a_policy(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SMALL)))
    damaged = (
        SMALL[:at] + data.draw(st.binary(max_size=6)) + SMALL[at + data.draw(st.integers(0, 9)) :]
    )
    try:
        policy = parse_policy(damaged, source="policy.toml")
    except InvalidPolicy:
        return
    assert policy.body == damaged


def test_the_owner_may_decide_what_no_chain_leads_to() -> None:
    data = small('pool = "refunds"', 'pool = "accounts"').replace(b'"senior"', b'"fail"')
    policy = parse_policy(data, source="policy.toml")
    assert policy.deciding_roles("payments.refund", Tier.HARD_APPROVAL) == {"accounts", "lead"}
    assert policy.deciding_roles("never.heard.of", Tier.HARD_APPROVAL) == {"lead"}


def steps(policy: Policy, action_type: str, start: str) -> list[Fallback]:
    """What happens to an item that nobody ever looks at."""
    taken = [policy.fallback_after(action_type, start)]
    while (pool := taken[-1].pool) is not None and len(taken) <= len(policy.pools):
        taken.append(policy.fallback_after(action_type, pool))
    return taken


def test_silence_climbs_to_the_top_and_fails_there() -> None:
    policy = load_policy(SAMPLE)
    assert steps(policy, "payments.refund", "refunds") == [
        Fallback("senior", "senior-refunds"),
        Fallback("senior", "desk-owner"),
        Fallback("fail"),
    ]
    assert steps(policy, "mail.send", "mail") == [
        Fallback("next_pool", "content"),
        Fallback("next_pool", "desk-owner"),
        Fallback("fail"),
    ]
    assert steps(policy, "data.erase", "privacy") == [Fallback("fail")]
    assert steps(policy, "account.address_change", "accounts") == [Fallback("safe_default")]
    assert steps(policy, "never.heard.of", "desk-owner") == [Fallback("fail")]


@pytest.mark.parametrize("action_type", [*load_policy(SAMPLE).actions, "unknown"])
def test_from_every_pool_silence_ends(action_type: str) -> None:
    policy = load_policy(SAMPLE)
    for start in [*policy.pools, "gone"]:
        last = steps(policy, action_type, start)[-1]
        assert last.kind in ("fail", "safe_default")
        assert last.pool is None


def test_a_changed_file_is_a_new_policy(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(SMALL)
    file = PolicyFile(path)
    first = file.current()
    assert file.current() is first
    path.write_bytes(small('sla = "4h"', 'sla = "2h"') + b"\n")
    assert file.current().actions["payments.refund"].sla == 7200


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidPolicy, match="cannot be read"):
        load_policy(tmp_path / "policy.toml")
