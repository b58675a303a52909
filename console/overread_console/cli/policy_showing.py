"""The policy in force as a page that a reviewer, a lead or an auditor can read."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import JsonValue

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option
from overread_console.cli.pages import columns, grid, heading, paragraph
from overread_console.cli.policy_files import in_force
from overread_console.cli.talk import data_json
from overread_console.flow.policy_tables import (
    ACTIONS_HEAD,
    MATRIX_HEAD,
    POOLS_HEAD,
    RISK_HEAD,
    about_rows,
    action_rows,
    exemption_rows,
    matrix_rows,
    pool_rows,
    risk_rows,
    rule_rows,
)
from overread_queue.friction.relaxed import relaxed
from overread_queue.policy.governance import Duty
from overread_queue.policy.model import Policy
from overread_queue.states import Tier


@click.command()
@click.option("--governance", is_flag=True, help="Only who answers for what, at every tier.")
@desk_option
@json_option
def show(governance: bool, db: Path, as_json: bool) -> Exit:
    """The policy in force: tiers, people, deadlines, rules. Anybody may read it."""
    policy = in_force(db)
    if as_json:
        data_json(_matrix_json(policy) if governance else _policy_json(policy))
    elif governance:
        grid(MATRIX_HEAD, list(matrix_rows(policy)))
    else:
        _page(policy)
    return Exit.DONE


def _page(policy: Policy) -> None:
    columns(about_rows(policy))
    heading("TIERS BY IMPACT AND REVERSIBILITY")
    grid(RISK_HEAD, list(risk_rows(policy)), indent=2)
    heading("ACTIONS")
    grid(ACTIONS_HEAD, list(action_rows(policy)), indent=2)
    heading("WHO ANSWERS")
    grid(MATRIX_HEAD, list(matrix_rows(policy)), indent=2)
    heading("POOLS")
    grid(POOLS_HEAD, list(pool_rows(policy)), indent=2)
    _rules(policy)
    notes = relaxed(policy.friction)
    if notes:
        heading("LESS ASKED OF REVIEWERS THAN BY DEFAULT")
    for note in notes:
        paragraph(note, indent=2)


def _rules(policy: Policy) -> None:
    heading("RULES, OF WHICH THE MOST SEVERE THAT HOLDS COUNTS")
    rows = rule_rows(policy)
    columns(rows, indent=2)
    if not rows:
        paragraph("none: the tier is the one to begin with", indent=2)
    if policy.exemptions:
        heading("EXEMPTIONS, ONE TIER EACH")
        columns(list(exemption_rows(policy)), indent=2)


def _policy_json(policy: Policy) -> JsonValue:
    """The file's content with every default, its digest, and the matrix with no cell left open."""
    content: dict[str, JsonValue] = policy.model_dump(mode="json", by_alias=True)
    notes: list[JsonValue] = [*relaxed(policy.friction)]
    return {"sha256": policy.sha256, **content, "duties": _matrix_json(policy), "notes": notes}


def _matrix_json(policy: Policy) -> JsonValue:
    return {
        action: {tier.value: _duty_json(policy.duty(action, tier)) for tier in Tier}
        for action in policy.actions
    }


def _duty_json(duty: Duty) -> JsonValue:
    return {
        "pool": duty.pool,
        "role": duty.role,
        "substitute": duty.substitute,
        "sla_seconds": duty.sla_seconds,
        "latency_tolerance_seconds": duty.latency_tolerance_seconds,
        "fallback": duty.fallback.kind,
        "fallback_pool": duty.fallback.pool,
        "on_silence": duty.on_silence,
        "dual": duty.dual,
    }
