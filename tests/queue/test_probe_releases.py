"""What is told of blind tests: whatever comes in, no arithmetic leads to a few of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations, product
from random import Random
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from overread_queue.probing.cuts import (
    ALL,
    FAMILIES,
    LEAST,
    LEAST_PEOPLE,
    REST,
    Figure,
    Outcome,
    Parts,
    People,
    due,
)

MUTATIONS = ("swapped_beneficiary", "unit_error", "missing_step")
TIER_OF = {"refund": "hard", "mail": "hard", "erase": "stop", "close": "stop"}


class Result(NamedTuple):
    """One result, with what no release may lead to."""

    outcome: Outcome
    person: int


class Told(NamedTuple):
    """One released figure, and the results that it rests on: one bit for each."""

    cut: str
    part: str
    figure: Figure
    rests_on: int


class Desk:
    """Releases as a desk would: after each session, from all results so far."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self.before: dict[str, Parts] = {}
        self.told_at: dict[str, int] = {}
        """By cut: how many results there were when it last was told."""
        self.releases: list[list[Told]] = []

    def session(self, results: Sequence[Result]) -> None:
        self.results += results
        outcomes = [one.outcome for one in self.results]
        fresh = due(outcomes, self.before, People(self.crowd, self.lately))
        self.before |= fresh
        self.told_at |= dict.fromkeys(fresh, len(self.results))
        if fresh:
            self.releases.append([*self.told(fresh)])

    def crowd(self, cut: str) -> int:
        return crowd(self.results, cut)

    def lately(self, cut: str) -> int:
        return crowd(self.results[self.told_at.get(cut.partition(":")[0], 0) :], cut)

    def numbers(self, wanted: Callable[[Result], bool]) -> int:
        return sum(1 << n for n, one in enumerate(self.results) if wanted(one))

    def told(self, fresh: dict[str, Parts]) -> list[Told]:
        found = []
        for cut, parts in fresh.items():
            for part, figure in parts.items():
                rests_on = self.numbers(partial(within, cut=cut, part=part, parts=parts))
                found.append(Told(cut, part, figure, rests_on))
        return found


def crowd(results: Sequence[Result], cut: str) -> int:
    family, _, value = cut.partition(":")
    return len({one.person for one in results if family == ALL or at(one, family) == value})


def at(result: Result, family: str) -> str:
    value = getattr(result.outcome, family)
    assert isinstance(value, str)
    return value


def by(person: int, one: Result) -> bool:
    return one.person == person


def within(one: Result, *, cut: str, part: str, parts: Parts) -> bool:
    if cut == ALL:
        return True
    value = at(one, cut)
    return value == part or (part == REST and value not in parts)


def result(mutation: str, action: str, person: int, *, caught: bool = True) -> Result:
    return Result(Outcome(mutation, TIER_OF[action], action, caught), person)


def many(
    n: int, mutation: str = "unit_error", action: str = "refund", people: int = 6
) -> list[Result]:
    return [result(mutation, action, person % people) for person in range(n)]


# -- examples


def test_nothing_is_told_before_thirty_results_of_five_people() -> None:
    desk = Desk()
    desk.session(many(29))
    assert desk.releases == []
    desk.session(many(1))
    assert [(one.cut, one.figure) for one in desk.releases[0]] == [(ALL, Figure(30, 30))]
    small = Desk()
    small.session(many(300, people=4))
    assert small.releases == []


def test_what_was_told_stands_until_thirty_more_of_five_people_have_come() -> None:
    desk = Desk()
    desk.session(many(30))
    desk.session(many(29))
    assert len(desk.releases) == 1
    desk.session(many(1))
    assert [release[0].figure.n for release in desk.releases] == [30, 60]


def test_what_four_people_add_waits_for_the_fifth() -> None:
    """Subtracted from the next figure, it would be a figure of four."""
    desk = Desk()
    desk.session(many(60))
    desk.session(many(90, people=4))
    assert len(desk.releases) == 1
    desk.session([result("unit_error", "refund", person=4)])
    assert [release[0].figure.n for release in desk.releases] == [60, 151]


def test_parts_are_told_where_each_of_them_is_large_enough() -> None:
    desk = Desk()
    desk.session(many(30, "unit_error") + many(31, "missing_step"))
    assert {one.part: one.figure.n for one in desk.releases[0] if one.cut == "mutation"} == {
        "missing_step": 31,
        "unit_error": 30,
    }


