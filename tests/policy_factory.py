"""Policies for tests: a small one to change, and as many random ones as one likes."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import tomli_w
from hypothesis import strategies as st

from overread_queue.policy import Facts, Policy, parse_policy

NOON = 1_795_000_000_000
TODAY = dt.date(2026, 11, 18)
Table = dict[str, Any]

BASE: Table = {
    "schema": "overread/policy/1",
    "name": "Small desk",
    "owner": "lead",
    "risk": {
        "low": {
            "reversible": "autonomous",
            "compensable": "notify",
            "irreversible": "hard_approval",
        },
        "medium": {
            "reversible": "notify",
            "compensable": "soft_review",
            "irreversible": "hard_approval",
        },
        "high": {
            "reversible": "soft_review",
            "compensable": "hard_approval",
            "irreversible": "hard_approval",
        },
        "critical": {
            "reversible": "hard_approval",
            "compensable": "hard_approval",
            "irreversible": "hard_stop",
        },
    },
    "pools": {
        "refunds": {"label": "Refunds", "role": "refunds", "next": "second", "senior": "lead"},
        "second": {"label": "Second line", "role": "second", "senior": "lead"},
        "lead": {"label": "Lead", "role": "lead"},
    },
    "actions": {
        "credit": {
            "label": "Credit an account",
            "impact": "low",
            "reversibility": "reversible",
            "pool": "refunds",
            "sla": "4h",
            "minutes": 3,
            "fallback": "senior",
            "on_silence": "the lead takes over",
            "parameters": {"amount": "amount", "currency": "text", "urgent": "boolean"},
            "compensations": ["debit"],
        },
    },
}


def table(**parts: Any) -> Table:
    """The small policy with these top-level parts."""
    return {**copy.deepcopy(BASE), **parts}


def policy(content: Table) -> Policy:
    return parse_policy(to_bytes(content), source="policy.toml")


def to_bytes(content: Table) -> bytes:
    return tomli_w.dumps(content).encode()


def rule(id: str, tier: str, *when: Table, **more: Any) -> Table:
    return {"id": id, "kind": "business_rule", "when": list(when), "tier": tier, **more}


def signal(name: str, operator: str, value: float) -> Table:
    return {"signal": name, "is": operator, "value": value}


def parameter(name: str, operator: str, value: object) -> Table:
    return {"parameter": name, "is": operator, "value": value}


def facts(**known: Any) -> Facts:
    """A credit that nothing speaks against."""
    usual: dict[str, Any] = {
        "agent": "refund-agent",
        "action_type": "credit",
        "at": NOON,
        "reversibility": "reversible",
        "compensation": "debit",
        "data_class": "internal",
        "model_version": "7.1",
        "signals": {"confidence": 0.9, "risk": 0.1, "ood": 0.1},
        "parameters": {"amount": 20.0, "currency": "EUR", "urgent": False},
    }
    return Facts(**{**usual, **known})


CUTS = [0.2, 0.5, 0.8]
SUMS = [0.0, 100.0, 250.0]
WORDS = ["EUR", "USD", "GBP"]
ODD: list[object] = [None, float("nan"), float("inf"), True, 2**60, "0.5", [0.5]]
"""What no number is."""

TIERS = st.sampled_from(["notify", "soft_review", "hard_approval", "hard_stop"])
_SIGNALS = st.sampled_from(["confidence", "risk", "ood"])
_ANY = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])


def conditions(*, worse_only: bool = False) -> st.SearchStrategy[Table]:
    """Conditions of every kind; `worse_only`: of those that hold on to what is worse."""
    higher = st.sampled_from([">", ">="]) if worse_only else _ANY
    lower = st.sampled_from(["<", "<="]) if worse_only else _ANY
    return st.one_of(
        st.builds(signal, st.just("confidence"), lower, st.sampled_from(CUTS)),
        st.builds(signal, st.sampled_from(["risk", "ood"]), higher, st.sampled_from(CUTS)),
        st.builds(parameter, st.just("amount"), higher, st.sampled_from(SUMS)),
        st.builds(
            parameter,
            st.just("currency"),
            st.sampled_from(["in", "not in"]),
            st.lists(st.sampled_from(WORDS), min_size=1, max_size=2),
        ),
        st.builds(parameter, st.just("urgent"), st.sampled_from(["=", "!="]), st.booleans()),
        st.just({"data_class": ["restricted"]}),
        st.just({"data_class": ["confidential", "restricted"]}),
        st.sampled_from([{"agent": "pilot"}, {"model_version": ["7.1", "7.2"], "is": "not in"}]),
    )


@st.composite
def policies(draw: st.DrawFn, *, worse_only: bool = False) -> Table:
    """A valid policy with a few random rules."""
    one = conditions(worse_only=worse_only)
    wanted = draw(st.lists(st.tuples(TIERS, st.lists(one, min_size=1, max_size=3)), max_size=5))
    content = table(rules=[rule(f"r{at}", tier, *when) for at, (tier, when) in enumerate(wanted)])
    content["actions"]["credit"]["impact"] = draw(st.sampled_from(["low", "medium", "high"]))
    if draw(st.booleans()):
        content["watchlists"] = [
            {"id": "w", "parameter": "currency", "entries": ["GBP"], "tier": draw(TIERS)}
        ]
    if draw(st.booleans()):
        expires = TODAY + dt.timedelta(days=draw(st.integers(-1, 1)))
        content["exemptions"] = [
            {"id": "x", "action": "credit", "owner": "lead", "expires": expires, "reason": "trial"}
        ]
    return content


def _near(cuts: list[float]) -> st.SearchStrategy[object]:
    """On each cut, beside it, and what is no number."""
    values = [value for cut in cuts for value in (cut, cut - 0.1, cut + 0.1)]
    return st.sampled_from([*values, *ODD])


@st.composite
def proposals(draw: st.DrawFn) -> Facts:
    """Facts of every kind, well-formed or not."""
    signals = {name: draw(_near(CUTS)) for name in ("confidence", "risk", "ood")}
    parameters = {
        "amount": draw(_near(SUMS)),
        "currency": draw(st.sampled_from([*WORDS, " eur ", "CHF", "", None, 3, "x" * 2000])),
        "urgent": draw(st.sampled_from([True, False, None, "true"])),
    }
    return facts(
        signals={name: value for name, value in signals.items() if value is not None},
        parameters={name: value for name, value in parameters.items() if value is not None},
        reversibility=draw(st.sampled_from(["reversible", "compensable", "irreversible"])),
        compensation=draw(st.sampled_from(["debit", "something", None])),
        data_class=draw(
            st.sampled_from(["public", "internal", "confidential", "restricted", None])
        ),
        agent=draw(st.sampled_from(["refund-agent", "pilot"])),
        model_version=draw(st.sampled_from(["7.1", "8.0", None])),
        permitted=draw(st.sampled_from([True, True, True, False])),
        breaker_open=draw(st.sampled_from([False, False, False, True])),
        halted=draw(st.sampled_from([False, False, False, False, True])),
    )
