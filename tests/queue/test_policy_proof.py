"""What `overread policy check` proves, and how it says what is wrong."""

import math
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings

from overread_queue.errors import InvalidPolicy
from overread_queue.policy import Facts
from overread_queue.policy.cells import LIMIT
from overread_queue.policy.prove import Finding, Proof, lines_of, prove, proven_policy
from overread_queue.states import Tier
from policy_factory import (
    Table,
    facts,
    parameter,
    policies,
    policy,
    rule,
    signal,
    table,
    to_bytes,
)
from policy_oracle import oracle

SAMPLES = Path(__file__).parents[2] / "sample_data"


def problems(content: Table) -> list[str]:
    read = policy(content)
    return lines_of(read, prove(read), source="policy.toml")


@pytest.mark.parametrize("name", ["policy.toml", "policy-clinic.toml"])
def test_the_samples_are_proven_whole(name: str) -> None:
    read, proof = proven_policy((SAMPLES / name).read_bytes(), source=name)
    assert proof.ok
    assert proof.whole
    assert proof.policy_sha256 == read.sha256
    assert [one.action for one in proof.walked] == list(read.actions)
    assert sum(one.cells for one in proof.walked) > 3000


def test_a_rule_that_another_one_swallows_is_named_with_its_line() -> None:
    content = table(
        rules=[
            rule("all", "hard_approval", signal("confidence", "<", 0.8)),
            rule("some", "soft_review", signal("confidence", "<", 0.5)),
        ]
    )
    (line,) = problems(content)
    text = to_bytes(content).decode().split("\n")
    number = int(line.split(":")[1])
    assert 'id = "some"' in text[number : number + 2]
    assert "'some' never decides: for credit 'all' always asks for as much" in line
    assert "take it out or change its tier" in line


def test_twins_are_both_dead() -> None:
    twins = [rule(id, "notify", signal("risk", ">", 0.5)) for id in ("one", "two")]
    assert len(problems(table(rules=twins))) == 2


def test_a_rule_below_the_map_is_dead() -> None:
    content = table(rules=[rule("low", "notify", signal("risk", ">", 0.5))])
    content["actions"]["credit"]["impact"] = "critical"
    assert "the risk map already asks for as much" in problems(content)[0]


def test_conditions_that_never_meet_are_found() -> None:
    never = [signal("risk", ">", 0.8), signal("risk", "<", 0.2)]
    assert (
        "its conditions never hold together"
        in problems(table(rules=[rule("x", "notify", *never)]))[0]
    )


def test_a_rule_decides_where_a_milder_neighbour_does_not() -> None:
    content = table(
        rules=[
            rule("wide", "notify", signal("risk", ">", 0.2)),
            rule("narrow", "hard_approval", signal("risk", ">", 0.8)),
        ]
    )
    assert problems(content) == []


@pytest.mark.parametrize(
    ("condition", "better", "worse"),
    [
        (signal("confidence", ">", 0.8), "confidence > 0.8", "confidence ≤ 0.8"),
        (signal("risk", "<", 0.5), "risk < 0.5", "risk ≥ 0.5"),
        (signal("ood", "=", 0.5), "ood = 0.5", "ood > 0.5"),
        (signal("ood", "!=", 0.5), "ood < 0.5", "ood = 0.5"),
        (parameter("amount", "<=", 10), "amount ≤ 10", "amount > 10"),
        ({"data_class": ["confidential"]}, "data_class is confidential", "data_class is restr"),
    ],
)
def test_a_rule_that_lets_go_of_what_is_worse_is_named(
    condition: Table, better: str, worse: str
) -> None:
    (line,) = problems(table(rules=[rule("wrong", "hard_approval", condition)]))
    assert f"credit gets hard_approval where {better}, but only autonomous where {worse}" in line
    assert "rules.0.when" in line
    assert "turn the comparison round" in line


def test_it_may_let_go_where_another_rule_takes_over() -> None:
    band = [signal("risk", ">", 0.2), signal("risk", "<=", 0.8)]
    content = table(
        rules=[
            rule("band", "notify", *band),
            rule("above", "hard_approval", signal("risk", ">", 0.8)),
        ]
    )
    assert problems(content) == []


def test_a_number_without_a_direction_may_go_either_way() -> None:
    content = table(rules=[rule("x", "notify", parameter("amount", "<", 10))])
    content["actions"]["credit"]["parameters"]["amount"] = "number"
    assert problems(content) == []


def test_a_map_that_is_milder_for_the_worse_is_refused() -> None:
    content = table()
    content["risk"]["high"]["compensable"] = "notify"
    lines = problems(content)
    assert any("risk.high.compensable: notify is milder than soft_review" in one for one in lines)


@pytest.mark.parametrize("declared", ["lower", "higher"])
def test_a_declared_signal_is_held_to_its_direction(declared: str) -> None:
    content = table(
        signals={"age": {"worse": declared}}, rules=[rule("x", "notify", signal("age", ">", 60))]
    )
    assert (problems(content) == []) == (declared == "higher")


