"""What arrives becomes a brief, or a refusal that tells its author everything to change."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overread_briefs import InvalidBrief, parse_brief

MakeDocument = Callable[..., dict[str, Any]]


def refusal_of(document: object) -> dict[str, str]:
    with pytest.raises(InvalidBrief) as refusal:
        parse_brief(document if isinstance(document, bytes) else json.dumps(document).encode())
    assert str(refusal.value).splitlines() == [
        f"{fault.field}: {fault.problem}" for fault in refusal.value.faults
    ]
    return {fault.field: fault.problem for fault in refusal.value.faults}


def test_a_complete_brief_is_read_and_travels_unchanged(make_document: MakeDocument) -> None:
    brief = parse_brief(json.dumps(make_document()).encode())
    assert brief.question == "Refund $420.00 on order A-1009, 94 days after delivery?"
    assert brief.action.reversibility == "irreversible"
    assert parse_brief(brief.to_bytes()) == brief


@pytest.mark.parametrize(
    "part",
    [
        "schema",
        "accomplished",
        "question",
        "triggers",
        "evidence",
        "options",
        "action",
        "agent",
        "provenance",
    ],
)
def test_a_missing_part_is_named_with_what_belongs_there(
    make_document: MakeDocument, part: str
) -> None:
    document = make_document()
    del document[part]
    told = refusal_of(document)
    assert list(told) == [part]
    assert told[part].startswith("It is missing: ")
    assert told[part] != "It is missing: add it."


@pytest.mark.parametrize(
    "part", ["recommendation", "model", "run", "signals", "latency_tolerance", "tags"]
)
def test_other_parts_may_be_left_out(make_document: MakeDocument, part: str) -> None:
    document = make_document()
    document.pop(part, None)
    brief = parse_brief(json.dumps(document).encode())
    assert not getattr(brief, part)


FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown field": ({"evidense": []}, "evidense", "did you mean `evidence`?"),
    "the name Python uses": ({"schema_name": "x"}, "schema_name", "did you mean `schema`?"),
    "a field like no other": ({"xyzzy": 1}, "xyzzy", "No such field: remove it."),
    "an unknown field inside": (
        {"agent": {"name": "a", "version": "1", "verison": "1"}},
        "agent.verison",
        "did you mean `version`?",
    ),
    "an unknown field of an editable parameter": (
        {"action": {"type": "x", "editable": {"type": "object", "properties": {"a": {"typ": 1}}}}},
        "action.editable.properties.a.typ",
        "did you mean `type`?",
    ),
    "an empty list": ({"evidence": []}, "evidence", "List at least 1."),
    "too many": ({"tags": ["refund"] * 21}, "tags", "Keep it to 20 items"),
    "far too many, none of them right": ({"evidence": [{}] * 300}, "evidence", "it has 300."),
    "a wrong choice": ({"sensitivity": "secret"}, "sensitivity", "Use one of 'public', 'internal'"),
    "a name with a space": ({"run": "my run"}, "run", "Use 1 to 128 plain letters"),
    "a name with a look-alike": ({"run": "p\u0430y"}, "run", "Use 1 to 128 plain letters"),
    "a name with a line feed": ({"run": "run-1\n"}, "run", "Use 1 to 128 plain letters"),
    "a key in capitals": (
        {"recommendation": {"option": "Approve", "reason": "r", "confidence": 0.5}},
        "recommendation.option",
        "lower-case letters and digits",
    ),
    "a signal by a bad name": ({"signals": {"a b": 1}}, "signals.a b", "plain letters"),
    "a signal that is text": ({"signals": {"risk": "high"}}, "signals.risk", "Give a number."),
    "a blank question": ({"question": "  "}, "question", "not only spaces"),
    "an empty question": ({"question": ""}, "question", "Give some text"),
    "two lines": ({"question": "a\nb"}, "question", "one line"),
    "an endless line": ({"question": "x" * 301}, "question", "Keep it to 300 characters."),
    "a number in quotes": ({"latency_tolerance": "60"}, "latency_tolerance", "whole number"),
    "half a second": ({"latency_tolerance": 0.5}, "latency_tolerance", "whole number"),
    "no time at all": ({"latency_tolerance": 0}, "latency_tolerance", "at least 1."),
    "too sure": (
        {"recommendation": {"option": "approve", "reason": "r", "confidence": 1.5}},
        "recommendation.confidence",
        "at most 1.0.",
    ),
    "text for a list": ({"tags": "refund"}, "tags", "Give a list in [ ]."),
    "text for an object": ({"agent": "refund-agent"}, "agent", "Give an object in { }."),
    "a list for parameters": (
        {"action": {"type": "x", "parameters": []}},
        "action.parameters",
        "Give an object in { }.",
    ),
    "an object for a value": (
        {"triggers": [{"kind": "risk", "rule": "r", "observed": {}}]},
        "triggers.0.observed",
        "Give a number, one line of text, or true or false.",
    ),
    "a recommended option that is not offered": (
        {"recommendation": {"option": "wait", "reason": "r", "confidence": 0.5}},
        "brief",
        "use a key of `options`",
    ),
    "nothing that says yes": (
        {
            "options": [{"key": "no", "label": "No", "kind": "reject", "consequence": "stops"}],
            "recommendation": None,
        },
        "brief",
        "kind `approve` or `modify`",
    ),
    "two options of one key": (
        {
            "options": [
                {"key": "approve", "label": "Yes", "kind": "approve", "consequence": "goes"},
                {"key": "approve", "label": "Yes!", "kind": "approve", "consequence": "goes"},
            ]
        },
        "brief",
        "rename one",
    ),
    "evidence without substance": (
        {"evidence": [{"id": "a", "title": "t", "source": "s", "as_of": 0}]},
        "evidence.0",
        "Give `content`, or a `link`",
    ),
    "a patch on an approval": (
        {
            "options": [
                {
                    "key": "approve",
                    "label": "Yes",
                    "kind": "approve",
                    "consequence": "goes",
                    "patch": {"amount": 1},
                }
            ]
        },
        "options.0",
        "Remove `patch`",
    ),
    "another version": ({"schema": "overread/brief/2"}, "schema", "overread/brief/1 is read here"),
    "a version that is a number": ({"schema": 1}, "schema", "It is 1; overread/brief/1"),
}


@pytest.mark.parametrize(("parts", "field", "sentence"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_is_a_sentence_at_its_field(
    make_document: MakeDocument, parts: dict[str, Any], field: str, sentence: str
) -> None:
    told = refusal_of(make_document(**parts))
    assert sentence in told[field]
    assert told[field].endswith((".", "?"))


def test_all_faults_are_told_at_once(make_document: MakeDocument) -> None:
    document = make_document(question="", tags="x", evidense=[])
    del document["schema"]
    del document["evidence"]
    assert list(refusal_of(document)) == ["schema", "question", "evidence", "tags", "evidense"]


def test_another_version_is_told_only_that(make_document: MakeDocument) -> None:
    assert list(refusal_of(make_document(schema="overread/brief/9", novelty=1))) == ["schema"]


def test_a_flood_of_faults_is_counted_and_not_recited(make_document: MakeDocument) -> None:
    told = refusal_of(make_document(**{f"field-{number}": 0 for number in range(5000)}))
    assert len(told) == 21
    assert told["brief"] == "It has 4,980 more faults: fix these first."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "It is not JSON"),
        (b"question: refund?", "It is not JSON"),
        (b"[]", "Give one JSON object"),
        (b'{"signals": {"risk": NaN}}', "NaN is not a JSON number"),
        (b'{"question": "a", "question": "b"}', "appears twice"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "nests deeper"),
        pytest.param(b" " * 50_000_000, "50,000,000 bytes, 1,048,576 at most", id="50 MB"),
    ],
)
def test_bytes_that_are_no_document(data: bytes, sentence: str) -> None:
    told = refusal_of(data)
    assert list(told) == ["brief"]
    assert sentence in told["brief"]


def test_a_desk_may_read_less(make_document: MakeDocument) -> None:
    data = json.dumps(make_document()).encode()
    parse_brief(data, max_bytes=len(data))
    with pytest.raises(InvalidBrief, match="at most"):
        parse_brief(data, max_bytes=len(data) - 1)


def test_an_amount_that_others_would_read_differently_is_refused(
    make_document: MakeDocument,
) -> None:
    huge = {"type": "payments.refund", "parameters": {"cents": 2**53}}
    assert "pass it as a string" in refusal_of(make_document(action=huge))["brief"]


@given(st.dictionaries(st.text(max_size=12), st.none() | st.text(max_size=12), max_size=4))
def test_refusals_are_safe_to_print(
    make_document: MakeDocument, junk: dict[str, str | None]
) -> None:
    """Field names and values come from the agent: a refusal must not carry them raw."""
    junk = {f"\x1b{name}": value for name, value in junk.items()} | {"\x1b[2J\u202e": "x"}
    document = make_document(**junk, sensitivity="\x1b]0;owned\x07")
    try:
        parse_brief(json.dumps(document).encode())
    except InvalidBrief as refusal:
        text = str(refusal).replace("\n", "")
        assert all(unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cn"} for char in text)
    else:
        pytest.fail("unknown fields were accepted")


REPLACEMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(part=st.integers(0, 9), value=REPLACEMENTS)
def test_whatever_takes_a_part_s_place_is_refused_by_name_or_read(
    make_document: MakeDocument, part: int, value: object
) -> None:
    document = make_document()
    document[sorted(document)[part]] = value
    data = json.dumps(document).encode()
    try:
        brief = parse_brief(data, budget="warn")
    except InvalidBrief:
        return
    assert parse_brief(brief.to_bytes(), budget="warn") == brief
