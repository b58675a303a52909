"""A clock that was wrong for a while hides nothing once it is right again."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import POLICY, House, brief, house
from journey import pass_time, pick_up


@pytest.fixture
def here(tmp_path: Path) -> House:
    return house(tmp_path)


def test_a_clock_that_jumps_back_hides_nothing(here: House) -> None:
    """What came while the clock was wrong can be claimed, also what waits for company."""
    with here.agent() as queue, here.desk() as ana:
        pass_time(here, 86_400)
        ticket = queue.submit(brief())
        pass_time(here, -86_400)
        assert ana.waiting_ids() == (ticket.id,)
        assert ana.overview().ready == 1
        ana.decide(pick_up(ana, ticket), option="reject", reason="no")
        assert queue.wait(ticket, timeout=0)


def test_what_was_moved_on_while_the_clock_was_wrong_is_not_hidden(here: House) -> None:
    with here.agent() as queue, here.desk() as ana:
        ticket = queue.submit(brief())
        pass_time(here, 86_400)
        ana.sweep()
        pass_time(here, -80_000)
    with here.desk("sam") as sam:
        assert sam.waiting_ids() == (ticket.id,)
        handed = sam.claim(ticket.id)
        pass_time(here, 3600)
        sam.hand_on(handed, reason="above me")
        pass_time(here, -3600)
    with here.desk("olga") as olga:
        assert olga.waiting_ids() == (ticket.id,)


def test_waiting_for_company_is_still_waiting(tmp_path: Path) -> None:
    """The rule for a wrong clock changes nothing for a right one."""
    patient = POLICY.replace('sla = "4h"', 'sla = "4h"\nlatency_tolerance = "3h"')
    here = house(tmp_path, policy=patient)
    with here.agent() as queue, here.desk() as ana:
        ticket = queue.submit(brief().model_copy(update={"latency_tolerance": 100_000}))
        assert (ana.waiting_ids(), ana.overview().batching) == ((), 1)
        pass_time(here, 1800)
        assert (ana.waiting_ids(), ana.overview().batching) == ((ticket.id,), 0)
