"""Many action types at once: rates that borrow strength, and tests that know how many they are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from overread_queue.measure.impossible import Impossible
from overread_queue.measure.shrinkage import Pool, benjamini_hochberg, pool

counts = st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_types_that_differ_by_chance_alone_get_one_rate() -> None:
    alike = pool([(10, 100), (11, 100), (9, 100)])
    assert alike == Pool(mean=0.1, correlation=0.0)
    assert alike.shrunk(0, 3) == pytest.approx(0.1)


def test_types_that_have_nothing_in_common_keep_their_own() -> None:
    apart = pool([(0, 100), (100, 100)])
    assert apart == Pool(mean=0.5, correlation=1.0)
    assert apart.shrunk(1, 4) == 0.25


def test_few_cases_move_far_and_many_hardly() -> None:
    found = pool([(1, 2), (30, 1000), (100, 1000), (200, 1000)])
    assert found is not None
    assert 0.1 < found.shrunk(1, 2) < 0.2
    assert found.shrunk(200, 1000) == pytest.approx(0.2, abs=0.01)
    assert found.shrunk(0, 0) == found.mean


def test_it_finds_the_prior_that_made_the_rates() -> None:
    prior = stats.beta(2, 18)
    rates = prior.rvs(size=800, random_state=1)
    seen = stats.binom.rvs(50, rates, random_state=2)
    found = pool((int(count), 50) for count in seen)
    assert found is not None
    assert found.mean == pytest.approx(0.1, abs=0.01)
    assert found.correlation == pytest.approx(1 / 21, rel=0.2)
    posterior = (seen[0] + 2) / (50 + 20)
    assert found.shrunk(int(seen[0]), 50) == pytest.approx(posterior, abs=0.015)


@settings(deadline=None)
@given(st.lists(counts, max_size=12))
def test_a_shrunk_rate_lies_between_its_own_and_the_common_one(
    types: list[tuple[int, int]],
) -> None:
    found = pool(types)
    for count, total in types if found else []:
        own = count / total if total else found.mean
        low, high = sorted((own, found.mean))
        assert low - 1e-12 <= found.shrunk(count, total) <= high + 1e-12


@pytest.mark.parametrize("types", [[], [(3, 10)], [(3, 10), (0, 0)], [(1, 1), (0, 1)]])
def test_what_cannot_be_compared_is_not(types: list[tuple[int, int]]) -> None:
    assert pool(types) is None


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_statsmodels_adjusts_alike(p_values: list[float]) -> None:
    expected = multipletests(p_values, method="fdr_bh")[1]
    assert benjamini_hochberg(p_values) == pytest.approx(list(expected))


def test_nothing_asked_nothing_answered() -> None:
    assert benjamini_hochberg([]) == ()


def test_nonsense_is_refused() -> None:
    with pytest.raises(Impossible, match="3 of 2"):
        pool([(1, 4), (3, 2)])
    with pytest.raises(Impossible, match="p-value"):
        benjamini_hochberg([0.2, float("nan")])
