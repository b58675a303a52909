"""The policy in force as tables of plain words, for every face that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from overread_console.flow.policy_words import rule_words, tiers_words, watchlist_words
from overread_console.flow.words import count, duration, tier_words
from overread_queue.policy.governance import Duty
from overread_queue.policy.model import REVERSIBILITIES, Policy, Pool
from overread_queue.policy.settings import IMPACTS
from overread_queue.routing.pressure import Depth, filled, level_at
from overread_queue.states import Tier

Row = tuple[str, ...]

RISK_HEAD: Row = ("", *REVERSIBILITIES)
ACTIONS_HEAD: Row = ("action", "to begin with", "impact", "what it is")
POOLS_HEAD: Row = ("pool", "role", "full at", "overflows to", "senior")
MATRIX_HEAD: Row = (
    "action",
    "tiers",
    "approved by",
    "or",
    "within",
    "can wait",
    "if nobody answers",
)


def about_rows(policy: Policy) -> tuple[Row, ...]:
    """Whose it is, which version, and who must agree to a change."""
    owner = policy.pools[policy.owner]
    return (
        ("policy", policy.name),
        ("owner", f"{owner.label} (role {owner.role})"),
        ("digest", policy.sha256),
        ("to activate", ", ".join(policy.signoff.activate) or "a lead"),
        ("to loosen", ", ".join(policy.signoff.loosen) or "nobody else"),
    )


def risk_rows(policy: Policy) -> Iterator[Row]:
    """The tier to begin with, by impact and reversibility."""
    for impact in IMPACTS:
        row = policy.risk.row(impact)
        yield (f"{impact} impact", *(tier_words(row.tier(how)) for how in REVERSIBILITIES))


def action_rows(policy: Policy) -> Iterator[Row]:
    """Every action type and where it begins."""
    for name, rule in policy.actions.items():
        impact = f"{rule.impact}, {rule.reversibility}"
        base = policy.risk.tier(rule.impact, rule.reversibility)
        yield name, tier_words(base), impact, rule.label


def matrix_rows(policy: Policy) -> Iterator[Row]:
    """A row for all tiers of an action at which the same people do the same."""
    for action in policy.actions:
        duties = [policy.duty(action, tier) for tier in Tier]
        for cells, same in groupby(duties, key=_cells):
            yield action, tiers_words([duty.tier for duty in same]), *cells


def pool_rows(policy: Policy) -> Iterator[Row]:
    """Every pool, its limits and where its work goes."""
    for name, pool in policy.pools.items():
        yield name, pool.role, limit_words(pool), pool.next or "nobody", pool.senior or "nobody"


def now_rows(policy: Policy, depths: Mapping[str, Depth]) -> Iterator[Row]:
    """What every pool has to do now."""
    for name in policy.pools:
        depth = depths.get(name, Depth())
        work = f"{count(depth.items, 'item')}, {duration(depth.seconds)} of work"
        yield name, work, pressure_word(policy, name, depth) or "no limit"


def rule_rows(policy: Policy) -> tuple[Row, ...]:
    """Rules and watchlists, each as a sentence."""
    return (
        *((one.id, rule_words(one)) for one in policy.rules),
        *((one.id, watchlist_words(one)) for one in policy.watchlists),
    )


def exemption_rows(policy: Policy) -> Iterator[Row]:
    """Who let an action through more mildly, and until when."""
    for one in policy.exemptions:
        yield one.id, f"{one.action} until {one.expires}, on {one.owner}'s account: {one.reason}"


def limit_words(pool: Pool) -> str:
    """`60 items or 240 minutes`, or `never`."""
    items = f"{pool.max_items:,} items" if pool.max_items else ""
    minutes = f"{pool.max_minutes:g} minutes" if pool.max_minutes else ""
    return " or ".join(filter(None, (items, minutes))) or "never"


def pressure_word(policy: Policy, pool: str, depth: Depth) -> str:
    """`open`, `busy` or `full`; empty for a pool without limits."""
    limits = policy.pools[pool]
    if not (limits.max_items or limits.max_minutes):
        return ""
    return level_at(filled(policy, pool, depth))


def _cells(duty: Duty) -> Row:
    return (
        f"{duty.role}, two people" if duty.dual else duty.role,
        duty.substitute,
        duration(duty.sla_seconds),
        duration(duty.latency_tolerance_seconds),
        duty.on_silence,
    )
