"""What an agent's proposal gets, and the reasons it is given."""

import datetime as dt
from typing import Any

import pytest

from overread_queue.policy import Facts, Fallback, Ruling, evaluate
from overread_queue.policy.rulechecks import BUILT_IN
from overread_queue.states import Tier
from policy_factory import NOON, TODAY, Table, facts, parameter, policy, rule, signal, table

UNSURE = rule("unsure", "hard_approval", signal("confidence", "<", 0.8), kind="confidence")
DEAR = rule("dear", "hard_stop", parameter("amount", ">", 250))


def ruled(content: Table, **known: Any) -> Ruling:
    return evaluate(policy(content), facts(**known))


def reasons(ruling: Ruling) -> list[tuple[str, object]]:
    return [(one.rule, one.observed) for one in ruling.triggers]


def test_a_matching_rule_says_what_was_seen_against_what() -> None:
    ruling = ruled(table(rules=[UNSURE]), signals={"confidence": 0.62})
    assert (ruling.tier, ruling.rules) == (Tier.HARD_APPROVAL, ("unsure",))
    first = ruling.triggers[0]
    assert (first.kind, first.rule, first.signal) == ("confidence", "unsure", "confidence")
    assert (first.observed, first.comparison, first.threshold) == (0.62, "<", 0.8)
    assert reasons(ruling)[-1] == ("risk-map", "low impact, reversible")


def test_a_rule_that_is_outdone_is_named_too() -> None:
    ruling = ruled(
        table(rules=[UNSURE, DEAR]), signals={"confidence": 0.1}, parameters={"amount": 300}
    )
    assert (ruling.tier, ruling.rules) == (Tier.HARD_STOP, ("dear", "unsure"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (True, True),
        (2**53 + 1, "a number too large"),
        (10**400, "a number too large"),
        ("0.9", "0.9"),
        ([0.9], "1 values"),
        ({"a": 1}, "1 values"),
        (1.01, 1.01),
        (-0.01, -0.01),
    ],
)
def test_a_signal_that_cannot_be_trusted_waits_for_a_person(value: object, shown: object) -> None:
    for content in (table(), table(rules=[UNSURE])):
        ruling = ruled(content, signals={"confidence": value})
        assert ruling.tier is Tier.HARD_APPROVAL
        assert reasons(ruling)[0] == ("unusable-input", shown)


def test_a_signal_nobody_asks_for_may_be_missing() -> None:
    assert ruled(table(), signals={}).tier is Tier.AUTONOMOUS


def test_a_signal_that_a_rule_asks_for_may_not() -> None:
    ruling = ruled(table(rules=[UNSURE]), signals={})
    assert (ruling.tier, ruling.rules) == (Tier.HARD_APPROVAL, ())
    assert reasons(ruling)[0] == ("missing-input", "missing")


def test_leaving_out_the_amount_does_not_get_around_a_stop() -> None:
    assert ruled(table(rules=[DEAR]), parameters={}).tier is Tier.HARD_STOP


def test_what_another_condition_rules_out_need_not_be_known() -> None:
    both = rule("both", "hard_stop", parameter("amount", ">", 250), signal("risk", ">", 0.5))
    assert ruled(table(rules=[both]), signals={}, parameters={"amount": 3}).tier is Tier.AUTONOMOUS


@pytest.mark.parametrize("value", ["250", True, [250], float("nan"), 2**60])
def test_a_parameter_of_another_type_waits_for_a_person(value: object) -> None:
    ruling = ruled(table(), parameters={"amount": value})
    assert ruling.tier is Tier.HARD_APPROVAL
    assert ruling.triggers[0].rule == "unusable-input"


@pytest.mark.parametrize("written", ["gbp", " GBP ", "ＧＢＰ", "Gbp\t"])
def test_a_list_is_not_evaded_by_spelling(written: str) -> None:
    watch = {"id": "w", "parameter": "currency", "entries": ["GBP"], "tier": "hard_stop"}
    ruling = ruled(table(watchlists=[watch]), parameters={"currency": written})
    assert (ruling.tier, ruling.rules) == (Tier.HARD_STOP, ("w",))