def test_what_is_too_small_hides_in_the_rest_and_a_rest_that_is_too_small_hides_the_cut() -> None:
    merged, hidden = Desk(), Desk()
    merged.session(
        many(60, "unit_error") + many(18, "missing_step") + many(18, "swapped_beneficiary")
    )
    assert [one.part for one in merged.releases[0] if one.cut == "mutation"] == [REST, "unit_error"]
    hidden.session(many(60, "unit_error") + many(18, "missing_step"))
    assert {one.cut for one in hidden.releases[0]} == {ALL}


def test_a_part_of_few_people_is_no_part() -> None:
    desk = Desk()
    desk.session(many(60, "unit_error") + many(60, "missing_step", people=4))
    assert {one.cut for one in desk.releases[0]} == {ALL}


def test_a_cut_that_would_move_by_a_few_waits_and_the_whole_goes_on() -> None:
    desk = Desk()
    desk.session(many(40, "unit_error") + many(40, "missing_step"))
    desk.session(many(32, "unit_error") + many(3, "missing_step"))
    assert {one.cut for one in desk.releases[1]} == {ALL}
    desk.session(many(3, "unit_error") + many(27, "missing_step"))
    assert {one.part: one.figure.n for one in desk.releases[2] if one.cut == "mutation"} == {
        "missing_step": 70,
        "unit_error": 75,
    }


def test_a_cut_that_another_one_could_be_subtracted_from_is_not_told() -> None:
    """`hard` less `refund` would be the seven of `mail`."""
    desk = Desk()
    desk.session(
        many(60, action="refund")
        + many(7, action="mail")
        + many(60, action="erase")
        + many(30, action="close")
    )
    assert {one.cut for one in desk.releases[0]} == {ALL, "tier"}


# -- whatever comes


def shuffled(seed: int, people: int, skew: int) -> list[list[Result]]:
    """Sessions of a few results, some kinds and some people rarer than others."""
    random = Random(seed)
    weights = [skew**-rank for rank in range(4)]
    sessions = []
    for _ in range(random.randrange(40, 120)):
        person = min(random.randrange(people), random.randrange(people))
        sessions.append(
            [
                result(
                    random.choices(MUTATIONS, weights[:3])[0],
                    random.choices([*TIER_OF], weights)[0],
                    person,
                    caught=random.random() < 0.7,
                )
                for _ in range(random.randrange(1, 16))
            ]
        )
    return sessions


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.integers(4, 9), st.sampled_from([1, 2, 3]))
def test_no_arithmetic_leads_to_a_few(seed: int, people: int, skew: int) -> None:
    desk = Desk()
    for session in shuffled(seed, people, skew):
        desk.session(session)
    crowd = [desk.numbers(partial(by, who)) for who in range(people)]
    for release in desk.releases:
        for told in release:
            assert told.figure.n == told.rests_on.bit_count()
            assert_enough(told.rests_on, crowd)
        assert_nothing_small(release, crowd)
    for earlier, later in combinations(desk.releases, 2):
        assert_steps(earlier, later, crowd)


def assert_enough(group: int, people: list[int]) -> None:
    assert group.bit_count() >= LEAST
    assert sum(1 for one in people if one & group) >= LEAST_PEOPLE


def assert_nothing_small(release: list[Told], people: list[int]) -> None:
    """Sums of parts, one of each cut, added to and subtracted from each other: wherever each result
    is counted once or not at all, that group is large enough."""
    whole = release[0].rests_on
    for a, b, c in product(*(sums(release, cut) for cut in FAMILIES)):
        odd, pairs = a ^ b ^ c, a & b | a & c | b & c
        layers = [whole & ~(a | b | c), odd & ~pairs, pairs & ~odd, pairs & odd]
        used = [depth for depth, group in enumerate(layers) if group]
        if len(used) == 2 and used[1] - used[0] == 1:
            for depth in used:
                assert_enough(layers[depth], people)


def assert_steps(earlier: list[Told], later: list[Told], people: list[int]) -> None:
    """Sums of parts of any cut, less sums that were told before: enough for a figure, or none."""
    cuts = (ALL, *FAMILIES)
    before, after = ({s for cut in cuts for s in sums(one, cut)} for one in (earlier, later))
    for old, new in product(before, after):
        if old & ~new == 0 and new != old:
            assert_enough(new & ~old, people)


def sums(release: list[Told], cut: str) -> list[int]:
    found = [0]
    for one in release:
        if one.cut == cut:
            found += [each | one.rests_on for each in found]
    return found


def test_a_busy_desk_hears_of_every_cut_in_the_end() -> None:
    desk = Desk()
    for seed in range(3):
        for session in shuffled(seed, 9, 2):
            desk.session(session)
    assert {one.cut for release in desk.releases for one in release} == {ALL, *FAMILIES}
