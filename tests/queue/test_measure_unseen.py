"""Errors nobody caught: from two blind readers, and from errors that were sown."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overread_queue.measure.impossible import Impossible
from overread_queue.measure.unseen import Recapture, chapman, mills


def test_two_readers_found_24_and_missed_some_five() -> None:
    found = chapman(18, 15, 9)
    assert found is not None
    assert (found.found, round(found.total, 1)) == (24, 29.4)
    assert round(math.sqrt(found.variance or 0), 1) == 3.9
    assert found.unseen == pytest.approx(5.4)


def test_it_finds_as_many_as_there_were_and_knows_how_surely() -> None:
    chance, real = random.Random(4), 60
    trials = [_two_readers(chance, real) for _ in range(600)]
    mean = sum(one.total for one in trials) / len(trials)
    spread = sum((one.total - mean) ** 2 for one in trials) / len(trials)
    claimed = sum(one.variance or 0 for one in trials) / len(trials)
    assert mean == pytest.approx(real, rel=0.02)
    assert claimed == pytest.approx(spread, rel=0.3)


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_there_were_never_fewer_than_were_found(
    first: int, second: int, data: st.DataObject
) -> None:
    both = data.draw(st.integers(0, min(first, second)))
    found = chapman(first, second, both)
    assert found is not None
    assert found.unseen >= -1e-9
    assert found.variance is None or found.variance > 0


def test_a_reader_who_found_nothing_is_no_witness() -> None:
    assert chapman(0, 0, 0) is None
    assert chapman(7, 0, 0) is None


def test_full_agreement_is_no_certainty() -> None:
    assert chapman(3, 3, 3) == Recapture(found=3, total=3.0, variance=None)


def test_30_found_at_a_hit_rate_of_three_quarters_are_40() -> None:
    low, total, high = mills(30, hits=45, probes=60) or (0, 0, 0)
    assert total == 40
    assert 30 < low < 40 < high < 60


def test_its_interval_covers_as_often_as_it_says() -> None:
    chance, real, covered = random.Random(9), 40, 0
    for _ in range(500):
        found = sum(chance.random() < 0.7 for _ in range(real))
        hits = sum(chance.random() < 0.7 for _ in range(60))
        low, _, high = mills(found, hits=hits, probes=60) or (0, 0, 0)
        covered += low <= real <= high
    assert 0.93 < covered / 500 < 0.99


def test_a_desk_that_finds_no_probe_says_nothing_about_real_errors() -> None:
    assert mills(5, hits=0, probes=30) is None
    assert mills(5, hits=0, probes=0) is None
    assert mills(0, hits=20, probes=30) is None


def test_all_probes_found_leaves_room_for_doubt() -> None:
    low, total, high = mills(10, hits=30, probes=30) or (0, 0, 0)
    assert (low, total) == (10, 10)
    assert high > 10


def test_nonsense_is_refused() -> None:
    with pytest.raises(Impossible, match="cannot share 4"):
        chapman(3, 5, 4)
    with pytest.raises(Impossible, match="cannot share -1"):
        chapman(3, 5, -1)
    with pytest.raises(Impossible, match="31 of 30"):
        mills(3, hits=31, probes=30)
    with pytest.raises(Impossible, match="-3 errors"):
        mills(-3, hits=3, probes=30)


def _two_readers(chance: random.Random, real: int) -> Recapture:
    first = [chance.random() < 0.7 for _ in range(real)]
    second = [chance.random() < 0.6 for _ in range(real)]
    found = chapman(sum(first), sum(second), sum(map(all, zip(first, second, strict=True))))
    assert found is not None
    return found
