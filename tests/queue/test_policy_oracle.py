"""The fast reading of a policy against a slow one, and what must hold for every policy there is."""

import dataclasses
import json
import math
import tomllib
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overread_queue.policy import Facts, evaluate, evaluate_again, inputs, load_policy
from overread_queue.policy.examples import facts_of
from policy_factory import (
    CUTS,
    ODD,
    SUMS,
    facts,
    parameter,
    policies,
    policy,
    proposals,
    rule,
    signal,
    table,
)
from policy_oracle import CLASSES, TIERS, Table, oracle

MANY = settings(max_examples=60, deadline=None)


def rank(content: Table, known: Facts) -> int:
    return TIERS.index(evaluate(policy(dict(content)), known).tier)


@MANY
@given(policies(), st.lists(proposals(), min_size=1, max_size=8))
def test_both_readings_agree(content: Table, proposed: list[Facts]) -> None:
    read = policy(dict(content))
    for known in proposed:
        ruling = evaluate(read, known)
        assert (ruling.tier, set(ruling.rules)) == oracle(content, known)


@MANY
@given(policies(), proposals(), st.randoms(use_true_random=False))
def test_the_order_of_rules_never_matters(content: Table, known: Facts, dice: Random) -> None:
    shuffled = {**content, "rules": dice.sample(content["rules"], len(content["rules"]))}
    for one in shuffled["rules"]:
        one["when"] = dice.sample(one["when"], len(one["when"]))
    before, after = evaluate(policy(content), known), evaluate(policy(shuffled), known)
    key = ("observed", "rule", "signal", "threshold")
    reasons = [
        sorted(str([getattr(trigger, name) for name in key]) for trigger in ruling.triggers)
        for ruling in (before, after)
    ]
    assert reasons[0] == reasons[1]
    same = {"policy_sha256": "", "triggers": ()}
    assert dataclasses.replace(before, **same) == dataclasses.replace(after, **same)


@MANY
@given(policies(worse_only=True), proposals(), st.data())
def test_worse_never_gets_less(content: Table, known: Facts, data: st.DataObject) -> None:
    name, worse = data.draw(
        st.sampled_from([("confidence", -0.1), ("risk", 0.1), ("ood", 0.1), ("amount", 50.0)])
    )
    where = "parameters" if name == "amount" else "signals"
    values = dict(getattr(known, where))
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, float):
        return
    worsened = dataclasses.replace(known, **{where: {**values, name: value + worse}})
    assert rank(content, worsened) >= rank(content, known)


@MANY
@given(policies(worse_only=True), proposals())
def test_more_sensitive_data_never_gets_less(content: Table, known: Facts) -> None:
    ranks = [rank(content, dataclasses.replace(known, data_class=one)) for one in (*CLASSES, None)]
    assert ranks == sorted(ranks)


@MANY
@given(policies(), proposals(), st.data())
def test_leaving_something_out_never_loosens(
    content: Table, known: Facts, data: st.DataObject
) -> None:
    signals: dict[str, object] = dict.fromkeys(known.signals, 0.5)
    usable = {name: value for name, value in known.parameters.items() if _usable(name, value)}
    whole = dataclasses.replace(known, signals=signals, parameters=usable)
    dropped = data.draw(st.sampled_from([*signals, *usable, "data_class", "compensation"]))
    less = dataclasses.replace(
        whole,
        signals={name: value for name, value in signals.items() if name != dropped},
        parameters={name: value for name, value in usable.items() if name != dropped},
        **({} if dropped in {**signals, **usable} else {dropped: None}),
    )
    assert rank(content, less) >= rank(content, whole)


def _usable(name: str, value: object) -> bool:
    right = {"amount": float, "currency": str, "urgent": bool}[name]
    return type(value) is right and value not in ODD[1:3] and 0 < len(str(value)) < 1000


@MANY
@given(policies(), proposals())
def test_what_was_kept_leads_to_the_same_ruling(content: Table, known: Facts) -> None:
    read = policy(dict(content))
    kept = json.loads(json.dumps(inputs(known), allow_nan=False))
    assert evaluate_again(read, kept) == evaluate(read, known)
    assert inputs(known) == json.loads(json.dumps(inputs(known)))


WHOLE = table(
    rules=[
        rule("unsure", "soft_review", signal("confidence", "<", 0.5)),
        rule("very-unsure", "hard_approval", signal("confidence", "<=", 0.2)),
        rule("odd", "hard_stop", signal("ood", ">=", 0.8), signal("confidence", "<", 0.8)),
        rule("dear", "notify", parameter("amount", ">", 100), parameter("currency", "=", "EUR")),
        rule("dearer", "hard_approval", parameter("amount", ">=", 250)),
        rule("other-money", "soft_review", parameter("currency", "not in", ["EUR", "USD"])),
    ],
    watchlists=[{"id": "w", "parameter": "currency", "entries": ["GBP"], "tier": "hard_stop"}],
)


def beside(cuts: list[float]) -> list[object]:
    """Each cut, the next numbers on both sides, and nothing."""
    steps = [(cut, math.nextafter(cut, -1), math.nextafter(cut, 1e9)) for cut in cuts]
    found = {value for step in steps for value in step}
    return [*sorted(found), None]


def test_every_cell_and_every_edge_is_read_alike() -> None:
    read = policy(WHOLE)
    reached = set()
    for confidence, ood, amount, currency in product(
        beside(CUTS), beside([0.8]), beside(SUMS[1:]), ["EUR", "USD", "GBP", "CHF", None]
    ):
        known = facts(
            signals={"confidence": confidence, "ood": ood},
            parameters={"amount": amount, "currency": currency},
        )
        known = dataclasses.replace(
            known,
            signals={k: v for k, v in known.signals.items() if v is not None},
            parameters={k: v for k, v in known.parameters.items() if v is not None},
        )
        ruling = evaluate(read, known)
        assert (ruling.tier, set(ruling.rules)) == oracle(WHOLE, known)
        reached.add(ruling.tier)
    assert len(reached) == 5


@pytest.mark.parametrize("name", ["policy.toml", "policy-clinic.toml"])
def test_the_samples_are_read_alike_in_each_of_their_own_cases(name: str) -> None:
    path = Path(__file__).parents[2] / "sample_data" / name
    read, content = load_policy(path), tomllib.loads(path.read_text())
    for example in read.examples:
        ruling = evaluate(read, facts_of(read, example))
        assert (ruling.tier, set(ruling.rules)) == oracle(content, facts_of(read, example))