def test_nor_by_a_text_too_long_to_compare() -> None:
    watch = {"id": "w", "parameter": "currency", "entries": ["GBP"], "tier": "hard_stop"}
    ruling = ruled(table(watchlists=[watch]), parameters={"currency": "GBP" + " " * 2000})
    assert ruling.tier is Tier.HARD_STOP
    assert reasons(ruling)[0] == ("unusable-input", "text of 2,003 characters")


def test_what_an_agent_sends_reaches_people_as_one_safe_line() -> None:
    ruling = ruled(table(), parameters={"amount": "\x1b[2J\nok\u202e" * 90})
    observed = ruling.triggers[0].observed
    assert isinstance(observed, str)
    assert observed.isprintable()


def test_an_unknown_action_waits_for_the_owner() -> None:
    ruling = ruled(table(), action_type="credit; drop\ntable")
    assert (ruling.tier, ruling.pool, ruling.role) == (Tier.HARD_APPROVAL, "lead", "lead")
    assert reasons(ruling) == [("unknown-action", "not in the policy")]
    assert (ruling.impact, ruling.reversibility) == ("critical", "irreversible")
    assert ruled(table(), action_type="nothing", permitted=False).tier is Tier.HARD_STOP


def test_outside_its_list_an_agent_does_not_act_at_all() -> None:
    ruling = ruled(table(), permitted=False)
    assert ruling.tier is Tier.HARD_STOP
    assert reasons(ruling)[0] == ("agent-actions", "not permitted")


def test_an_open_breaker_raises_as_far_as_the_policy_says() -> None:
    assert ruled(table(), breaker_open=True).tier is Tier.HARD_APPROVAL
    softer = table(breaker={"raise_to": "notify"})
    ruling = ruled(softer, breaker_open=True)
    assert (ruling.tier, ruling.triggers[0].rule) == (Tier.NOTIFY, "circuit-breaker")


@pytest.mark.parametrize(
    ("stale", "tier", "returned"),
    [
        ("raise", Tier.HARD_APPROVAL, False),
        ("return", Tier.AUTONOMOUS, True),
        ("show", Tier.AUTONOMOUS, False),
    ],
)
def test_stale_evidence_does_what_the_policy_says(stale: str, tier: Tier, returned: bool) -> None:
    ruling = ruled(table(freshness={"stale": stale}), stale_evidence=2)
    assert (ruling.tier, ruling.return_brief) == (tier, returned)
    assert ruled(table(freshness={"stale": stale})).return_brief is False


SOFT = rule("soft", "soft_review", signal("risk", ">", 0.5))


@pytest.mark.parametrize(
    ("known", "tier", "why"),
    [
        ({}, Tier.SOFT_REVIEW, None),
        ({"compensation": None}, Tier.HARD_APPROVAL, "no compensating action"),
        ({"compensation": "credit"}, Tier.HARD_APPROVAL, "credit"),
        ({"reversibility": "irreversible"}, Tier.HARD_APPROVAL, None),
    ],
)
def test_only_what_can_be_taken_back_is_reviewed_afterwards(
    known: dict[str, Any], tier: Tier, why: str | None
) -> None:
    ruling = ruled(table(rules=[SOFT]), signals={"risk": 0.9}, **known)
    assert ruling.tier is tier
    assert dict(reasons(ruling)).get("cannot-be-taken-back") == why


def exemption(expires: dt.date = TODAY) -> Table:
    reason = "412 in a row without a change"
    return {
        "id": "trial",
        "action": "credit",
        "owner": "Mirela",
        "expires": expires,
        "reason": reason,
    }


def test_an_exemption_takes_one_tier_off_and_says_so() -> None:
    content = table(rules=[UNSURE], exemptions=[exemption()])
    ruling = ruled(content, signals={"confidence": 0.5})
    assert (ruling.tier, ruling.exemption) == (Tier.SOFT_REVIEW, "trial")
    assert ruled(content).exemption is None


