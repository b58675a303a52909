"""A policy may ask for less than by default, and then it is said what that gives up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overread_queue.friction.relaxed import alone, relaxed
from overread_queue.policy.settings import IMPACTS, Friction
from overread_queue.states import Tier
from policy_factory import policy, table

OFF = {
    "floor_hard": "0s",
    "floor_irreversible": "0s",
    "read_contradictions": False,
    "withhold_from": "never",
    "withhold_fraction": 0.0,
    "challenge_from": "never",
    "challenge_least": 0,
    "dual_fraction": 0.0,
    "probe_fraction": 0.0,
}
WEAKER = {
    "floor_hard": "10s",
    "floor_irreversible": "30s",
    "words_per_minute": 600,
    "withhold_from": "critical",
    "withhold_fraction": 0.05,
    "challenge_from": "critical",
    "challenge_least": 10,
    "dual_fraction": 0.01,
    "probe_fraction": 0.01,
    "session_longest": "2h",
    "break_after": "1h",
}
STRICTER = {
    "floor_soft": "5s",
    "floor_hard": "30s",
    "words_per_minute": 200,
    "withhold_from": "low",
    "withhold_fraction": 0.5,
    "challenge_from": "medium",
    "session_longest": "20m",
}


def test_the_defaults_leave_nothing_to_say() -> None:
    assert relaxed(Friction()) == ()
    assert relaxed(Friction(**STRICTER)) == ()


@pytest.mark.parametrize("setting", OFF)
def test_each_control_that_is_off_is_said_alone(setting: str) -> None:
    (note,) = relaxed(Friction(**{setting: OFF[setting]}))
    assert note.startswith(f"friction.{setting}: ")
    assert "instead of" not in note


@pytest.mark.parametrize("setting", WEAKER)
def test_each_weaker_control_is_said_with_both_values(setting: str) -> None:
    (note,) = relaxed(Friction(**{setting: WEAKER[setting]}))
    assert note.startswith(f"friction.{setting}: ")
    assert "instead of" in note


def test_it_says_what_is_given_up() -> None:
    notes = relaxed(Friction(floor_irreversible="0s", floor_hard="10s", challenge_from="never"))
    assert notes == (
        "friction.floor_hard: hard approvals open after 10 s instead of 20 s",
        "friction.floor_irreversible: approvals of irreversible actions have no minimum time",
        "friction.challenge_from: no approval has to name its weakest point",
    )


SETTINGS = {
    "floor_soft": st.integers(0, 99).map("{}s".format),
    "floor_hard": st.integers(0, 99).map("{}s".format),
    "floor_irreversible": st.integers(0, 99).map("{}s".format),
    "words_per_minute": st.integers(100, 600),
    "read_contradictions": st.booleans(),
    "withhold_from": st.sampled_from([*IMPACTS, "never"]),
    "withhold_fraction": st.floats(0, 1),
    "challenge_from": st.sampled_from([*IMPACTS, "never"]),
    "challenge_least": st.integers(0, 300),
    "dual_fraction": st.floats(0, 1),
    "probe_fraction": st.floats(0, 0.05),
    "session_items": st.integers(1, 99),
    "session_minutes": st.floats(1, 99),
    "session_longest": st.integers(1, 99).map("{}m".format),
    "break_after": st.integers(1, 99).map("{}m".format),
    "break_for": st.integers(1, 99).map("{}m".format),
}
anything = st.fixed_dictionaries({}, optional=SETTINGS)


def test_that_list_has_every_setting() -> None:
    assert SETTINGS.keys() == Friction.model_fields.keys()


@given(anything)
def test_any_policy_can_be_spoken_about(settings: dict[str, object]) -> None:
    notes = relaxed(Friction(**settings))
    assert len(notes) <= len(settings)
    assert all(not note.endswith(": ") for note in notes)


def test_two_people_are_asked_for_where_there_is_one() -> None:
    asks = policy(table(governance={"credit": {"hard_approval": {"dual": True}}}))
    role = asks.duty("credit", Tier.HARD_APPROVAL).role
    assert alone(asks, {role: 2}) == ()
    (one,) = alone(asks, {role: 1})
    assert one == (
        f'governance."credit".hard_approval: asks for two people, and 1 of this desk\'s '
        f"reviewers holds the role {role!r}"
    )
    assert "nobody of this desk's reviewers" in alone(asks, {})[0]
