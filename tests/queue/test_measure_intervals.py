"""Intervals against closed forms, and against every sample there can be."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overread_queue.measure.intervals import Interval, paired_change, wilson

Z = NormalDist().inv_cdf(0.975)


def test_with_nothing_seen_everything_is_possible() -> None:
    assert wilson(0, 0)[::2] == (0.0, 1.0)
    assert math.isnan(wilson(0, 0).estimate)
    assert paired_change(0, 0, 0)[::2] == (-1.0, 1.0)


def test_at_the_ends_it_has_a_closed_form() -> None:
    for total in (1, 10, 300):
        assert wilson(0, total).high == pytest.approx(Z**2 / (total + Z**2))
        assert wilson(total, total).low == pytest.approx(total / (total + Z**2))
        assert (wilson(0, total).low, wilson(total, total).high) == (0.0, 1.0)


def test_a_known_figure() -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263."""
    low, share, high = wilson(81, 263)
    assert (round(low, 4), round(share, 4), round(high, 4)) == (0.2553, 0.3080, 0.3662)


@given(st.integers(1, 400), st.data())
def test_its_bounds_solve_the_score_equation(total: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, total))
    for bound in wilson(count, total)[::2]:
        if 0 < bound < 1:
            score = abs(count / total - bound) / math.sqrt(bound * (1 - bound) / total)
            assert score == pytest.approx(Z, rel=1e-6)


def test_it_covers_about_as_often_as_it_says() -> None:
    total = 60
    covered = []
    for rate in (0.05, 0.1, 0.3, 0.5):
        hits = (k for k in range(total + 1) if _holds(wilson(k, total), rate))
        covered.append(sum(math.comb(total, k) * rate**k * (1 - rate) ** (total - k) for k in hits))
    assert min(covered) > 0.92
    assert sum(covered) / len(covered) > 0.94


def test_the_change_of_a_share_covers_too() -> None:
    total, up, down = 40, 0.2, 0.1
    covered = 0.0
    for gained in range(total + 1):
        for lost in range(total + 1 - gained):
            ways = math.comb(total, gained) * math.comb(total - gained, lost)
            chance = ways * up**gained * down**lost * (1 - up - down) ** (total - gained - lost)
            covered += chance * _holds(paired_change(gained, lost, total), up - down)
    assert 0.93 < covered < 0.98


def test_a_change_in_one_direction_only_is_the_share_itself() -> None:
    gained, alone = paired_change(12, 0, 80), wilson(12, 80)
    assert gained.estimate == alone.estimate
    assert gained.high == pytest.approx(alone.high)
    assert gained.low < alone.low


@given(st.integers(0, 30), st.integers(0, 30), st.integers(60, 90))
def test_turned_round_it_is_the_same_change(gained: int, lost: int, total: int) -> None:
    here, back = paired_change(gained, lost, total), paired_change(lost, gained, total)
    assert here.low == pytest.approx(-back.high)
    assert here.estimate == pytest.approx(-back.estimate)


@pytest.mark.parametrize("numbers", [(3, 2), (-1, 5)])
def test_what_is_no_share_is_refused(numbers: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(*numbers)


def test_other_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit into 5"):
        paired_change(3, 3, 5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(1, 2, level=95)


def _holds(interval: Interval, value: float) -> bool:
    return interval.low <= value <= interval.high