def test_an_exemption_holds_through_its_last_day() -> None:
    content = table(rules=[UNSURE], exemptions=[exemption()])
    midnight = int(dt.datetime(2026, 11, 19, tzinfo=dt.UTC).timestamp() * 1000)
    assert midnight > NOON
    for at, tier in ((midnight - 1, Tier.SOFT_REVIEW), (midnight, Tier.HARD_APPROVAL)):
        assert ruled(content, signals={"confidence": 0.5}, at=at).tier is tier


@pytest.mark.parametrize(
    "known",
    [
        {"reversibility": "irreversible"},
        {"signals": {}},
        {"breaker_open": True},
        {"parameters": {"amount": "3"}},
    ],
)
def test_no_exemption_from_what_must_not_be_loosened(known: dict[str, Any]) -> None:
    content = table(rules=[UNSURE], exemptions=[exemption()])
    assert ruled(content, **known).tier is Tier.HARD_APPROVAL


def test_a_halt_outdoes_everything_and_comes_first_among_the_reasons() -> None:
    content = table(rules=[UNSURE], exemptions=[exemption()])
    for known in ({}, {"action_type": "nothing"}, {"permitted": False, "breaker_open": True}):
        ruling = ruled(content, halted=True, **known)
        assert (ruling.tier, ruling.triggers[0].rule) == (Tier.HARD_STOP, "halt")


def test_no_exemption_from_a_watchlist() -> None:
    watch = {"id": "w", "parameter": "currency", "entries": ["EUR"], "tier": "hard_approval"}
    content = table(watchlists=[watch], exemptions=[exemption()])
    assert ruled(content).tier is Tier.HARD_APPROVAL


def test_a_tier_has_its_own_people_and_its_own_time() -> None:
    cell = {"role": "second", "substitute": "refunds", "sla": "30m", "dual": True}
    content = table(rules=[UNSURE], governance={"credit": {"hard_approval": cell}})
    ruling = ruled(content, signals={"confidence": 0.1})
    assert (ruling.pool, ruling.role, ruling.substitute) == ("second", "second", "refunds")
    assert (ruling.sla_seconds, ruling.dual, ruling.latency_tolerance_seconds) == (1800, True, 1800)
    assert (ruling.fallback, ruling.on_silence) == (Fallback("senior", "lead"), "Lead takes over")
    usual = ruled(content)
    assert (usual.pool, usual.role, usual.substitute) == ("refunds", "refunds", "lead")
    assert (usual.sla_seconds, usual.dual, usual.expected_seconds) == (14_400, False, 180)
    assert usual.on_silence == "the lead takes over"


def test_a_tier_can_end_otherwise() -> None:
    cell = {"fallback": "safe_default"}
    ruling = ruled(table(governance={"credit": {"autonomous": cell}}))
    assert (ruling.fallback, ruling.on_silence) == (
        Fallback("safe_default"),
        "the safe default is taken",
    )


def test_a_policy_can_be_read_for_who_may_decide() -> None:
    content = table(governance={"credit": {"hard_stop": {"role": "second", "substitute": "lead"}}})
    found = policy(content)
    assert found.deciding_roles("credit", Tier.HARD_STOP) == {"second", "lead"}
    assert found.deciding_roles("credit", Tier.HARD_APPROVAL) == {"refunds", "second", "lead"}


def test_the_reasons_that_every_policy_has_are_reserved() -> None:
    seen: set[str] = set()
    content = table(freshness={"stale": "raise"}, rules=[SOFT, UNSURE])
    for known in (
        {"halted": True, "permitted": False, "breaker_open": True, "stale_evidence": 1},
        {"signals": {"confidence": 0.9, "risk": True}, "reversibility": "compensable"},
        {"signals": {}},
        {"signals": {"confidence": 0.9, "risk": 0.9}, "compensation": None},
        {"action_type": "nothing"},
    ):
        seen |= {one.rule for one in evaluate(policy(content), facts(**known)).triggers}
    assert seen - {"soft", "unsure"} == BUILT_IN - {"agent-asked"}


def test_the_facts_need_nothing_but_who_what_and_when() -> None:
    least = Facts(agent="a", action_type="credit", at=NOON)
    assert evaluate(policy(table()), least).tier is Tier.HARD_APPROVAL