def test_a_refusal_names_everything_at_once() -> None:
    content = table(
        rules=[
            rule("a", "notify", signal("risk", "<", 0.5)),
            rule("b", "notify", signal("risk", ">", 0.8), signal("risk", "<", 0.2)),
        ]
    )
    with pytest.raises(InvalidPolicy) as refused:
        proven_policy(to_bytes(content), source="policy.toml")
    assert len(str(refused.value).splitlines()) == 2


@pytest.mark.soak
@settings(max_examples=4, deadline=None)
@given(policies())
def test_what_is_called_dead_decides_nowhere_and_the_others_somewhere(content: Table) -> None:
    """Against the slow reading, in a case beside and on every cut."""
    read = policy(dict(content))
    ids = [one["id"] for one in content["rules"]]
    dead = {
        content["rules"][int(str(one.key[1]))]["id"]
        for one in prove(read).findings
        if one.kind == "dead_rule" and one.key[0] == "rules"
    }
    assert dead == {id for id in ids if not decides(content, id)}


def decides(content: Table, id: str) -> bool:
    """With the exemption or without: a rule that waits for its end is alive."""
    bare = {name: part for name, part in content.items() if name != "exemptions"}
    return _decides(bare, id) or _decides(content, id)


def _decides(content: Table, id: str) -> bool:
    without = {**content, "rules": [one for one in content["rules"] if one["id"] != id]}
    asked = [condition for one in content["rules"] for condition in one["when"]]
    for known in worlds(asked):
        if oracle(content, known)[0] != oracle(without, known)[0]:
            assert id in oracle(content, known)[1]
            return True
    return False


def worlds(asked: list[Table]) -> Iterator[Facts]:
    """Complete facts in every cell; inputs that no rule asks about stay as they are."""
    names = {next(iter(one.values())) if "value" in one else next(iter(one)) for one in asked}
    for confidence, risk, ood, amount, currency, urgent, data, agent, model, way, back in product(
        *(near(asked, name) for name in ("confidence", "risk", "ood", "amount")),
        ["EUR", "USD", "GBP", "CHF"],
        [True, False] if "urgent" in names else [True],
        ["internal", "confidential", "restricted"] if "data_class" in names else ["internal"],
        ["a", "pilot"] if "agent" in names else ["a"],
        ["7.1", "8"] if "model_version" in names else ["7.1"],
        ["reversible", "compensable", "irreversible"],
        ["debit", None],
    ):
        yield facts(
            signals={"confidence": confidence, "risk": risk, "ood": ood},
            parameters={"amount": amount, "currency": currency, "urgent": urgent},
            data_class=data,
            agent=agent,
            model_version=model,
            reversibility=way,
            compensation=back,
        )


def near(asked: list[Table], name: str) -> list[float]:
    """Each value that `name` is compared with, and both sides of it; no signal is negative."""
    cuts = [one["value"] for one in asked if name in (one.get("signal"), one.get("parameter"))]
    least = -math.inf if name == "amount" else 0.0
    return sorted({max(x, least) for cut in cuts for x in (cut, cut - 0.1, cut + 0.1)}) or [0.5]


def crowded(operator: str = "<") -> Table:
    """More cells than are walked: seven inputs with several cuts each."""
    rules = [
        rule(f"c{at}", "notify" if at % 2 else "soft_review", signal("confidence", "<", at / 20))
        for at in range(1, 15, 7)
    ]
    actions = table()["actions"]
    for name in "pqrstuv":
        actions["credit"]["parameters"][name] = "amount"
        rules += [
            rule(f"{name}{at}", "hard_approval", parameter(name, ">", at)) for at in range(1, 5)
        ]
    rules.append(rule("last", "hard_stop", signal("confidence", operator, 0.3)))
    return table(rules=rules, actions=actions)


def test_too_many_cells_are_proven_rule_by_rule_and_it_says_so() -> None:
    proof = prove(policy(crowded()))
    (walked,) = proof.walked
    assert walked.cells > LIMIT
    assert (walked.whole, proof.whole, proof.ok) == (False, False, True)
    unseen = [one.problem for one in proof.findings]
    assert all("was not seen to decide in a sample" in one for one in unseen)
    assert {one.kind for one in proof.findings} <= {"not_proven"}


def test_too_many_cells_still_show_a_rule_that_lets_go() -> None:
    proof = prove(policy(crowded(">")))
    assert not proof.ok
    (wrong,) = [one for one in proof.findings if one.refuses]
    assert "'last' lets go of a worse confidence in credit; compare with < only" in wrong.problem


def test_every_tier_that_is_reached_has_somebody_and_an_end() -> None:
    content = table(rules=[rule("x", "hard_stop", signal("risk", ">", 0.9))])
    (walked,) = prove(policy(content)).walked
    assert walked.tiers == (Tier.AUTONOMOUS, Tier.NOTIFY, Tier.HARD_APPROVAL, Tier.HARD_STOP)


def test_a_note_does_not_refuse() -> None:
    note = Finding("not_proven", ("rules", 0), "was not seen")
    assert Proof("", (), (note,)).ok
