"""A slip in the rules of a policy is refused with its line and what to write instead."""

from pathlib import Path

import pytest

from overread_queue.errors import InvalidPolicy
from overread_queue.policy import parse_policy

SAMPLE = (Path(__file__).parents[2] / "sample_data" / "policy-clinic.toml").read_text()

RULE = '[[rules]]\nid = "unsure"\n'
DOSE = '{ parameter = "daily_dose_mg", is = ">", value = 200 }'
CONFIDENCE = '{ signal = "confidence", is = "<", value = 0.85 }'


def refusal(old: str, new: str) -> tuple[str, str]:
    """The refusal of the clinic's policy with one slip, and the line that it points to."""
    assert old in SAMPLE
    text = SAMPLE.replace(old, new, 1)
    with pytest.raises(InvalidPolicy) as refused:
        parse_policy(text.encode(), source="policy.toml")
    message = str(refused.value).split("\n")[0]
    return message, text.split("\n")[int(message.split(":")[1]) - 1]


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        (
            CONFIDENCE,
            CONFIDENCE.replace("confidence", "confidnce"),
            "did you mean 'confidence'?",
            "when",
        ),
        (
            CONFIDENCE,
            CONFIDENCE.replace("0.85", "85"),
            "lies from 0 to 1, so it is always or never < 85",
            "when",
        ),
        (CONFIDENCE, CONFIDENCE.replace("0.85", "true"), "only numbers have one", "when"),
        (CONFIDENCE, CONFIDENCE.replace("0.85", "nan"), "finite number", "when"),
        (CONFIDENCE, CONFIDENCE.replace("0.85", "inf"), "finite number", "when"),
        (
            CONFIDENCE,
            CONFIDENCE.replace('"<"', '"=<"'),
            "'<', '<=', '>', '>=', '=', '!=', 'in' or 'not in'",
            "when",
        ),
        (CONFIDENCE, CONFIDENCE.replace(", value = 0.85", ""), "needs `is` and `value`", "when"),
        (
            CONFIDENCE,
            '{ is = "<", value = 0.85 }',
            "must name exactly one of signal, parameter",
            "when",
        ),
        (
            CONFIDENCE,
            CONFIDENCE.replace("{", '{ agent = "x",'),
            "write one condition for each",
            "when",
        ),
        (CONFIDENCE, CONFIDENCE.replace("value", "vale"), "did you mean 'value'?", "when"),
        (
            CONFIDENCE,
            CONFIDENCE.replace('"<", value = 0.85', '"in", value = ["a"]'),
            "is a number",
            "when",
        ),
        (
            DOSE,
            DOSE.replace("daily_dose_mg", "dose"),
            "prescription.repeat does not declare the parameter 'dose'",
            "when",
        ),
        (DOSE, DOSE.replace("200", '"200"'), "only numbers have one", "when"),
        (
            DOSE,
            DOSE.replace('">", value = 200', '"in", value = ["200"]'),
            "is declared 'amount'; compare it with a number",
            "when",
        ),
        (
            DOSE,
            DOSE.replace("daily_dose_mg", "substance"),
            "is declared 'text'; compare it with a text",
            "when",
        ),
        (
            '"to_patient", is = "=", value = true',
            '"to_patient", is = "=", value = "yes"',
            "'boolean'; write is = \"=\", value = true",
            "when",
        ),
        (
            '{ data_class = "restricted" }',
            '{ data_class = "secret" }',
            "data_class is one of public, internal",
            "when",
        ),
        (
            '{ model_version = ["4.1", "4.2"], is = "not in" }',
            '{ model_version = ["4.1"], is = "<" }',
            'is = "not in" for all others',
            "when",
        ),
        (
            '{ model_version = ["4.1", "4.2"], is = "not in" }',
            "{ model_version = [] }",
            "at least 1 item",
            "when",
        ),
        (
            RULE,
            RULE.replace("unsure", "unlike-before"),
            "'unlike-before' is there already",
            'id = "unlike-before"',
        ),
        (
            RULE,
            RULE.replace("unsure", "risk-map"),
            "is a reason that every policy has",
            'id = "risk-map"',
        ),
        (
            'actions = ["visit.move"]',
            'actions = ["visit.mve"]',
            "there is no action type 'visit.mve'; did you mean 'visit.move'?",
            "visit.mve",
        ),
        (
            'tier = "soft_review"',
            'tier = "autonomous"',
            "raises nothing to autonomous",
            "autonomous",
        ),
        ('tier = "soft_review"', 'tier = "soft"', "input should be", 'tier = "soft"'),
        ('kind = "anomaly"', 'kind = "odd"', "input should be", 'kind = "odd"'),
        (
            'parameter = "department"',
            'parameter = "ward"',
            "no action type declares the parameter 'ward'; add ward = \"text\"",
            "ward",
        ),
        (
            'parameter = "department"',
            'parameter = "pages"',
            "is declared 'amount'; a list holds texts",
            "pages",
        ),
        (
            'parameter = "department"',
            'fact = "agent"\nparameter = "department"',
            "looks at one thing",
            "watchlists",
        ),
        (
            'entries = ["oncology", "psychiatry", "palliative care"]',
            "entries = []",
            "at least 1 item",
            "entries",
        ),
        (
            'action = "invoice.issue"\nowner',
            'action = "record.merge"\nowner',
            "nothing irreversible is exempt",
            "record.merge",
        ),
        (
            'action = "invoice.issue"\nowner',
            'action = "invoice.isue"\nowner',
            "did you mean 'invoice.issue'?",
            "isue",
        ),
        ("expires = 2027-03-31", 'expires = "soon"', "valid date", "expires"),
        ('owner = "Dr. Mirela Cazan, medical director"\n', "", "owner: is missing", "exemptions"),
        (
            'substitute = "medical-director"',
            'substitute = "director"',
            "no pool has the role 'director'; did you mean 'medical-director'?",
            "director",
        ),
        (
            '[governance."record.merge".hard_stop]',
            '[governance."record.merge".stop]',
            "input should be",
            "record.merge",
        ),
        (
            '[governance."record.merge".hard_stop]',
            '[governance."record.marge".hard_stop]',
            "there is no action type 'record.marge'",
            "record.marge",
        ),
        (
            'role = "medical-director"\nsla = "4h"\nfallback = "fail"',
            'role = "medical-director"\nsla = "4h"',
            "pool 'medical-director' has no `senior`",
            "role",
        ),
        (
            'daily_dose_mg = "amount"',
            'daily_dose_mg = "money"',
            "'number', 'amount', 'text' or 'boolean'",
            "parameters",
        ),
        (
            'expect_rules = ["moved-far"]',
            'expect_rules = ["moved-fa"]',
            "there is no rule 'moved-fa'; did you mean 'moved-far'?",
            "moved-fa",
        ),
        ('worse = "higher"', 'worse = "more"', "'lower' or 'higher'", "worse"),
        ("least = 0\nmost = 1", "least = 1\nmost = 1", "must be more than least (1)", "most"),
        (
            "[signals.missing_history]",
            "[signals.confidence]",
            "is 'lower' for confidence, everywhere",
            "worse",
        ),
        (
            "withhold_fraction = 0.15",
            "withhold_fraction = 15",
            "less than or equal to 1",
            "withhold_fraction",
        ),
        ("day_items = 40", "day_items = 0", "greater than or equal to 1", "day_items"),
        ("max_minutes = 120", "max_minutes = nan", "finite number", "max_minutes"),
        ('stale = "return"', 'stale = "reject"', "'raise', 'return' or 'show'", "stale"),
        ("[breaker]", "[braker]", "did you mean 'breaker'?", "braker"),
        ("loosen =", "loosens =", "did you mean 'loosen'?", "loosens"),
    ],
)
def test_a_slip_is_named_where_it_stands(old: str, new: str, message: str, line: str) -> None:
    said, pointed = refusal(old, new)
    assert message in said
    assert line in pointed


def test_one_exemption_for_an_action_is_the_most() -> None:
    start = SAMPLE.index("[[exemptions]]")
    one = SAMPLE[start : SAMPLE.index("# ──", start)]
    said, pointed = refusal(one, one + one.replace("invoices-first", "invoices-second"))
    assert "invoice.issue is exempt already, and one tier is the most" in said
    assert "invoice.issue" in pointed


def test_a_role_that_works_several_pools_must_be_told_which() -> None:
    said, _ = refusal(
        '[pools.medical-director]\nlabel = "Medical director"',
        '[pools.second-director]\nlabel = "Deputy"\nrole = "medical-director"\n\n'
        '[pools.medical-director]\nlabel = "Medical director"',
    )
    assert "works the pools second-director, medical-director; name a role with one pool" in said


def test_signing_roles_must_be_held_where_reviewers_are_known() -> None:
    held = {"front-desk", "nursing-lead", "physician", "billing", "medical-director"}
    with pytest.raises(InvalidPolicy, match="no reviewer holds the role 'practice-it'"):
        parse_policy(SAMPLE.encode(), source="policy.toml", roles=held)
    assert parse_policy(SAMPLE.encode(), source="policy.toml", roles={*held, "practice-it"})
