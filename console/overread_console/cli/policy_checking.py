"""Does a policy hang together, and does it say what its authors meant?"""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import JsonValue

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option
from overread_console.cli.pages import columns, grid, paragraph
from overread_console.cli.policy_files import chosen, holders_at
from overread_console.cli.talk import data_json, say
from overread_console.flow.words import tier_words
from overread_queue.errors import InvalidPolicy
from overread_queue.friction.relaxed import alone, relaxed
from overread_queue.policy.evaluate import evaluate
from overread_queue.policy.examples import Outcome, facts_of, run_examples
from overread_queue.policy.load import parse_policy
from overread_queue.policy.model import Policy
from overread_queue.policy.prove import Proof, Walked, lines_of, prove

_REFUSED = "refused; whatever is in force stays in force"
_PROVEN = (
    "proven: every rule decides somewhere; lower confidence or higher risk never loosens; every "
    "action type has an approver, an SLA and a fallback that ends"
)


@click.command()
@click.argument("file", required=False, metavar="[FILE|-]")
@desk_option
@json_option
def check(file: str | None, db: Path, as_json: bool) -> Exit:
    """Prove a policy, case by case. Ends with 1 where it is refused, and says what to write.

    Where there is a desk, the roles it asks for must be held by somebody there. Notes say where
    it asks less of reviewers than it could; they refuse nothing.
    """
    data, source = chosen(file, db)
    holders = holders_at(db)
    if holders is None:
        say(f"there is no desk at {db}, so nobody checked that its roles are held by somebody")
    try:
        policy = parse_policy(data, source=source, roles=holders)
    except InvalidPolicy as error:
        return _refused(str(error).split("\n"), as_json=as_json)
    lonely = () if holders is None else alone(policy, holders)
    return _proof(policy, (*relaxed(policy.friction), *lonely), source, as_json=as_json)


@click.command()
@click.argument("file", required=False, metavar="[FILE|-]")
@desk_option
@json_option
def test(file: str | None, db: Path, as_json: bool) -> Exit:
    """Run the examples that a policy brings. Ends with 1 where one fails, and says why."""
    data, source = chosen(file, db)
    policy = parse_policy(data, source=source)
    outcomes = run_examples(policy)
    failing = [one for one in outcomes if not one.ok]
    if as_json:
        data_json([_outcome_json(one) for one in outcomes])
    else:
        _page_of_examples(policy, outcomes)
    held = len(outcomes) - len(failing)
    say(f"{held} of {len(outcomes):,} examples hold" if outcomes else _no_examples(source))
    return Exit.FAILED if failing else Exit.DONE


def _refused(lines: list[str], *, as_json: bool) -> Exit:
    """A file that is no policy at all; there was nothing to walk."""
    if as_json:
        findings: list[JsonValue] = [{"kind": "invalid", "text": line} for line in lines]
        data_json({"ok": False, "walked": [], "findings": findings, "notes": []})
    else:
        for line in lines:
            paragraph(line)
    say(_REFUSED)
    return Exit.FAILED


def _proof(policy: Policy, notes: tuple[str, ...], source: str, *, as_json: bool) -> Exit:
    proof = prove(policy)
    told = lines_of(policy, proof, source=source)
    if as_json:
        data_json(_proof_json(proof, told) | {"notes": [*notes]})
    else:
        grid(("action", "cases", "looked at", "tiers"), [_walked(one) for one in proof.walked])
        for line in (*told, *(f"note: {note}" for note in notes)):
            paragraph(line)
    say(_PROVEN if proof.ok else _REFUSED)
    return Exit.DONE if proof.ok else Exit.FAILED


def _walked(one: Walked) -> tuple[str, ...]:
    tiers = ", ".join(tier_words(tier) for tier in one.tiers)
    how = "each" if one.whole else "rule by rule, and a sample"
    return one.action, f"{one.cells:,}", how, tiers


def _proof_json(proof: Proof, told: list[str]) -> dict[str, JsonValue]:
    return {
        "ok": proof.ok,
        "policy_sha256": proof.policy_sha256,
        "whole": proof.whole,
        "walked": [
            {"action": one.action, "cells": one.cells, "whole": one.whole, "tiers": [*one.tiers]}
            for one in proof.walked
        ],
        "findings": [
            {"kind": one.kind, "refuses": one.refuses, "text": line}
            for one, line in zip(proof.findings, told, strict=True)
        ],
    }


def _page_of_examples(policy: Policy, outcomes: tuple[Outcome, ...]) -> None:
    rows = [
        ("holds" if one.ok else "FAILS", one.name, _why(policy, at, one))
        for at, one in enumerate(outcomes)
    ]
    columns(sorted(rows, key=lambda row: row[0]))


def _why(policy: Policy, at: int, one: Outcome) -> str:
    """The tier where it is as expected; otherwise what was expected, and all that spoke for it."""
    if one.ok:
        return tier_words(one.found)
    triggers = evaluate(policy, facts_of(policy, policy.examples[at])).triggers
    reasons = "; ".join(dict.fromkeys(f"{why.rule} {why.observed}" for why in triggers))
    return f"{_difference(one)}. What speaks: {reasons}"


def _difference(one: Outcome) -> str:
    if one.found is not one.expected:
        return f"expected {tier_words(one.expected)}, got {tier_words(one.found)}"
    return f"expected {_rules(one.expected_rules)} to match, got {_rules(one.found_rules)}"


def _rules(names: frozenset[str] | None) -> str:
    return ", ".join(sorted(names or ())) or "no rule"


def _no_examples(source: str) -> str:
    return f"{source} has no [[examples]]; write one for each case that somebody will ask about"


def _outcome_json(one: Outcome) -> JsonValue:
    wanted = one.expected_rules
    return {
        "name": one.name,
        "ok": one.ok,
        "expected": one.expected.value,
        "got": one.found.value,
        "expected_rules": None if wanted is None else [*sorted(wanted)],
        "got_rules": [*sorted(one.found_rules)],
        "problem": one.problem,
    }
