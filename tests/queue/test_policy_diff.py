"""Two versions of a policy: whoever signs sees which cases get less attention."""

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from overread_queue.policy import Facts
from overread_queue.policy.diff import Moved, PolicyDiff, diff
from overread_queue.states import Tier
from policy_factory import Table, parameter, policies, policy, proposals, rule, signal, table
from policy_oracle import TIERS, oracle


def between(old: Table, new: Table, *, day: dt.date | None = None) -> PolicyDiff:
    return diff(policy(old), policy(new), day=day)


def unsure(value: float, tier: str = "hard_approval") -> Table:
    return table(rules=[rule("unsure", tier, signal("confidence", "<", value))])


def test_the_same_policy_changes_nothing() -> None:
    found = between(unsure(0.8), unsure(0.8))
    assert (found.loosened, found.tightened, found.changes, found.loosens) == ((), (), (), False)


def test_a_lower_threshold_loosens_what_lies_between() -> None:
    found = between(unsure(0.8), unsure(0.5))
    assert found.loosens
    assert found.tightened == ()
    assert {(one.action, one.before) for one in found.loosened} == {("credit", "hard_approval")}
    assert all("0.5 ≤ confidence < 0.8" in one.where for one in found.loosened)


def test_a_higher_one_tightens_it() -> None:
    found = between(unsure(0.5), unsure(0.8))
    assert (found.loosened, found.loosens) == ((), False)
    assert {one.after for one in found.tightened} == {Tier.HARD_APPROVAL}


def test_a_dropped_rule_no_longer_asks_for_the_signal_either() -> None:
    (moved,) = [one for one in between(unsure(0.5), table()).loosened if one.after == "autonomous"]
    assert moved.where.startswith("0 ≤ confidence < 0.5 or confidence is missing or unusable; rev")
    assert moved.example.endswith("reversible, taken back by another-action")
    assert moved.cells == 6


def test_a_new_action_type_was_paused_before() -> None:
    new = table()
    new["actions"]["note"] = {**new["actions"]["credit"], "parameters": {}}
    found = between(table(), new)
    assert found.loosens
    assert {(one.action, one.before) for one in found.loosened} == {("note", "hard_approval")}
    back = between(new, table())
    assert {one.action for one in back.tightened} == {"note"}
    assert not back.loosens


def test_a_value_taken_off_a_list_is_loosened() -> None:
    watch = {"id": "w", "parameter": "currency", "entries": ["GBP", "CHF"], "tier": "hard_stop"}
    shorter = {**watch, "entries": ["CHF"]}
    found = between(table(watchlists=[watch]), table(watchlists=[shorter]))
    assert {one.where.split(";")[0] for one in found.loosened} == {"currency is gbp"}


def test_a_compensation_that_is_accepted_now_is_loosened() -> None:
    old = table(rules=[rule("soft", "soft_review", signal("risk", ">", 0.5))])
    new = table(rules=old["rules"])
    new["actions"]["credit"]["compensations"] = ["debit", "refund"]
    (moved,) = between(old, new).loosened
    assert (moved.before, moved.after) == (Tier.HARD_APPROVAL, Tier.SOFT_REVIEW)
    assert "taken back by refund" in moved.where


def exempt(expires: dt.date) -> Table:
    one = {"id": "x", "action": "credit", "owner": "lead", "expires": expires, "reason": "trial"}
    return {**unsure(0.8), "exemptions": [one]}


def test_an_exemption_is_a_loosening_and_so_is_a_longer_one() -> None:
    march, april = dt.date(2027, 3, 31), dt.date(2027, 4, 30)
    assert between(unsure(0.8), exempt(march)).loosened
    later = between(exempt(march), exempt(april))
    assert later.loosened == ()
    assert [(one.key, one.direction) for one in later.changes] == [
        ("exemptions.credit", "loosened")
    ]
    assert later.loosens
    assert not between(exempt(april), exempt(march)).loosens


def test_an_exemption_that_has_ended_changes_nothing_today() -> None:
    march = dt.date(2027, 3, 31)
    assert between(unsure(0.8), exempt(march), day=dt.date(2027, 4, 1)).loosened == ()
    assert between(unsure(0.8), exempt(march), day=march).loosened


