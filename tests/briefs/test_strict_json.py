"""JSON that two readers could understand differently is refused, and told what to do."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overread_briefs import BadJson, TooLarge, jcs, strict_loads

REFUSED = {
    "two values for one key": (b'{"amount": 1, "amount": 1000000}', "appears twice"),
    "a key twice, once escaped": (b'{"a": 1, "\\u0061": 2}', "appears twice"),
    "a key twice, deep inside": (b'{"x": [{"a": {"b": 1, "b": 1}}]}', "'b' appears twice"),
    "NaN": (b'{"risk": NaN}', "NaN is not a JSON number"),
    "Infinity": (b"[Infinity]", "Infinity is not a JSON number"),
    "-Infinity": (b"[-Infinity]", "-Infinity is not a JSON number"),
    "a number that overflows": (b"[1e400]", "too large for a double"),
    "an integer that loses digits": (b"[9007199254740993]", "pass it as a string"),
    "a negative one": (b"[-9007199254740992]", "pass it as a string"),
    "an integer of five thousand digits": (b"1" * 5000, "pass it as a string"),
    "nesting beyond 32": (b"[" * 33 + b"]" * 33, "deeper than 32"),
    "nesting that would exhaust a stack": (b"[" * 200_000, "deeper than 32"),
    "mixed nesting": (b'{"a":[' * 17 + b"]}" * 17, "deeper than 32"),
    "invalid UTF-8": (b'{"a": "\xff"}', "Byte 7 is not UTF-8"),
    "an encoded surrogate": (b'"\xed\xa0\x80"', "is not UTF-8"),
    "half a surrogate pair": (b'["\\ud83d"]', "half a surrogate pair"),
    "half a pair in a key": (b'{"\\uDE00": 1}', "half a surrogate pair"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "byte order mark"),
    "UTF-16": ("{}".encode("utf-16"), "is not UTF-8"),
    "something after the end": (b"{} {}", "It is not JSON: Extra data at line 1, column 4"),
    "nothing at all": (b"", "It is not JSON"),
    "a trailing comma": (b"[1,]", "It is not JSON"),
    "an unterminated string": (b'["abc', "It is not JSON"),
    "a control character in a string": (b'"\x1b"', "It is not JSON"),
    "Python's own words": (b"[True]", "It is not JSON"),
}


@pytest.mark.parametrize(("data", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(data: bytes, sentence: str) -> None:
    with pytest.raises(BadJson) as refusal:
        strict_loads(data)
    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith(".")


def test_refuses_by_size_before_it_reads_anything() -> None:
    not_even_json = b"\xff" * 50_000_000
    with pytest.raises(TooLarge) as refusal:
        strict_loads(not_even_json)
    assert "50,000,000 bytes, 1,048,576 at most" in str(refusal.value)


def test_the_limit_itself_is_accepted() -> None:
    assert strict_loads(b"[1]", max_bytes=3) == [1]
    with pytest.raises(TooLarge):
        strict_loads(b"[10]", max_bytes=3)


def test_accepts_32_levels_and_brackets_in_strings() -> None:
    deepest = b"[" * 32 + b"]" * 32
    assert json.dumps(strict_loads(deepest)).encode() == deepest
    assert strict_loads(b'["' + b"[{" * 500 + b'", "\\"[[[["]') == ["[{" * 500, '"[[[[']


def test_escapes_do_not_hide_where_a_string_ends() -> None:
    escaped_quote = b'["\\\\\\"' + b"[" * 40 + b'"]'
    assert strict_loads(escaped_quote) == ['\\"' + "[" * 40]
    escaped_backslash = b'["\\\\",' + b"[" * 32 + b"]" * 33
    with pytest.raises(BadJson, match="deeper than 32"):
        strict_loads(escaped_backslash)


def test_accepts_a_whole_surrogate_pair_and_the_largest_integers() -> None:
    assert strict_loads(b'"\\ud83d\\ude00"') == "\N{GRINNING FACE}"
    assert strict_loads(b"[9007199254740991, -9007199254740991]") == [2**53 - 1, 1 - 2**53]


def test_many_keys_with_one_pair_alike_are_refused_without_quadratic_work() -> None:
    keys = [f'"k{number}":0' for number in range(60_000)]
    data = "{" + ",".join([*keys, '"k59999":1']) + "}"
    with pytest.raises(BadJson, match="'k59999' appears twice"):
        strict_loads(data.encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_by_name(data: bytes) -> None:
    try:
        value = strict_loads(data)
    except BadJson:
        return
    assert json.loads(data) == value


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_reads_what_other_writers_write_and_can_always_digest_it(value: object) -> None:
    read = strict_loads(json.dumps(value).encode())
    assert read == value
    assert json.loads(jcs(read), parse_int=float) == value
