"""The policy in force as a page that a reviewer, a lead or an auditor can read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click
from pydantic import JsonValue

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option
from overread_console.cli.pages import columns, grid, heading, paragraph
from overread_console.cli.policy_files import in_force
from overread_console.cli.policy_words import rule_words, tiers_words, watchlist_words
from overread_console.cli.talk import data_json
from overread_console.flow.words import duration, tier_words
from overread_queue.policy.governance import Duty
from overread_queue.policy.model import REVERSIBILITIES, Policy
from overread_queue.policy.settings import IMPACTS
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
        grid(_MATRIX_HEAD, list(_matrix(policy)))
    else:
        _page(policy)
    return Exit.DONE


_ACTIONS_HEAD = ("action", "to begin with", "impact", "what it is")
_POOLS_HEAD = ("pool", "role", "full at", "overflows to", "senior")
_MATRIX_HEAD = ("action", "tiers", "approved by", "or", "within", "can wait", "if nobody answers")


def _page(policy: Policy) -> None:
    owner = policy.pools[policy.owner]
    columns(
        [
            ("policy", policy.name),
            ("owner", f"{owner.label} (role {owner.role})"),
            ("digest", policy.sha256),
            ("to activate", ", ".join(policy.signoff.activate) or "a lead"),
            ("to loosen", ", ".join(policy.signoff.loosen) or "nobody else"),
        ]
    )
    heading("TIERS BY IMPACT AND REVERSIBILITY")
    grid(("", *REVERSIBILITIES), list(_risk(policy)), indent=2)
    heading("ACTIONS")
    grid(_ACTIONS_HEAD, list(_actions(policy)), indent=2)
    heading("WHO ANSWERS")
    grid(_MATRIX_HEAD, list(_matrix(policy)), indent=2)
    heading("POOLS")
    grid(_POOLS_HEAD, list(_pools(policy)), indent=2)
    _rules(policy)


def _risk(policy: Policy) -> Iterator[tuple[str, ...]]:
    for impact in IMPACTS:
        row = policy.risk.row(impact)
        yield (f"{impact} impact", *(tier_words(row.tier(how)) for how in REVERSIBILITIES))


def _actions(policy: Policy) -> Iterator[tuple[str, ...]]:
    for name, rule in policy.actions.items():
        impact = f"{rule.impact}, {rule.reversibility}"
        base = policy.risk.tier(rule.impact, rule.reversibility)
        yield name, tier_words(base), impact, rule.label


def _matrix(policy: Policy) -> Iterator[tuple[str, ...]]:
    """A row for all tiers of an action at which the same people do the same."""
    for action in policy.actions:
        duties = [policy.duty(action, tier) for tier in Tier]
        for cells, same in groupby(duties, key=_cells):
            yield action, tiers_words([duty.tier for duty in same]), *cells


def _cells(duty: Duty) -> tuple[str, ...]:
    return (
        f"{duty.role}, two people" if duty.dual else duty.role,
        duty.substitute,
        duration(duty.sla_seconds),
        duration(duty.latency_tolerance_seconds),
        duty.on_silence,
    )


def _pools(policy: Policy) -> Iterator[tuple[str, ...]]:
    for name, pool in policy.pools.items():
        items = f"{pool.max_items:,} items" if pool.max_items else ""
        minutes = f"{pool.max_minutes:g} minutes" if pool.max_minutes else ""
        limit = " or ".join(filter(None, (items, minutes))) or "never"
        yield name, pool.role, limit, pool.next or "nobody", pool.senior or "nobody"


def _rules(policy: Policy) -> None:
    heading("RULES, OF WHICH THE MOST SEVERE THAT HOLDS COUNTS")
    rows = [
        *((one.id, rule_words(one)) for one in policy.rules),
        *((one.id, watchlist_words(one)) for one in policy.watchlists),
    ]
    columns(rows, indent=2)
    if not rows:
        paragraph("none: the tier is the one to begin with", indent=2)
    if policy.exemptions:
        heading("EXEMPTIONS, ONE TIER EACH")
        columns([_exemption(policy, at) for at in range(len(policy.exemptions))], indent=2)


def _exemption(policy: Policy, at: int) -> tuple[str, str]:
    one = policy.exemptions[at]
    return one.id, f"{one.action} until {one.expires}, on {one.owner}'s account: {one.reason}"


def _policy_json(policy: Policy) -> JsonValue:
    """The file's content with every default, its digest, and the matrix with no cell left open."""
    content: dict[str, JsonValue] = policy.model_dump(mode="json", by_alias=True)
    return {"sha256": policy.sha256, **content, "duties": _matrix_json(policy)}


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