@pytest.mark.parametrize(
    ("part", "strict", "mild"),
    [
        ("friction", {"floor_hard": "20s"}, {"floor_hard": "5s"}),
        ("friction", {"words_per_minute": 200}, {"words_per_minute": 400}),
        ("friction", {"withhold_from": "medium"}, {"withhold_from": "critical"}),
        ("friction", {"withhold_fraction": 0.2}, {"withhold_fraction": 0.0}),
        ("audit", {"rate": 0.05}, {"rate": 0.01}),
        ("breaker", {"failures": 3}, {"failures": 30}),
        ("breaker", {"raise_to": "hard_stop"}, {"raise_to": "notify"}),
        ("freshness", {"stale": "raise"}, {"stale": "show"}),
        ("signoff", {"activate": ["lead", "second"]}, {"activate": ["lead"]}),
        ("settings", {"undo": "20s"}, {"undo": "0s"}),
        ("governance", {"credit": {"notify": {"dual": True}}}, {}),
        ("signals", {"age": {"worse": "higher", "most": 50}}, {"age": {"worse": "higher"}}),
        ("signals", {"age": {"worse": "higher", "least": 0}}, {}),
    ],
)
def test_less_care_elsewhere_is_loosened_too(part: str, strict: Any, mild: Any) -> None:
    old, new = table(**{part: strict}), table(**{part: mild})
    (change,) = between(old, new).changes
    assert change.direction == "loosened"
    assert between(old, new).loosens
    (change,) = between(new, old).changes
    assert change.direction == "tightened"
    assert not between(new, old).loosens


@pytest.mark.parametrize(
    ("strict", "mild"),
    [("restricted", "confidential"), ("confidential", None), ("internal", "public")],
)
def test_a_milder_class_of_a_parameter_is_loosened(strict: str, mild: str | None) -> None:
    old, new = table(), table()
    old["actions"]["credit"]["sensitive"] = {"iban": strict}
    new["actions"]["credit"]["sensitive"] = {"iban": mild} if mild else {}
    (change,) = between(old, new).changes
    assert (change.key, change.direction) == ('actions."credit".sensitive.iban', "loosened")
    (change,) = between(new, old).changes
    assert change.direction == "tightened"


def test_other_people_and_times_are_told_without_a_verdict() -> None:
    cell = {"role": "second", "sla": "1h"}
    found = between(table(), table(governance={"credit": {"notify": cell}}))
    assert {one.key.rsplit(".", 1)[1] for one in found.changes} >= {"role", "sla_seconds"}
    assert {one.direction for one in found.changes} == {"changed"}
    assert not found.loosens


def test_too_many_cells_count_as_loosened_until_somebody_has_looked() -> None:
    names = "pqrstuvw"
    content = table(
        rules=[
            rule(f"{name}{at}", "notify", parameter(name, ">", at))
            for name in names
            for at in range(4)
        ]
    )
    content["actions"]["credit"]["parameters"] = dict.fromkeys(names, "amount")
    found = between(content, content)
    assert (found.sampled, found.loosened, found.loosens) == (("credit",), (), True)


@settings(max_examples=20, deadline=None)
@given(policies(), policies(), proposals())
def test_whatever_is_loosened_for_a_proposal_is_in_the_comparison(
    old: Table, new: Table, known: Facts
) -> None:
    """Against the slow reading: no case changes unless the comparison says so, and how."""
    was, now = (TIERS.index(oracle(content, known)[0]) for content in (old, new))
    found = between(old, new, day=known.day)
    moves: list[Moved] = [*found.loosened, *found.tightened]
    if was != now:
        assert (TIERS[was], TIERS[now]) in {(one.before, one.after) for one in moves}
    for one, other in pairwise(moves):
        assert one != other


def test_a_parameter_without_a_type_is_no_longer_checked() -> None:
    new = table()
    del new["actions"]["credit"]["parameters"]["urgent"]
    (change,) = between(table(), new).changes
    assert (change.key, change.direction) == ('actions."credit".parameters.urgent', "loosened")


def test_numbers_outside_a_signals_range_are_compared_too() -> None:
    narrow = {"age": {"worse": "higher", "most": 50}}
    rules = [rule("old", "notify", signal("age", ">", 40))]
    wide = {"age": {"worse": "higher", "most": 100}}
    found = between(table(signals=narrow, rules=rules), table(signals=wide, rules=rules))
    assert {(one.before, one.where.split(";")[0]) for one in found.loosened} == {
        ("hard_approval", "50 < age ≤ 100")
    }
