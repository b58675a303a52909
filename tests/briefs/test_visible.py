"""Text from outside reaches people with everything hidden made visible, and nothing lost."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overread_briefs import invisible, visible
from overread_briefs.errors import UnknownMark

EVERY_CHARACTER = [chr(point) for point in range(sys.maxunicode + 1)]

HOSTILE = {
    "a cursor move": ("ok\x1b[2J\x1b[H", "ok⟪ESC⟫[2J⟪ESC⟫[H"),
    "a title, set by OSC": ("\x1b]0;root\x07", "⟪ESC⟫]0;root⟪BEL⟫"),
    "a C1 control sequence": ("\x9b31m", "⟪CSI⟫31m"),
    "an overwritten line": ("reject\rapprove", "reject⟪CR⟫approve"),
    "a second line": ("one\ntwo", "one⟪LF⟫two"),
    "a tab": ("a\tb", "a⟪TAB⟫b"),
    "reversed text": ("file\u202excod.exe", "file⟪RLO⟫xcod.exe"),
    "a zero-width space": ("pay\u200bpal", "pay⟪ZWSP⟫pal"),
    "smuggled tags": ("hi\U000e0041\U000e0042", "hi⟪TAG:41⟫⟪TAG:42⟫"),
    "a variation selector": ("a\ufe0f", "a⟪U+FE0F⟫"),
    "a later variation selector": ("a\U000e0100", "a⟪U+E0100⟫"),
    "a no-break space": ("a\u00a0b", "a⟪NBSP⟫b"),
    "an ideographic space": ("a\u3000b", "a⟪U+3000⟫b"),
    "a braille blank": ("\u2800", "⟪U+2800⟫"),
    "a Hangul filler": ("\u3164", "⟪U+3164⟫"),
    "a grapheme joiner": ("a\u034f", "a⟪CGJ⟫"),
    "private use": ("\ue000\U0010fffd", "⟪U+E000⟫⟪U+10FFFD⟫"),
    "a lone surrogate": ("\ud800", "⟪U+D800⟫"),
    "an unassigned character": ("\uffff", "⟪U+FFFF⟫"),
    "line and paragraph separators": ("\u2028\u2029", "⟪LS⟫⟪PS⟫"),
    "a run": ("\x00" * 46, "⟪NUL×46⟫"),
    "two runs": ("\x00\x00\x01\x01\x01", "⟪NUL×2⟫⟪SOH×3⟫"),
    "an imitated mark": ("⟪ESC⟫", "⟪U+27EA⟫ESC⟫"),
    "stacked combining marks": ("e" + "\u0301" * 46, "e" + "\u0301" * 4 + "⟪U+0301×42⟫"),
    "a combining mark on nothing": ("\u0301a", "⟪U+0301⟫a"),
    "a combining mark on a space": ("a \u0301", "a ⟪U+0301⟫"),
    "a combining mark on a mark": ("\x1b\u0301", "⟪ESC⟫⟪U+0301⟫"),
    "letters that draw onto a space": (" \u1161", " ⟪U+1161⟫"),
}

# Unicode's own abbreviations, which its database knows; the three others are ours.
NAMES = """
    NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN SUB
    ESC FS GS RS US DEL NEL CSI OSC NBSP SHY CGJ ALM ZWSP ZWNJ ZWJ LRM RLM LRE RLE PDF LRO RLO NNBSP
    WJ LRI RLI FSI PDI BOM
"""
NAMED = {name: unicodedata.lookup(name) for name in NAMES.split()} | {
    "EM": unicodedata.lookup("EOM"),
    "LS": unicodedata.lookup("LINE SEPARATOR"),
    "PS": unicodedata.lookup("PARAGRAPH SEPARATOR"),
}

HARMLESS = [
    "Refund $420.00 on order A-1009?",
    "Größe, naïve, façade, Łódź: “quoted” – 5 € … ✓ ✗ ⚠",
    "re\u0301sume\u0301 and Vi\u1ec7t, also decomposed: e\u0323\u0302",
    "Привет, Γειά, שלום, مرحبا, नमस्ते, สวัสดี",
    "退款申请 返金しますか 환불할까요 \u1112\u1161\u11ab",
    "\N{PERSON WITH FOLDED HANDS}\N{PARTY POPPER}",
    "",
]


@pytest.mark.parametrize(("text", "shown"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_hidden_becomes_a_mark(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert invisible(shown) == text


@pytest.mark.parametrize(("name", "char"), NAMED.items())
def test_what_has_a_name_is_called_by_it(name: str, char: str) -> None:
    assert visible(char) == f"⟪{name}⟫"
    assert invisible(f"⟪{name}×2⟫") == char * 2


@pytest.mark.parametrize("text", HARMLESS)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_line_feeds_stay_only_where_lines_are_wanted() -> None:
    assert visible("one\n\ntwo\r\n", multiline=True) == "one\n\ntwo⟪CR⟫\n"
    assert visible("one\n\ntwo") == "one⟪LF×2⟫two"
    assert visible("a\n\u0301", multiline=True) == "a\n⟪U+0301⟫"


def _is_safe(char: str) -> bool:
    return char == " " or unicodedata.category(char)[0] not in "CZ"


def test_every_character_there_is_comes_out_safe_and_comes_back() -> None:
    text = "a".join(EVERY_CHARACTER)
    shown = visible(text)
    assert all(map(_is_safe, set(shown)))
    assert invisible(shown) == text


@pytest.mark.parametrize(
    "before",
    ["\u0301", "⟪", *(pytest.param(one, marks=pytest.mark.soak) for one in ("", " ", "界"))],
    ids=ascii,
)
def test_every_assigned_character_is_safe_in_every_neighbourhood(before: str) -> None:
    assigned = [char for char in EVERY_CHARACTER if unicodedata.category(char) not in {"Cn", "Co"}]
    text = "".join(f"{before}{char}{char}" for char in assigned)
    shown = visible(text)
    assert all(map(_is_safe, set(shown)))
    assert invisible(shown) == text


MIXED_TEXT = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("ab \n⟪⟫×:+U\u0301\u0327\x1b\u202e\u200d\u1161\ufe0f\U000e0041\ud800"),
    )
)


@given(MIXED_TEXT, st.booleans())
def test_nothing_is_lost_and_nothing_is_unsafe(text: str, multiline: bool) -> None:
    shown = visible(text, multiline=multiline)
    assert invisible(shown) == text
    assert all(_is_safe(char) or (multiline and char == "\n") for char in shown)


@given(MIXED_TEXT, MIXED_TEXT)
def test_two_texts_never_look_alike_because_of_marks(one: str, other: str) -> None:
    assert (visible(one) == visible(other)) == (one == other)


@given(MIXED_TEXT)
def test_no_more_than_four_marks_on_one_letter(text: str) -> None:
    stack = 0
    for char in visible(text):
        stack = stack + 1 if unicodedata.category(char)[0] == "M" else 0
        assert stack <= 4


@pytest.mark.parametrize(
    "forged", ["⟪", "⟪⟫", "⟪ESC", "⟪NOPE⟫", "⟪U+110000⟫", "⟪ESC×0⟫", "⟪ESC×99999999999⟫", "⟪esc⟫"]
)
def test_marks_that_were_never_written_are_refused(forged: str) -> None:
    with pytest.raises(UnknownMark, match="is not a mark"):
        invisible(f"before {forged}")
