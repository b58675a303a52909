"""A policy's own cases must notice every slip in its rules: each operator, tier and edge."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from overread_queue.policy import parse_policy
from overread_queue.policy.examples import run_examples

SAMPLES = Path(__file__).parents[2] / "sample_data"
NAMES = ["policy.toml", "policy-clinic.toml"]
NUMBERS = ["<", "<=", ">", ">=", "=", "!="]
OTHERS = {"in": ["not in"], "not in": ["in"], "=": ["!="], "!=": ["="]}


def mutants(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every policy that differs by one comparison, one missing condition, or one missing rule."""
    for at, rule in enumerate(content["rules"]):
        for to, condition in enumerate(rule["when"]):
            for operator in wrong(condition):
                mutant = copy.deepcopy(content)
                mutant["rules"][at]["when"][to]["is"] = operator
                yield f"{rule['id']}-{to}-{operator}", mutant
            if len(rule["when"]) > 1:
                mutant = copy.deepcopy(content)
                del mutant["rules"][at]["when"][to]
                yield f"{rule['id']}-without-{to}", mutant
    for part in ("rules", "watchlists", "exemptions"):
        for at, one in enumerate(content.get(part, [])):
            mutant = copy.deepcopy(content)
            del mutant[part][at]
            yield f"without-{one['id']}", mutant


def wrong(condition: dict[str, Any]) -> list[str]:
    operator, value = condition.get("is", "in"), condition.get("value")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [other for other in NUMBERS if other != operator]
    return OTHERS[operator]


ALL = [
    pytest.param(mutant, id=f"{name}:{label}")
    for name in NAMES
    for label, mutant in mutants(tomllib.loads((SAMPLES / name).read_text()))
]


@pytest.mark.parametrize("name", NAMES)
def test_the_policy_itself_passes_its_cases(name: str) -> None:
    outcomes = run_examples(parse_policy((SAMPLES / name).read_bytes(), source=name))
    assert len(outcomes) >= 30
    assert [one.problem for one in outcomes if one.problem] == []


@pytest.mark.parametrize("mutant", ALL)
def test_a_slip_is_noticed(mutant: dict[str, Any]) -> None:
    kept = {one["id"] for part in ("rules", "watchlists") for one in mutant.get(part, [])}
    for example in mutant["examples"]:
        if "expect_rules" in example:
            example["expect_rules"] = [id for id in example["expect_rules"] if id in kept]
    outcomes = run_examples(parse_policy(tomli_w.dumps(mutant).encode(), source="mutant"))
    assert [one for one in outcomes if not one.ok]


def test_enough_slips_are_tried() -> None:
    assert len(ALL) > 100
