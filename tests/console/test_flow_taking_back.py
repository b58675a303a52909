"""An approval that is taken back once its session is over."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import POLICY, house
from frictionless import with_friction
from overread_queue.errors import CapReached
from overread_queue.states import EscalationState
from review_desk import read_for, reviewing, state_of, submitted


def test_what_was_read_before_still_counts_and_the_item_stays_in_hand(tmp_path: Path) -> None:
    policy = with_friction(POLICY, floor_irreversible="45s", read_contradictions=True)
    here = house(tmp_path, policy=policy)
    ticket = submitted(here)
    with reviewing(here) as flow:
        flow.read(1)
        read_for(flow, here, 45)
        flow.choose("approve", token="A-1009")
        flow.end()
        flow.undo()
        assert flow.scene.lock == ""
        for _ in range(6):
            read_for(flow, here, 60)
        assert flow.scene.lost == ""
        flow.choose("approve", token="A-1009")
    assert state_of(here, ticket) is EscalationState.HELD


def test_at_a_limit_of_the_day_it_waits_again(tmp_path: Path) -> None:
    here = house(tmp_path, policy=POLICY + "\n[limits]\nday_items = 1\n")
    ticket = submitted(here)
    with reviewing(here) as flow:
        flow.choose("approve", token="A-1009")
        flow.end()
        with pytest.raises(CapReached):
            flow.undo()
    assert state_of(here, ticket) is EscalationState.WAITING
