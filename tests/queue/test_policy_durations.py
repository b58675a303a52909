"""Lengths of time as people write them."""

import pytest

from overread_queue.policy.durations import seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [("10s", 10), ("30m", 1800), ("4h", 14_400), ("7d", 604_800), ("0s", 0), ("90m", 5400)],
)
def test_a_number_and_a_unit(text: str, expected: int) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "10", "s", "10 s", "-5m", "1.5h", "4H", "010s", "10s ", "1h30m", "1e3s", "٣m", 10, None],
)
def test_anything_else_is_told_how_to_write_it(text: object) -> None:
    with pytest.raises(ValueError, match='such as "30m"'):
        seconds(text)
