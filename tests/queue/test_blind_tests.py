"""A blind test among real work: like it to reviewers, and near no agent."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from blind import arrived, closed, get, live, made
from factories import House, house
from journey import assert_chain_whole
from overread_queue.ground import Ground
from overread_queue.store.probes import ResultRow

HOUR = 3600


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


def results(here: House) -> list[ResultRow]:
    with closing(Ground(here.places, here.clock)) as ground, ground.store.read() as tx:
        return tx.probes.results()


def test_a_reviewer_decides_on_it_as_on_real_work_and_only_the_result_stays(here: House) -> None:
    probe = made(here, closed(here))
    test, real = arrived(here)
    with here.desk() as ana:
        session = ana.start_session()
        assert {item.id for item in session.items} == {test, real.id}
        receipt = ana.decide(ana.open(test), option="reject", reason="it was cents")
        assert (receipt.state, receipt.verdict) == ("recorded", "reject")
        summary = ana.end_session(session)
    assert summary.tests == 1
    assert summary.verdicts == {"reject": 1}
    (result,) = results(here)
    assert (result.sort, result.mutation, result.answer, result.caught) == (
        "wrong",
        "unit_error",
        "reject",
        1,
    )
    assert (live(here), get(here, probe).escalation) == ([], None)
    assert_chain_whole(here.path)
