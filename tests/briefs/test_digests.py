"""Digests that another language can recompute from the published rules."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable
from typing import Any

import pytest

from overread_briefs import (
    Action,
    NotCanonical,
    action_sha256,
    brief_sha256,
    event_sha256,
    jcs,
    parse_brief,
)

# RFC 8785, appendix B: the bits of a double, and its canonical text.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "text"), NUMBERS.items())
def test_numbers_as_in_the_rfc(bits: str, text: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert jcs(number) == text.encode()


def test_the_whole_example_of_the_rfc() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert jcs(value).decode() == (
        '{"literals":[null,true,false],'
        '"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_ordered_by_utf_16_as_in_the_rfc() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(jcs(dict.fromkeys(keys, 0)))) == ordered


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"cents": 2**53}, "pass it as a string"),
        ({"cents": 10**5000}, "pass it as a string|no canonical JSON form"),
        ([float("nan")], "NaN and Infinity"),
        ([float("-inf")], "NaN and Infinity"),
        (["\ud800"], "no canonical JSON form"),
        ({"\ud800": 1}, "half a surrogate pair"),
        ({1: "one"}, "no canonical JSON form"),
        ([b"bytes"], "no canonical JSON form"),
    ],
)
def test_values_without_a_canonical_form_are_refused(value: Any, sentence: str) -> None:
    with pytest.raises(NotCanonical, match=sentence):
        jcs(value)


def test_a_value_that_contains_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(NotCanonical, match="nests too deep"):
        jcs(endless)


def test_a_brief_is_bound_byte_for_byte() -> None:
    data = b'{"schema": "overread/brief/1"}'
    assert brief_sha256(data) == hashlib.sha256(b"overread.brief.v1\x00" + data).hexdigest()
    assert brief_sha256(data) != brief_sha256(data.replace(b": ", b":"))


def test_an_action_is_bound_by_what_would_be_executed() -> None:
    action = Action(type="payments.refund", parameters={"order": "A-1009", "amount": 420.0})
    canonical = b'{"parameters":{"amount":420,"order":"A-1009"},"type":"payments.refund"}'
    expected = hashlib.sha256(b"overread.action.v1\x00" + canonical).hexdigest()
    assert action_sha256(action) == expected

    described_otherwise = action.model_copy(update={"target": "A-1009"})
    assert action_sha256(described_otherwise) == expected
    dearer = action.model_copy(update={"parameters": {"order": "A-1009", "amount": 421}})
    assert action_sha256(dearer) != expected


def test_an_absent_parameter_is_not_a_null_parameter(
    make_document: Callable[..., dict[str, Any]],
) -> None:
    """What an agent says survives the trip: null parameters are part of the action."""
    document = make_document(action={"type": "mail.send", "parameters": {"cc": None}})
    brief = parse_brief(json.dumps(document).encode())
    assert parse_brief(brief.to_bytes()).action.parameters == {"cc": None}
    bare = Action(type="mail.send")
    assert action_sha256(brief.action) != action_sha256(bare)


def test_events_form_a_chain() -> None:
    first = event_sha256("0" * 64, {"kind": "submitted", "at": 1})
    second = event_sha256(first, {"kind": "claimed", "at": 2})
    body = b"overread.event.v1\x00" + first.encode() + b'{"at":2,"kind":"claimed"}'
    assert second == hashlib.sha256(body).hexdigest()
