"""Text fits the terminal by cells, and cutting says what it cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from overread_briefs import cells, clip, visible, wrap

SHOWN = st.text().map(visible)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("abc", 3),
        ("退款", 4),
        ("ｆｕｌｌ", 8),
        ("e\u0301", 1),
        ("\u1112\u1161\u11ab", 2),
        ("⟪ESC⟫", 5),
        ("☰", 2),
        ("", 0),
    ],
)
def test_cells(text: str, width: int) -> None:
    assert cells(text) == width


def test_cells_agree_with_the_terminal_library_on_every_character() -> None:
    """Only a lone skin tone differs: drawn by itself it is a coloured square of two cells."""
    shown = [char for char in map(chr, range(0x20, 0x30000)) if visible(char) == char]
    differing = {char for char in shown if cells(char) != cell_len(char)}
    assert differing == {chr(point) for point in range(0x1F3FB, 0x1F400)}


def test_clip_says_how_much_is_missing() -> None:
    text = "delivered " * 1234
    clipped = clip(text, 40)
    assert clipped == "delivered delivered deliv… +12,315 chars"
    assert len(clipped) == 40


def test_clip_leaves_alone_what_fits() -> None:
    assert clip("退款 now", 8) == "退款 now"


def test_clip_never_cuts_a_mark_or_a_combined_letter() -> None:
    assert clip("ab⟪U+0301×42⟫" + "c" * 30, 20) == "ab… +41 chars"
    assert clip("e\u0301" * 30, 13) == "e\u0301" * 2 + "… +56 chars"


@pytest.mark.parametrize(("width", "clipped"), [(11, "…"), (1, "…"), (0, "")])
def test_clip_in_a_narrow_place(width: int, clipped: str) -> None:
    assert clip("x" * 500, width) == clipped


@given(SHOWN, st.integers(0, 60))
def test_clip_always_fits_and_always_tells(text: str, width: int) -> None:
    clipped = clip(text, width)
    assert cells(clipped) <= width
    kept, ending, count = clipped.rpartition("… +")
    if clipped != text and ending:
        assert text.startswith(kept)
        assert len(text) - len(kept) == int(count.removesuffix(" chars").replace(",", ""))


def test_wrap_breaks_at_spaces_and_only_then_inside_words() -> None:
    assert wrap("Refund $420.00 on order A-1009?", 14) == ("Refund $420.00", "on order", "A-1009?")
    assert wrap("a 退款退款退款 b", 6) == ("a", "退款退", "款退款", "b")
    assert wrap("", 10) == ()


def test_a_mark_wider_than_the_line_is_broken() -> None:
    assert wrap("a⟪U+0301×42⟫", 6) == ("a⟪U+03", "01×42⟫")


@given(SHOWN, st.integers(2, 80))
def test_wrapped_lines_fit_and_hold_all_the_text(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(0 < cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
